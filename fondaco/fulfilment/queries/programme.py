"""What the seller's and the operator's pages of the programme show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fondaco import policy
from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.catalogue.queries.access import offer_for
from fondaco.fulfilment.models import Enrolment, PrimeDay, PrimeItem, Sanction, ShippingTemplate, VolumeControl
from fondaco.fulfilment.queries.prequalify import Prequalification, prequalification_of
from fondaco.fulfilment.queries.sides import WEEKDAYS, Side, facts_of, options_of, policy_of, sides, zone_of_seller
from fondaco.fulfilment.rules import promise as rules
from fondaco.fulfilment.rules.address import Address, state_of
from fondaco.fulfilment.rules.badge_tree import BadgeCase, diagnose
from fondaco.fulfilment.rules.enrolment import ItemState
from fondaco.kit.diagnosis import Diagnosis
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability, Role


@dataclass(frozen=True, slots=True)
class Programme:
    """A seller's standing. `days`: what is taken for the coming ship days."""

    seller: SellerAccount
    enrolment: Enrolment | None
    volume: VolumeControl | None
    cutoffs: dict[str, str]
    published_cutoffs: dict[str, str]
    prequalification: Prequalification
    sanctions: tuple[Sanction, ...]
    days: tuple[PrimeDay, ...]
    enrolled: int
    suspended: int


def programme_of(caller: Caller, *, at: datetime) -> Programme:
    """Of the account being worked in. Raises SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.VIEW)
    volume = VolumeControl.objects.filter(seller=seller).first()
    published = policy.value("prime.cutoff", seller.store, at=at).value
    today = at.astimezone(zone_of_seller(seller)).date()
    items = PrimeItem.objects.filter(offer__seller=seller)
    return Programme(
        seller=seller,
        enrolment=Enrolment.objects.filter(seller=seller).first(),
        volume=volume,
        cutoffs={day: (volume.cutoffs.get(day, "") if volume else "") for day in WEEKDAYS},
        published_cutoffs={day: str(published[day] or "")[:5] for day in WEEKDAYS},
        prequalification=prequalification_of(seller, at=at),
        sanctions=tuple(Sanction.objects.filter(seller=seller, lifted_at=None).select_related("offer", "author")),
        days=tuple(PrimeDay.objects.filter(seller=seller, ship_date__gte=today).order_by("ship_date")[:7]),
        enrolled=items.filter(state=ItemState.ENROLLED.value).count(),
        suspended=items.filter(state=ItemState.SUSPENDED.value).count(),
    )


def offers_of(caller: Caller) -> QuerySet[Offer]:
    """The offers that could be in the programme: active, sent by the seller. For `page_of`."""
    seller = caller.require_seller(Capability.VIEW)
    own = Offer.objects.filter(seller=seller, channel="seller").exclude(status=OfferStatus.CLOSED)
    return own.select_related("product__main_picture", "seller__ship_from", "prime_item")


def why_no_badge(
    caller: Caller, offer_id: Any, *, zip_code: str, member: bool, at: datetime
) -> tuple[Offer, Diagnosis, Side]:
    """The troubleshooter for one offer, as a buyer at a ZIP sees it. Raises NotFound, Denied."""
    found = offer_for(caller, offer_id)
    caller.require(Capability.VIEW, seller=found.seller)
    side = sides([found], at=at)[found.pk]
    address = Address("US", state_of(zip_code), zip_code, ("1 Main Street",))
    facts = facts_of(side, address=address, member=member, at=at)
    placed = rules.placed_for(facts)
    options = options_of(side, where=placed.place, state=state_of(zip_code), quantity=1)
    if not any(o.speed is rules.Speed.STANDARD for o in options):
        options.append(rules.Option(rules.Speed.STANDARD, 5, 0))
    promise = rules.promise(replace(facts, options=tuple(options)), policy_of(found.store, at=at))
    enrolment = Enrolment.objects.filter(seller=found.seller).first()
    case = BadgeCase(
        enrolment=enrolment.state if enrolment else "",
        offer_status=found.status,
        is_sanctioned=Sanction.objects.filter(offer=found, lifted_at=None).exists(),
        is_enrolled=side.is_in_programme,
        suspensions=side.suspensions,
        is_eligible=promise.eligible,
        address_known=promise.address_known,
        days=min((o.transit_days for o in promise.options), default=None),
        most_days=policy.value("prime.badge.max_delivery_days", found.store, at=at).value,
        audience=policy.value("prime.badge.audience", found.store, at=at).value,
        is_member=member,
        sku=found.sku,
        restock_date=found.restock_date,
        limit=side.limit,
        taken=side.taken,
        trial_shows_badge=policy.value("prime.trial.badge_shown", found.store, at=at).value,
    )
    return found, diagnose(case), side


def templates_of(caller: Caller) -> list[ShippingTemplate]:
    """The account's templates, the default first."""
    seller = caller.require_seller(Capability.VIEW)
    live = ShippingTemplate.objects.filter(seller=seller, removed_at=None).prefetch_related("options")
    return list(live.order_by("-is_default", "name"))


def sanctions_for_operator(caller: Caller) -> QuerySet[Sanction]:
    """Every sanction. Raises SignInRequired, Denied."""
    caller.require_role(Role.OPERATOR)
    return Sanction.objects.select_related("seller", "offer__product", "author", "lifted_by")


def enrolments_for_operator(caller: Caller) -> QuerySet[Enrolment]:
    """Every enrolment. Raises SignInRequired, Denied."""
    caller.require_role(Role.OPERATOR)
    return Enrolment.objects.select_related("seller").order_by("seller__display_name", "pk")


def prime_offers_of(seller: SellerAccount) -> list[PrimeItem]:
    """The account's offers in the programme; for the operator's page."""
    items = PrimeItem.objects.filter(offer__seller=seller).exclude(state=ItemState.REMOVED.value)
    return list(items.select_related("offer__product").order_by("offer__sku")[:500])
