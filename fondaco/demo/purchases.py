"""What the demo's buyers have bought, so that Your Orders and the sellers' Orders are alive: orders in every state.

Swift Outfitters ships Prime. Orders are placed and sent by the operations, on the days they claim to be of: the demo's clock is
set back for each and put right again. Doing it again adds only what is missing.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.models import Enrolment, PrimeItem, ShippingTemplate
from fondaco.fulfilment.operations import enrolment, items, labels, templates, tracking, volume
from fondaco.fulfilment.operations.buying import buy_shipping, terms_to_accept, waiting_units
from fondaco.fulfilment.operations.buying import rates_for as rates_of
from fondaco.fulfilment.operations.templates import NewOption, Weekend
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.errors import Refusal
from fondaco.orders import operations
from fondaco.orders.models import Checkout, Order, Parcel
from fondaco.orders.operations import Line
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Address, Card, Membership, Person

SWIFT = "Swift Outfitters"

#: days ago, buyer, SKUs' beginnings with quantities, speed, what became of it
_BOUGHT = (
    (26, "prime-buyer", (("Merino sweater", 1),), "two_day", "delivered"),
    (19, "prime-buyer", (("Canvas sneaker", 1), ("Woven scarf", 2)), "two_day", "delivered"),
    (15, "buyer", (("Stoneware mug", 2),), "standard", "delivered"),
    (12, "prime-buyer", (("Wooden toy car", 3),), "one_day", "delivered"),
    (9, "buyer", (("Day pack", 1),), "standard", "delivered"),
    (8, "prime-buyer", (("The Little Harbour Library", 1),), "standard", "delivered"),
    (6, "prime-buyer", (("Field watch", 1),), "two_day", "cancelled"),
    (4, "buyer", (("Heavy cotton T-shirt", 2),), "standard", "shipped"),
    (2, "prime-buyer", (("Insulated bottle", 2),), "two_day", "shipped"),
    (1, "prime-buyer", (("Bath towel", 2), ("Baby blanket", 1)), "two_day", "placed"),
    (0, "prime-buyer", (("Bicycle helmet", 1),), "one_day", "placed"),
    (0, "buyer", (("Phone case", 1),), "standard", "placed"),
)


def ensure_programme() -> None:
    """Swift Outfitters is enrolled, with a limit, a template and its offers. Again, it changes nothing."""
    swift = _owner(SWIFT)
    assert swift.seller
    if not Enrolment.objects.filter(seller=swift.seller).exists():
        enrolment.apply(swift, accepted_version=enrolment.TERMS_VERSION)
        volume.control_volume(swift, limit_per_day=40, cutoffs={"mon": "15:00", "fri": "14:30"})
        enrolment.activate(swift)
        default = ShippingTemplate.objects.get(seller=swift.seller, is_default=True)
        templates.save_template(
            swift,
            name="Across the country",
            template_id=default.pk,
            options=(
                NewOption("one_day", 1, 1299, 300, ("US-OH", "US-IN", "US-MI", "US-PA", "US-KY", "US-WV")),
                NewOption("two_day", 2, 799, 200),
                NewOption("standard", 5, 0, 0, ("contiguous", "alaska_hawaii", "unincorporated", "military")),
            ),
            weekend=Weekend(delivers_saturday=True),
        )
    have = set(PrimeItem.objects.values_list("offer_id", flat=True))
    wanted = Offer.objects.filter(seller=swift.seller, status="active", units_sellable__gt=0, channel="seller")
    for offer in wanted.exclude(pk__in=have).order_by("sku"):
        try:
            items.enrol(swift, offer_id=offer.pk)
        except Refusal:  # a second offer on the same product: only one can be Prime
            continue


def ensure_purchases() -> int:
    """Cards for the buyers, and their orders; returns how many were placed."""
    ensure_programme()
    placed = 0
    for number, (days_ago, key, wares, speed, became) in enumerate(_BOUGHT, start=1):
        buyer = Person.objects.get(email_folded=f"{key}@fondaco.example")
        ensure_card(buyer)
        request_key = f"demo:order:{number}"
        if Checkout.objects.filter(person=buyer, request_key=request_key).exists():
            continue
        when = _noon(days_ago, number)
        with _clock_at(when):
            orders = _buy(buyer, wares, speed, request_key)
        for order in orders:
            _let_become(order, became, when)
            placed += 1
    return placed


def _buy(buyer: Person, wares: tuple[tuple[str, int], ...], speed: str, request_key: str) -> list[Order]:
    lines = [Line(offer.pk, n, speed=speed) for title, n in wares if (offer := _offer(title, n))]
    address = Address.objects.filter(person=buyer, removed_at=None).order_by("created_at").first()
    if not lines or address is None:
        return []
    caller = caller_for(buyer)
    for chosen in (lines, [Line(line.offer_id, line.quantity) for line in lines]):
        try:
            return operations.place_order(caller, lines=chosen, address=address.postal, request_key=request_key)
        except operations.SpeedNotOffered:
            continue
    return []


def _let_become(order: Order, became: str, when: datetime) -> None:
    if became == "cancelled":
        with _clock_at(when + timedelta(hours=2)):
            operations.cancel_order(caller_for(order.buyer), number=order.number, reason="buyer_changed_mind")
    if became in ("shipped", "delivered"):
        parcel = _send(order, when + timedelta(hours=4))
        if parcel is None or parcel.label_id:
            return  # what was bought here is reported by its carrier
        scans = [("accepted", 6, "Columbus, OH"), ("in_transit", 20, "Chicago, IL")]
        if became == "delivered":
            scans += [("out_for_delivery", 43, ""), ("delivered", 48, "")]
        for kind, hours, place in scans:
            at = when + timedelta(hours=hours)
            if at < clock.now():
                operations.record_scan(parcel=parcel, kind=kind, key=f"demo:{kind}", at=at, place=place)


def _send(order: Order, at: datetime) -> Parcel | None:
    """A parcel: through Buy Shipping where the order needs it, else with a label of the seller's own."""
    if not order.has_prime:
        return operations.record_shipment(
            order=order, carrier="Meridian", tracking=f"MD{order.number.replace('-', '')[:12]}", key="demo", at=at
        )
    with _clock_at(at):
        seller = _owner(order.seller.display_name)
        units = waiting_units(order)
        package = Package(900, 300, 220, 120)
        day = at.astimezone(order.seller.zone).date()
        try:
            plan = rates_of(seller, order=order, units=units, package=package, ship_date=day)
            rate = plan.offered[0].rate
            label = buy_shipping(
                seller,
                order=order,
                units=units,
                package=package,
                ship_date=day,
                carrier=rate.carrier,
                service=rate.service,
                request_key=f"demo:label:{order.number}",
                accepted=tuple(terms_to_accept(order, rate).values()),
            )
            labels.ask_carrier(label_id=label.pk)
        except Refusal:  # a Sunday without pick-up: this order then waits to be sent
            return None
    with suppress(Refusal):
        tracking.look_at_tracking(label_id=label.pk)
    return order.parcels.order_by("confirmed_at").first()


def _offer(title: str, quantity: int) -> Offer | None:
    found = Offer.objects.filter(
        product__title__startswith=title, status="active", units_sellable__gte=quantity + 1, seller__status="active"
    )
    return found.order_by("product__title", "sku").first()


def ensure_card(buyer: Person) -> None:
    if not Card.objects.filter(person=buyer, removed_at=None).exists():
        Card.objects.create(
            person=buyer,
            brand="visa",
            last4="4242",
            token="sim_visa_ok",
            expiry_year=clock.now().year + 4,
            expiry_month=12,
            is_default=True,
        )


def _owner(seller: str) -> Caller:
    found = Membership.objects.select_related("person", "seller").filter(seller__display_name=seller, role="owner")
    membership = found.order_by("id").first()
    assert membership is not None, f"the demo has no seller called {seller}"
    return caller_for(membership.person, seller_number=membership.seller.number)


def _noon(days_ago: int, number: int) -> datetime:
    """Some time of the morning that many days ago, and always before now."""
    now = clock.now()
    if not days_ago:
        return now - timedelta(minutes=40 + number)
    day = (now - timedelta(days=days_ago)).date()
    return datetime(day.year, day.month, day.day, 14, number, tzinfo=UTC)


def _clock_at(at: datetime) -> AbstractContextManager[None]:
    """The demo's clock stands here for a moment, then as before."""
    return clock.for_a_moment(at=at)
