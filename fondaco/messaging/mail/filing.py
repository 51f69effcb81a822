"""One accepted mail: into the right thread, or refused by name. Run by a task, safe to repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import translation

from fondaco import history, policy
from fondaco.engine import clock, files
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.text import shorten
from fondaco.messaging import letters, operations, wording
from fondaco.messaging.mail.parse import ParsedMail, Unreadable, parse
from fondaco.messaging.models import Alias, Conversation, InboundMail, Message
from fondaco.messaging.operations import About, NewFile
from fondaco.messaging.operations.checks import TEXT_LIMIT
from fondaco.messaging.operations.errors import AttachmentsRefused, ContentBlocked
from fondaco.messaging.operations.files import Kept
from fondaco.messaging.operations.labels import label_of_name, unlike, view_of_label
from fondaco.messaging.rules.mailkind import MailKind, kind_of
from fondaco.messaging.rules.routing import Contact, route
from fondaco.messaging.rules.words import Audience, Channel, Side, Subject
from fondaco.orders.models import Order
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership, Person
from fondaco.sellers.rules import MEMBER_MAY, Capability, MemberRole, fold_email

_KINDS = {
    MailKind.LOOP: "mail_loop",
    MailKind.BOUNCE: "bounce",
    MailKind.AUTO_REPLY: "auto_reply",
    MailKind.BULK: "bulk_mail",
    MailKind.FORGED: "sender_forged",
}
_NUMBER = re.compile(r"\[#(\d{10})\]")
_ORDER = re.compile(r"\b\d{3}-\d{7}-\d{7}\b")
_OWN_ID = re.compile(r"<([0-9a-f]{32})\.(buyer|seller|service|thread)@")


class MailRefused(Exception):
    """Why no thread takes it; `told` are lines for its sender, when the sender is one of the two."""

    def __init__(self, reason: str, *, told: Sequence[str] = (), **facts: Any) -> None:
        self.reason, self.told, self.facts = reason, tuple(told), facts
        super().__init__(reason)


def file_mail(mail_id: UUID, *, at: datetime | None = None) -> InboundMail:
    """Work off one accepted mail; one that is settled already is left alone."""
    at = at or clock.now()
    row = InboundMail.objects.select_related("alias__buyer", "alias__seller").get(pk=mail_id)
    if row.state != InboundMail.RECEIVED:
        return row
    person: Person | None = None
    conversation: Conversation | None = None
    try:
        mail = _parsed(row)
        _require_letter(row, mail)
        alias = row.alias
        if alias is None:
            raise MailRefused("alias_unknown")
        person = _author(alias, mail)
        caller = _caller(alias, person)
        conversation = _thread(alias, mail)
        message, told = _file(row, alias, caller, conversation, mail, at=at)
        _settle(row, state=InboundMail.FILED, conversation=message.conversation, message=message, at=at)
        if told:
            _tell(person, message.conversation, told, row)
    except MailRefused as refused:
        _settle(
            row, state=InboundMail.REFUSED, reason=refused.reason, facts=refused.facts, conversation=conversation, at=at
        )
        if refused.told and person:
            _tell(person, conversation, refused.told, row)
    return row


def _parsed(row: InboundMail) -> ParsedMail:
    try:
        return parse(files.read("documents", row.sha256), sender=row.sender)
    except (Unreadable, FileNotFoundError, RecursionError) as error:
        raise MailRefused("mail_unreadable", error=str(error)[:200]) from None


def _require_letter(row: InboundMail, mail: ParsedMail) -> None:
    kind = kind_of(mail.head)
    if kind is not MailKind.LETTER:
        if kind is MailKind.BOUNCE:
            _note_bounce(row, mail)
        raise MailRefused(_KINDS[kind], subject=mail.subject[:200])


def _note_bounce(row: InboundMail, mail: ParsedMail) -> None:
    """A letter of ours did not arrive: the thread it belonged to says so in its history."""
    raw = files.read("documents", row.sha256)[:200_000].decode("latin-1")
    match = _OWN_ID.search(raw)
    message = Message.objects.filter(pk=UUID(match[1])).first() if match and match[2] != "thread" else None
    if message:
        history.record(
            actor=None, verb="mail.bounced", subject=message.conversation, about={"to": match[2] if match else ""}
        )


def _author(alias: Alias, mail: ParsedMail) -> Person:
    """Who wrote it: the one whom the alias is for, by the address in From. Raises MailRefused for anybody else."""
    address = fold_email(mail.author)
    if alias.stands_for != Side.BUYER:
        if address in _addresses([alias.buyer]):
            return alias.buyer
        raise MailRefused("sender_unknown")
    roles = [str(r) for r in MemberRole if Capability.HANDLE_ORDERS in MEMBER_MAY[r]]
    members = Membership.objects.filter(seller=alias.seller, role__in=roles).select_related("person")
    for membership in members.order_by("created_at", "id"):
        if address in _addresses([membership.person]):
            return membership.person
    raise MailRefused("sender_unknown")


def _addresses(people: Sequence[Person]) -> set[str]:
    verified = EmailAddress.objects.filter(user__in=people, verified=True).values_list("email", flat=True)
    return {fold_email(p.email) for p in people} | {fold_email(e) for e in verified}


def _caller(alias: Alias, person: Person) -> Caller:
    number = alias.seller.number if alias.seller and alias.stands_for == Side.BUYER else ""
    return caller_for(person, seller_number=number)


def _thread(alias: Alias, mail: ParsedMail) -> Conversation | None:
    """By the mails it answers, by the number in its subject, by an order that it names, else the last of the two."""
    rows = Conversation.objects.filter(buyer=alias.buyer)
    between = rows.filter(audience=Audience.SERVICE)
    if alias.seller:
        between = rows.filter(seller=alias.seller, audience=Audience.SELLER)
    # A buyer may answer a contact of the seller's that went to customer service; a seller only where the seller answers.
    mine = rows.filter(seller=alias.seller) if alias.stands_for == Side.SELLER else between
    for reference in mail.references:
        if own := _OWN_ID.match(reference):
            pk = UUID(own[1])
            found = mine.filter(pk=pk).first() if own[2] == "thread" else mine.filter(messages__pk=pk).first()
        else:
            found = between.filter(messages__mail_id=reference).first()
        if found:
            return found
    if (numbered := _NUMBER.search(mail.subject)) and (found := mine.filter(number=numbered[1]).first()):
        return found
    if named := _named_order(mail):
        if alias.stands_for == Side.BUYER:
            return between.filter(order_number=named).order_by("-last_at").first()
        return _about(_order_for(alias, mail))
    return between.order_by("-last_at").first() or _about(_order_for(alias, mail))


def _named_order(mail: ParsedMail) -> str:
    found = _ORDER.search(f"{mail.subject} {mail.text}")
    return found.group() if found else ""


def _order_for(alias: Alias, mail: ParsedMail) -> Order | None:
    """The buyer's order that a mail names; to a seller's alias also the last one there, when it names none."""
    orders = Order.objects.filter(buyer=alias.buyer).order_by("-placed_at", "-id")
    if alias.seller:
        orders = orders.filter(seller=alias.seller)
    if named := _named_order(mail):
        return orders.filter(number=named).first()
    return orders.first() if alias.seller and alias.stands_for != Side.BUYER else None


def _about(order: Order | None) -> Conversation | None:
    """The last conversation about an order with whom a mail about it goes to (Q-42): of a Prime order customer service."""
    if order is None:
        return None
    is_prime = any(item.is_prime for item in order.items.all())
    routed = route(Contact(Subject.OTHER, has_order=True, is_prime=is_prime))
    rows = Conversation.objects.filter(buyer=order.buyer, order=order, audience=routed.audience)
    return rows.order_by("-last_at").first()


def _file(
    row: InboundMail, alias: Alias, caller: Caller, conversation: Conversation | None, mail: ParsedMail, *, at: datetime
) -> tuple[Message, list[str]]:
    mail_id = mail.message_id or f"<{row.sha256[:32]}@no-id>"
    if conversation and conversation.messages.filter(mail_id=mail_id).exists():
        raise MailRefused("mail_twice")
    store = conversation.seller.store if conversation else alias.seller.store if alias.seller else "US"
    kept, told = _kept(mail, store=store, language=caller.language, at=at)
    text = mail.text if len(mail.text) <= TEXT_LIMIT else shorten(mail.text, TEXT_LIMIT)
    if not text and not kept:
        raise MailRefused("attachments_refused" if told else "mail_empty", told=told)
    try:
        with transaction.atomic():
            if conversation is None:
                return _begun(alias, caller, mail, text, kept, mail_id, at=at), told
            message = operations.send(
                caller, number=conversation.number, text=text, kept=kept, channel=Channel.EMAIL, mail_id=mail_id, at=at
            )
            return message, told
    except ContentBlocked as refused:
        raise MailRefused(
            "content_blocked", told=_reasons(refused, caller.language), blocked=refused.facts["blocked"]
        ) from None
    except AttachmentsRefused:
        raise MailRefused("attachments_refused", told=told) from None
    except NotFound:
        raise MailRefused("not_permitted") from None
    except Refusal as refused:
        raise MailRefused(refused.CODE[:40], told=[str(refused)]) from None


def _begun(
    alias: Alias, caller: Caller, mail: ParsedMail, text: str, kept: Sequence[Kept], mail_id: str, *, at: datetime
) -> Message:
    """A buyer's first mail about an order (PHOTO-26); who answers it is decided as everywhere (Q-42)."""
    if alias.stands_for == Side.BUYER:
        raise MailRefused("no_order")
    order = _order_for(alias, mail)
    if order is None:
        raise MailRefused("no_order")
    conversation = operations.begin(
        caller,
        about=About(order=order.number),
        subject=Subject.OTHER,
        text=text,
        kept=kept,
        request_key=f"mail:{mail_id}"[:64],
        channel=Channel.EMAIL,
        confirmed=True,
        at=at,
    )
    message = conversation.messages.order_by("id").get()
    Message.objects.filter(pk=message.pk).update(mail_id=mail_id)
    message.conversation = conversation
    return message


def _kept(mail: ParsedMail, *, store: str, language: str, at: datetime) -> tuple[list[Kept], list[str]]:
    """The files that may be taken, labelled by their names, and a line for each that may not."""
    most = int(policy.value("photo.max_bytes", store, at=at).value)
    taken: list[Kept] = []
    told: list[str] = []
    total = 0
    with translation.override(language):
        for file in mail.files:
            label = label_of_name(file.name)
            judged = operations.keep(NewFile(file.name, file.data, view_of_label(label), label), store=store, at=at)
            if judged.refused:
                told.append(f"{judged.name}: {' '.join(_words(f) for f in judged.refused)}")
            elif total + judged.size_bytes > most:
                told.append(
                    f"{judged.name}: {str(wording.FINDINGS['attachment_too_large']) % {'limit': f'{most / 1e6:.0f} MB'}}"
                )
            else:
                total += judged.size_bytes
                taken.append(judged)
    return unlike(taken), told


def _words(finding: Mapping[str, Any]) -> str:
    said = wording.FINDINGS.get(finding["code"])
    if said is None:
        return str(finding.get("message") or finding["code"])
    limit = finding.get("limit")
    if isinstance(limit, list | tuple):
        limit = ", ".join(str(x).upper() for x in limit)
    elif isinstance(limit, int) and limit > 100_000:
        limit = f"{limit / 1e6:.0f} MB"
    return str(said) % {"measured": finding.get("measured"), "limit": limit}


def _reasons(refused: ContentBlocked, language: str) -> list[str]:
    with translation.override(language):
        return [f"{wording.BLOCKED[b['code']]}: “{b['words']}”" for b in refused.facts["blocked"]]


def _settle(
    row: InboundMail,
    *,
    state: str,
    at: datetime,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    conversation: Conversation | None = None,
    message: Message | None = None,
) -> None:
    row.state, row.reason, row.settled_at = state, reason, at
    row.facts = dict(facts or {})
    row.conversation, row.message = conversation, message
    row.save(update_fields=["state", "reason", "settled_at", "facts", "conversation", "message"])


def _tell(person: Person, conversation: Conversation | None, lines: Sequence[str], row: InboundMail) -> None:
    with transaction.atomic():
        letters.tell_refused(conversation, person, lines=lines, key=f"mail-refused:{row.pk}")
