"""Writing to buyers for programs: messages with attachments, and one request for a review an order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock, files, outbox
from fondaco.kit.errors import Denied, Invalid
from fondaco.messaging import operations as messaging
from fondaco.messaging.models import ContactWish
from fondaco.messaging.operations import Kept, NewFile
from fondaco.messaging.rules.words import Subject
from fondaco.orders.models import Order
from fondaco.orders.rules.states import UnitState
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import Document, Solicitation
from fondaco.spapi.models.documents import DocumentKind
from fondaco.spapi.operations import documents
from fondaco.spapi.rules.contact import Standing, may_solicit

MOST_ATTACHMENTS = 5


class NotNow(Denied):
    CODE = "message_type_not_available"
    WORDS = N_("This message cannot be sent for this order now.")
    FIX = N_("Ask which actions the order allows.")


class NothingUploaded(Invalid):
    CODE = "attachment_not_uploaded"
    WORDS = N_("The attachment %(file_name)s was not sent to its upload destination.")


class TooManyAttachments(Invalid):
    CODE = "too_many_attachments"
    WORDS = N_("A message can have at most %(most)s attachments.")


def standing_of(order: Order) -> Standing:
    """What decides about contacts of an order (loaded with items, units and parcels)."""
    items = list(order.items.all())
    units = [unit for item in items for unit in item.units.all() if unit.state != UnitState.CANCELLED]
    arrived = [p.delivered_at for p in order.parcels.all() if p.delivered_at]
    all_there = bool(units) and all(unit.state == UnitState.DELIVERED for unit in units)
    return Standing(
        is_by_marketplace=all(item.channel == "marketplace" for item in items),
        is_cancelled=order.status == "cancelled",
        has_custom_items=any(item.customisation for item in items),
        has_waiting=any(unit.state == UnitState.ORDERED for unit in units),
        delivered_at=max(arrived) if all_there and arrived else None,
        solicited=Solicitation.objects.filter(order=order).exists(),
    )


def write_to_buyer(
    caller: Caller,
    *,
    order: Order,
    subject: Subject,
    text: str,
    attachments: Sequence[tuple[Document, str]] = (),
    is_critical: bool = False,
) -> None:
    """One message about an order. The same content on the same day is sent once.

    Raises what conversations refuse (blocked content, too late, opted out), NothingUploaded, TooManyAttachments.
    """
    if len(attachments) > MOST_ATTACHMENTS:
        raise TooManyAttachments(most=MOST_ATTACHMENTS)
    at = clock.now()
    kept = [_kept(document, name, order.store) for document, name in attachments]
    parts = [order.number, subject, text, at.date().isoformat(), *(d.sha256 for d, _name in attachments)]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    conversation = messaging.begin_as_seller(
        caller,
        order=order.number,
        subject=subject,
        text=text,
        is_critical=is_critical,
        request_key=key,
        confirmed=True,
        at=at,
    )
    if kept:
        messaging.send(caller, number=conversation.number, text="", kept=kept, request_key=key, confirmed=True, at=at)


def attachment_of(caller: Caller, upload_id: str, file_name: str) -> tuple[Document, str]:
    """An uploaded file by its destination. Raises NotFound, NothingUploaded."""
    seller = caller.require_seller(Capability.HANDLE_ORDERS)
    found = documents.document_of(seller, upload_id, kinds=(DocumentKind.UPLOAD.value,))
    if not found.sha256:
        raise NothingUploaded(file_name=file_name[:80])
    return found, file_name


def _kept(document: Document, name: str, store: str) -> Kept:
    data = files.read(documents.STORE, document.sha256)
    return messaging.keep(NewFile(name, data), store=store, at=clock.now())


def solicit(caller: Caller, *, order: Order) -> Solicitation:
    """Ask the buyer, once, for a review and feedback. Raises NotNow."""
    seller = caller.require_seller(Capability.HANDLE_ORDERS)
    caller.require(Capability.HANDLE_ORDERS, seller=order.seller)
    at = clock.now()
    if not may_solicit(standing_of(order), at=at):
        raise NotNow
    if ContactWish.objects.filter(person=order.buyer, only_critical=True).exists():
        raise NotNow
    try:
        with transaction.atomic():
            made = Solicitation.objects.create(order=order, asked_by=caller.person, asked_at=at)
            history.record(actor=caller, verb="order.review_asked", subject=order, at=at)
            with translation.override(order.language or order.buyer.language or settings.LANGUAGE_CODE):
                outbox.post(
                    to=order.buyer.email,
                    subject=_("How was your order %(number)s?") % {"number": order.number},
                    text=_(
                        "%(seller)s would like to know how you found what you bought. "
                        "A review helps other buyers; it is up to you."
                    )
                    % {"seller": seller.display_name},
                    key=f"solicit:{order.pk}",
                )
    except IntegrityError:
        raise NotNow from None
    return made
