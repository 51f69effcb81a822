"""What `orders` asks of fulfilment: options, dates, badge, and the count of the day (see `orders.delivery`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fondaco import policy
from fondaco.catalogue.models import Offer
from fondaco.catalogue.product_types import categories_of
from fondaco.fulfilment.operations import counting, views
from fondaco.fulfilment.queries.sides import Side, facts_of, options_of, policy_of, sides, zone_of_seller
from fondaco.fulfilment.rules import badge as badges
from fondaco.fulfilment.rules import promise as rules
from fondaco.fulfilment.rules.address import Address, Place, state_of
from fondaco.fulfilment.rules.enrolment import EnrolmentState, Suspension
from fondaco.orders import delivery
from fondaco.orders.rules.states import Speed
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Person

BMVD = frozenset({"bmvd"})

#: An offer outside the programme: the seller's options and rates for everybody, no guarantee.
_OUTSIDE = rules.PromisePolicy(
    standard_free_for_all=False,
    guarantee_max_days=-1,
    benefits=dict.fromkeys(Place, rules.Speed.TWO_DAY),
    version="",
)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The provider."""

    def choices(
        self,
        wanted: Sequence[delivery.Wanted],
        *,
        address: PostalAddress,
        person: Person | None,
        at: datetime,
    ) -> list[delivery.Choices]:
        where = as_address(address)
        behind = sides([each.offer for each in wanted], at=at)
        member = is_member(person, at)
        return [_choices(each, behind[each.offer.pk], where, member, at) for each in wanted]

    def book(self, booked: Sequence[delivery.Booked], *, checkout_id: UUID, at: datetime) -> None:
        counting.count(booked, checkout_id=checkout_id, at=at)

    def release(self, *, checkout_id: UUID, order_id: UUID | None = None, at: datetime) -> None:
        counting.release(checkout_id=checkout_id, order_id=order_id, at=at)

    def viewed(
        self, offer: Offer, choices: delivery.Choices, *, address: PostalAddress, person: Person | None, at: datetime
    ) -> None:
        """B-PRIME-06: what a member's page view promised. Nothing of the member is kept."""
        if choices.is_prime and choices.best is not None and is_member(person, at):
            today = at.astimezone(zone_of_seller(offer.seller)).date()
            where = as_address(address)
            region = f"{where.country}-{where.state or state_of(where.zip)}".rstrip("-")
            views.note(offer.pk, day=today, region=region, days=(choices.best.promised_date - today).days)


def as_address(address: PostalAddress) -> Address:
    """As the rule takes it."""
    lines = tuple(line for line in (address.company, *address.street.splitlines()) if line)
    return Address(address.country, address.region, address.postal_code, lines, address.city)


def is_member(person: Person | None, at: datetime) -> bool:
    return person is not None and person.is_prime_member(on=at.astimezone(person.zone).date())


def _choices(wanted: delivery.Wanted, side: Side, where: Address, member: bool, at: datetime) -> delivery.Choices:
    prime = side.is_prime_for(kept=wanted.keeps_prime)
    bmvd = not BMVD.isdisjoint(categories_of(side.offer.product.product_type))
    terms = policy_of(side.offer.store, at=at) if prime else _OUTSIDE
    facts = facts_of(side, address=where, member=member and prime, at=at, bmvd=bmvd)
    if not prime:
        facts = replace(facts, handling_days=side.offer.handling_days)
    placed = rules.placed_for(facts)
    state = where.state or state_of(where.zip)
    options = options_of(side, where=placed.place, state=state, quantity=wanted.quantity)
    if prime and not any(o.speed is rules.Speed.STANDARD for o in options):
        # PRIME-12: standard is offered to everybody, also where the seller's template has no row for it.
        options.append(rules.Option(rules.Speed.STANDARD, 5, 0))
    found = rules.promise(replace(facts, options=tuple(options)), terms)
    shown = _badge(side, found, member, prime, at)
    none = not found.options
    return delivery.Choices(
        options=tuple(
            delivery.Option(Speed(o.speed.value), o.price_minor, o.ship_date, o.promised_date, o.guaranteed, o.clause)
            for o in found.options
        ),
        place=found.place.value,
        address_known=found.address_known,
        is_prime=prime,
        has_badge=shown.shown,
        code="address_not_eligible" if none else "",
        clause=(found.clause if prime else "") if none else found.clause,
        policy_version=found.policy_version,
        facts={
            "transit_days": min((o.transit_days for o in found.options), default=None),
            "suspended": [s.value for s in side.suspensions],
            "badge": [r.code for r in shown.reasons],
        },
    )


def _on_trial(side: Side) -> bool:
    return side.enrolment is not None and side.enrolment.state == EnrolmentState.TRIAL


def _badge(side: Side, found: rules.Promise, member: bool, prime: bool, at: datetime) -> badges.Badge:
    store = side.offer.store
    days = policy.value("prime.badge.max_delivery_days", store, at=at)
    audience = policy.value("prime.badge.audience", store, at=at)
    against = side.suspensions
    facts = badges.BadgeFacts(
        member=member,
        delivery_days=min((o.transit_days for o in found.options), default=10**6),
        seller_active=Suspension.SELLER_NOT_ACTIVE not in against,
        in_trial=_on_trial(side) and not policy.value("prime.trial.badge_shown", store, at=at).value,
        item_enrolled=side.is_in_programme,
        units_sellable=side.offer.units_sellable,
        restock_date_set=Suspension.RESTOCK_DATE in against,
        limit_reached=Suspension.LIMIT_REACHED in against and not prime,
        duplicate_offer=Suspension.DUPLICATE in against,
        offer_removed=Suspension.OFFER_CLOSED in against,
        address_eligible=found.eligible,
    )
    terms = badges.BadgePolicy(max_delivery_days=days.value, audience=audience.value, version=days.version)
    shown = badges.badge(facts, terms)
    off = Suspension.ALL_OFF in against
    return badges.Badge(shown.shown and not off, shown.reasons, shown.policy_version)
