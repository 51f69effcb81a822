"""Offers in the programme: enrol, remove, and keep in step with stock, restock dates and twins (PRIME-51…54, Q-40, Q-41)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import Channel, Offer, OfferStatus
from fondaco.catalogue.queries.access import offer_for
from fondaco.engine import clock
from fondaco.fulfilment.models import PrimeItem, Sanction
from fondaco.fulfilment.operations.enrolment import TERMS_VERSION, NotEligible, require_enrolment
from fondaco.fulfilment.queries.sides import zone_of_seller
from fondaco.fulfilment.rules.enrolment import CLAUSES, KEPT, EnrolmentState, ItemFacts, ItemState, suspensions
from fondaco.kit.errors import Refusal
from fondaco.kit.text import same_note
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.web.programmes import name_of


class EnrolmentNotActive(Refusal):
    CODE = "prime_enrolment_not_active"
    WORDS = N_("Only an active enrolment takes offers in.")
    FIX = N_("Finish enrolment first: accept the requirements and set a daily limit.")
    CLAUSE = "PRIME-28"


class IdenticalOffer(Refusal):
    CODE = "prime_identical_offer"
    WORDS = N_("You have an identical offer of %(asin)s already: SKU %(sku)s, the same condition and note.")
    FIX = N_("Use that offer. An offer in another condition is possible.")
    CLAUSE = "PRIME-51"


class RestockDateSet(Refusal):
    CODE = "prime_restock_date"
    WORDS = N_("This offer has a restock date in the future (%(day)s), so it cannot be enrolled.")
    FIX = N_("Enrol it when the goods are there.")
    CLAUSE = "PRIME-53"


class OutOfStock(Refusal):
    CODE = "prime_out_of_stock"
    WORDS = N_("This offer is out of stock, so it cannot be enrolled.")
    FIX = N_("Set its quantity first.")
    CLAUSE = "PRIME-54"


class NotShippedByYou(Refusal):
    CODE = "prime_not_shipped_by_seller"
    WORDS = N_("The marketplace ships this offer; enrolment is for offers that you ship yourself.")
    CLAUSE = "PRIME-01"


class OfferNotActive(Refusal):
    CODE = "prime_offer_not_active"
    WORDS = N_("This offer is closed or was removed.")
    FIX = N_("Take it up again first. What the marketplace removed, only the marketplace restores.")
    CLAUSE = "PRIME-03"


def enrol(caller: Caller, *, offer_id: str | UUID) -> PrimeItem:
    """Take an offer into the programme; again, nothing changes. Raises NotFound, Denied, EnrolmentNotActive, NotEligible,
    NotShippedByYou, OfferNotActive, IdenticalOffer, RestockDateSet, OutOfStock."""
    found = offer_for(caller, offer_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        enrolment = require_enrolment(found.seller)
        if enrolment.state == EnrolmentState.INELIGIBLE:
            raise NotEligible(programme=str(name_of("prime")))
        if not enrolment.is_running:
            raise EnrolmentNotActive
        offer = catalogue_locks.offer(found.pk)
        item = PrimeItem.objects.filter(offer=offer).first()
        if item is not None and item.state != ItemState.REMOVED:
            return item
        _require_enrollable(offer, found, at)
        item = item or PrimeItem(offer=offer)
        item.state, item.reason, item.terms_version = ItemState.ENROLLED, "", TERMS_VERSION
        item.enrolled_at = item.updated_at = at
        item.save()
        history.record(actor=caller, verb="prime.item_enrolled", subject=offer, clause="PRIME-01", at=at)
    return item


def remove(caller: Caller, *, offer_id: str | UUID) -> PrimeItem | None:
    """Take an offer out of the programme; it is sold on without. Again, nothing changes. Raises NotFound, Denied."""
    found = offer_for(caller, offer_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        catalogue_locks.offer(found.pk)
        item = PrimeItem.objects.filter(offer=found).first()
        if item is not None and item.state != ItemState.REMOVED:
            item.state, item.reason, item.updated_at = ItemState.REMOVED, "", at
            item.save(update_fields=["state", "reason", "updated_at"])
            history.record(actor=caller, verb="prime.item_removed", subject=found, at=at)
    return item


def keep_in_step(offer: Offer, *, at: datetime) -> None:
    """Suspend or restore an enrolled offer as its stock, restock date and twins are now (Q-41). The offer is locked."""
    item = PrimeItem.objects.filter(offer=offer).exclude(state=ItemState.REMOVED.value).first()
    if item is None:
        return
    facts = ItemFacts(
        units_sellable=offer.units_sellable,
        today=at.astimezone(zone_of_seller(offer.seller)).date(),
        restock_date=offer.restock_date,
        is_duplicate=_older_twin(offer) is not None,
    )
    reason = next((r for r in suspensions(facts) if r in KEPT), None)
    state = ItemState.SUSPENDED if reason else ItemState.ENROLLED
    if (item.state, item.reason) == (state, reason or ""):
        return
    item.state, item.reason, item.updated_at = state, reason or "", at
    item.save(update_fields=["state", "reason", "updated_at"])
    verb = "prime.item_suspended" if reason else "prime.item_restored"
    clause = CLAUSES[reason] if reason else "Q-41"
    about = {"reason_code": reason.value} if reason else {}
    history.record(actor=None, verb=verb, subject=offer, about=about, clause=clause, at=at)


def refuse_identical(offer: Offer, *, at: datetime) -> None:
    """The catalogue's gate: no second offer that is identical to a Prime one of the same seller (PRIME-51, 52, Q-40)."""
    if offer.channel != Channel.SELLER or offer.status != OfferStatus.ACTIVE:
        return
    mine = PrimeItem.objects.filter(offer=offer).exclude(state=ItemState.REMOVED.value).exists()
    for twin in twins_of(offer):
        enrolled = PrimeItem.objects.filter(offer=twin).exclude(state=ItemState.REMOVED.value).exists()
        if enrolled or mine:
            raise IdenticalOffer(asin=offer.product.asin, sku=twin.sku)


def twins_of(offer: Offer) -> list[Offer]:
    """Other active offers of the seller on the same product, condition and note, shipped by the seller (Q-40)."""
    others = Offer.objects.filter(
        seller=offer.seller_id,
        product=offer.product_id,
        condition=offer.condition,
        store=offer.store,
        channel=Channel.SELLER,
        status=OfferStatus.ACTIVE,
    ).exclude(pk=offer.pk)
    return [o for o in others.order_by("created_at", "pk") if same_note(o.condition_note, offer.condition_note)]


def out_of_step(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Offers whose item may have to change: what the sweep looks at. Stock files write past the watchers."""
    rows = PrimeItem.objects.exclude(state=ItemState.REMOVED.value).select_related("offer")
    today = at.date()
    wrong = [
        item.offer_id
        for item in rows.order_by("updated_at")[:20_000]
        if (item.state == ItemState.ENROLLED)
        != (
            item.offer.units_sellable > 0
            and (item.offer.restock_date is None or item.offer.restock_date <= today)
            and item.reason != "duplicate"
        )
    ]
    return wrong[:limit]


def step(*, offer_id: UUID) -> None:
    """Bring one offer's item in step; for the sweep."""
    with transaction.atomic():
        keep_in_step(catalogue_locks.offer(offer_id), at=clock.now())


def _require_enrollable(offer: Offer, found: Offer, at: datetime) -> None:
    if offer.channel != Channel.SELLER:
        raise NotShippedByYou
    if offer.status != OfferStatus.ACTIVE or Sanction.objects.filter(offer=offer, lifted_at=None).exists():
        raise OfferNotActive
    if twins := twins_of(offer):
        raise IdenticalOffer(asin=found.product.asin, sku=twins[0].sku)
    if offer.restock_date and offer.restock_date > at.astimezone(zone_of_seller(found.seller)).date():
        raise RestockDateSet(day=offer.restock_date.isoformat())
    if offer.units_sellable <= 0:
        raise OutOfStock


def _older_twin(offer: Offer) -> Offer | None:
    """A twin that was there first: the later one is the duplicate."""
    return next((t for t in twins_of(offer) if (t.created_at, str(t.pk)) < (offer.created_at, str(offer.pk))), None)
