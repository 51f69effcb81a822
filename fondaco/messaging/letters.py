"""Mails about conversations: through aliases, so that neither side sees the other's address (B-PHOTO-03).

A mail carries the words of one message, a link, and the line above which an answer may be written. Its headers name the
message, so that an answer finds its thread; photographs are looked at on the page and never sent along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco.engine.outbox import KEY_HEADER
from fondaco.engine.prepared import Prepared
from fondaco.messaging.models import Alias, Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.rules.mailkind import LOOP_HEADER
from fondaco.messaging.rules.mailtext import MARK
from fondaco.messaging.rules.privacy import public_name
from fondaco.messaging.rules.words import Audience, Side
from fondaco.messaging.wording import OUTCOMES, SUBJECTS
from fondaco.sellers.models import Membership, Person, SellerAccount
from fondaco.sellers.rules import MEMBER_MAY, Capability, MemberRole

MOST_RECIPIENTS = 20
_WRITERS = [str(role) for role in MemberRole if Capability.HANDLE_ORDERS in MEMBER_MAY[role]]


def domain() -> str:
    """The domain of all aliases."""
    return str(settings.FONDACO_MESSAGE_DOMAIN)


def address_of(alias: Alias) -> str:
    return f"{alias.token}@{domain()}"


def alias_for(*, buyer: Person, seller: SellerAccount | None, stands_for: Side) -> Alias:
    """The lasting alias of one party towards the other; made the first time."""
    wanted = {"buyer": buyer, "seller": seller, "stands_for": str(stands_for)}
    found = Alias.objects.filter(**wanted).first()
    if found is None:
        try:
            with transaction.atomic():
                found = Alias.objects.create(**wanted)
        except IntegrityError:
            found = Alias.objects.get(**wanted)
    return found


def aliases_for(*, buyers: Collection[Person], seller: SellerAccount) -> dict[Any, Alias]:
    """What stands for each of these buyers towards a seller, by the buyer's key: one query, and one more for new ones."""
    wanted = {"seller": seller, "stands_for": str(Side.BUYER)}
    people = {buyer.pk: buyer for buyer in buyers}
    if len(people) == 1:
        found = {a.buyer_id: a for a in _OF_ONE.rows(buyer=next(iter(people)), seller=seller.pk)}
    else:
        found = {a.buyer_id: a for a in Alias.objects.filter(buyer__in=list(people), **wanted)}
    if missing := [person for pk, person in people.items() if pk not in found]:
        Alias.objects.bulk_create([Alias(buyer=person, **wanted) for person in missing], ignore_conflicts=True)
        found |= {a.buyer_id: a for a in Alias.objects.filter(buyer__in=missing, **wanted)}
    return found


_OF_ONE = Prepared(lambda buyer, seller: Alias.objects.filter(buyer=buyer, seller=seller, stands_for=str(Side.BUYER)))


def mail_id_of(message: Message, to: Side) -> str:
    """The Message-ID of the mail that carries this message to one side."""
    return f"<{message.pk.hex}.{to}@{domain()}>"


def send(message: Message, photos: Sequence[Attachment]) -> None:
    """Mail a message to whom it is for; inside its transaction. Customer service reads on its desk only."""
    conversation = message.conversation
    if message.side != Side.BUYER:
        _to_buyer(message, photos)
    elif conversation.audience == Audience.SELLER:
        _to_seller(message, photos)


def remind(request: PhotoRequest, *, at: datetime) -> None:
    """Photographs are owed (PHOTO-31)."""
    conversation = request.conversation
    person = conversation.buyer
    with translation.override(person.language or settings.LANGUAGE_CODE):
        parts = [
            _("%(who)s still waits for your photos.") % {"who": _party(conversation)},
            request.instructions,
            _("Send them here:") + f"\n{_page('messaging:capture', conversation)}",
        ]
        subject = _("Reminder: photos requested (%(subject)s)") % {"subject": _subject(conversation)}
        _post(
            conversation,
            person,
            subject,
            parts,
            side=Side.BUYER,
            key=f"photo-reminder:{request.pk}:{request.reminders}",
        )


def tell_refused(conversation: Conversation | None, person: Person, *, lines: Sequence[str], key: str) -> None:
    """Tell somebody why their mail did not arrive, or not whole."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("Your mail did not arrive whole")
        parts = [_("This could not be passed on:"), "\n".join(f"– {each}" for each in lines)]
        if conversation:
            name = "messaging:conversation" if conversation.buyer_id == person.pk else "messaging:seller_conversation"
            parts.append(_("Write or send it here instead:") + f"\n{_page(name, conversation)}")
        EmailMessage(
            subject=subject,
            body="\n\n".join(parts),
            to=[person.email],
            headers={KEY_HEADER: key, "Auto-Submitted": "auto-replied", LOOP_HEADER: "notice"},
        ).send()


def _to_buyer(message: Message, photos: Sequence[Attachment]) -> None:
    conversation = message.conversation
    person = conversation.buyer
    with translation.override(person.language or settings.LANGUAGE_CODE):
        parts = [
            _("%(who)s wrote to you:") % {"who": _party(conversation)},
            message.text,
            _files(photos),
            _link(conversation, "messaging:conversation"),
        ]
        subject = _subject(conversation)
        if message.is_critical:
            subject = f"[Important] {subject}"
        _post(conversation, person, subject, parts, side=Side.BUYER, key=f"message:{message.pk}:buyer", message=message)


def _to_seller(message: Message, photos: Sequence[Attachment]) -> None:
    conversation = message.conversation
    members = Membership.objects.filter(seller=conversation.seller, role__in=_WRITERS).select_related("person")
    for membership in members.order_by("created_at", "id")[:MOST_RECIPIENTS]:
        person = membership.person
        with translation.override(person.language or settings.LANGUAGE_CODE):
            parts = [
                _("A buyer wrote to you:"),
                message.text,
                _files(photos),
                _link(conversation, "messaging:seller_conversation"),
            ]
            key = f"message:{message.pk}:{membership.pk}"
            _post(conversation, person, _subject(conversation), parts, side=Side.SELLER, key=key, message=message)


def _post(
    conversation: Conversation,
    person: Person,
    subject: str,
    parts: Sequence[str],
    *,
    side: Side,
    key: str,
    message: Message | None = None,
) -> None:
    mark = f"{MARK} {_('Write your answer above this line')} {MARK[::-1]}"
    other = Side.SERVICE if conversation.audience == Audience.SERVICE else Side.SELLER
    seller = None if other is Side.SERVICE else conversation.seller
    stands_for = other if side is Side.BUYER else Side.BUYER
    alias = alias_for(buyer=conversation.buyer, seller=seller, stands_for=stands_for)
    name = _party(conversation) if side is Side.BUYER else _("A buyer")
    sender = formataddr((f"{name} ({settings.FONDACO_MARKETPLACE_NAME})", address_of(alias)))
    headers: dict[str, Any] = {
        KEY_HEADER: key,
        LOOP_HEADER: conversation.number,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "References": f"<{conversation.pk.hex}.thread@{domain()}>",
    }
    if message:
        headers["Message-ID"] = mail_id_of(message, side)
        headers["In-Reply-To"] = headers["References"]
    body = "\n\n".join(part for part in [mark, *parts] if part)
    subject = " ".join(f"{subject} [#{conversation.number}]".split())
    EmailMessage(
        subject=subject, body=body, from_email=sender, to=[person.email], reply_to=[address_of(alias)], headers=headers
    ).send()


def _subject(conversation: Conversation) -> str:
    said = str(SUBJECTS[conversation.subject])
    if conversation.order_number:
        return _("%(subject)s, order %(number)s") % {"subject": said, "number": conversation.order_number}
    title = conversation.product.title if conversation.product else ""
    return f"{said}: {title[:80]}" if title else said


def _party(conversation: Conversation) -> str:
    if conversation.audience == Audience.SERVICE:
        return _("Customer service")
    return public_name(conversation.seller.display_name, instead=_("Seller"))


def _files(photos: Sequence[Attachment]) -> str:
    if not photos:
        return ""
    return _("With it, to be seen on the page:") + "\n" + "\n".join(f"– {photo}" for photo in photos)


def _link(conversation: Conversation, name: str) -> str:
    parts = [_("Read it and answer here, or answer this mail:") + f"\n{_page(name, conversation)}"]
    if conversation.outcome:
        parts.insert(0, _("Outcome: %(outcome)s") % {"outcome": OUTCOMES[conversation.outcome]})
    return "\n\n".join(parts)


def _page(name: str, conversation: Conversation) -> str:
    try:
        return f"{settings.FONDACO_BASE_URL}{reverse(name, args=[conversation.number])}"
    except NoReverseMatch:  # an installation without these pages
        return str(settings.FONDACO_BASE_URL)
