"""Mail goes out through a table: written with its cause, sent afterwards, looked at in the product.

Every mail of Django and its libraries ends here, because `OutboxBackend` is the default mailer. Without a
provider (the mailer "provider" in settings) the row is the mailbox of the simulated outside world. With one, a
task sends the row and may be repeated: each row has its own Message-ID, so a receiver drops a second copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend

from fondaco.engine import clock, files, rows, sealing
from fondaco.engine.outbox_models import OutboxMail
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge

PROVIDER = "provider"
KEY_HEADER = "X-Fondaco-Key"
"""A header that a caller sets to make a mail happen once; it is taken off before the mail is written."""
SECRET_HEADER = "X-Fondaco-Secret"
"""A part of the text that the row holds sealed, and no longer once it was sent (`engine.sealing`). Taken off as well."""


OWN_HEADERS = frozenset({KEY_HEADER, SECRET_HEADER})


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes rows. In the caller's transaction: a rollback leaves no mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(1 for message in email_messages if message.recipients() and write(message))


def post(*, to: str, subject: str, text: str, key: str, secret: str = "") -> None:
    """Write one plain mail; the same `key` again writes nothing. Call it inside the transaction of its cause.

    `secret`, a part of `text` such as a link, is sealed in the row, and taken out of it when the mail was sent.
    """
    subject = " ".join(subject.split())  # a line break here would be a forged header
    headers = {KEY_HEADER: key} | ({SECRET_HEADER: secret} if secret else {})
    EmailMessage(subject=subject, body=text, to=[to], headers=headers).send()


def write(message: EmailMessage) -> OutboxMail | None:
    """The row of this mail, and the nudge to send it; None when its key has been written before."""
    headers = {name: str(value) for name, value in message.extra_headers.items() if name not in OWN_HEADERS}
    mail = OutboxMail(
        key=message.extra_headers.get(KEY_HEADER),
        state=OutboxMail.WAITING if PROVIDER in mailers else OutboxMail.KEPT,
        from_email=message.from_email,
        to=list(message.to),
        cc=list(message.cc),
        bcc=list(message.bcc),
        reply_to=list(message.reply_to),
        headers=headers,
        subject=str(message.subject),
        text=sealing.seal(str(message.body), message.extra_headers.get(SECRET_HEADER, "")),
        html=_html_of(message),
        attachments=[_kept(attachment) for attachment in message.attachments],
    )
    if not rows.insert_once(mail, by="key"):
        return None
    if mail.state == OutboxMail.WAITING:
        nudge(send_mail_row, str(mail.pk))
    return mail


@job(queue="fast")
def send_mail_row(mail_id: str) -> None:
    """Send one waiting mail through the provider. A mail that was sent is left alone."""
    mail = OutboxMail.objects.filter(pk=mail_id, state=OutboxMail.WAITING).first()
    if mail is None:
        return
    mailers[PROVIDER].send_messages([_message_of(mail)])
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=OutboxMail.SENT, sent_at=clock.now(), text=sealing.without_sealed(mail.text)
    )


@sweep
def send_waiting_mails() -> None:
    """Nudge what waits: a mail whose task was lost is sent all the same."""
    for pk in (
        OutboxMail.objects.filter(state=OutboxMail.WAITING).order_by("created_at").values_list("pk", flat=True)[:200]
    ):
        nudge(send_mail_row, str(pk))


def _html_of(message: EmailMessage) -> str:
    for content, mimetype in getattr(message, "alternatives", []):
        if mimetype == "text/html":
            return str(content)
    return str(message.body) if message.content_subtype == "html" else ""


def _kept(attachment: Any) -> list[str]:
    """Name, type and the name under which the content is kept as a document."""
    name, content, mimetype = attachment
    data = content.encode() if isinstance(content, str) else bytes(content)
    return [name or "attachment", mimetype or "application/octet-stream", files.put("documents", data)]


def _message_of(mail: OutboxMail) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=sealing.unseal(mail.text),
        from_email=mail.from_email,
        to=mail.to,
        cc=mail.cc,
        bcc=mail.bcc,
        reply_to=mail.reply_to,
        headers={"Message-ID": f"<{mail.pk}@{domain}>", **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for name, mimetype, document in mail.attachments:
        message.attach(name, files.read("documents", document), mimetype)
    return message
