"""What the demo's buyers and sellers have written to each other: photo requests in every state, a contact with customer
service, a question before buying. Doing it again adds only what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from fondaco.catalogue.models import Offer
from fondaco.demo.goods import listings
from fondaco.demo.pictures import render
from fondaco.engine import clock
from fondaco.messaging import operations
from fondaco.messaging.models import Conversation
from fondaco.messaging.operations import About, Kept, NewFile
from fondaco.messaging.rules.words import Outcome, Subject
from fondaco.orders.models import Order
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership, Person
from fondaco.sellers.rules import MemberRole

_THREE = {"formats": ["jpg"], "count": 2, "note": "Daylight, please, without flash."}


def ensure_conversations() -> int:
    """Returns how many were begun."""
    made = 0
    orders = Order.objects.filter(status="delivered").select_related("buyer", "seller").order_by("-placed_at", "id")
    own = [o for o in orders if not o.has_prime][:5]
    prime = [o for o in orders if o.has_prime][:3]
    steps = (_asked, _instructed, _submitted, _resolved, _answered)
    for number, step in enumerate(steps if own else ()):
        made += _once(own[number % len(own)], f"demo:talk:{number}", step)
    for number, order in enumerate(prime):
        made += _once(order, f"demo:contact:{number}", _contact if number else _instructed_by_service)
    return made + _question()


def _once(order: Order, key: str, step: object) -> int:
    if Conversation.objects.filter(buyer=order.buyer, request_key=key).exists():
        return 0
    assert callable(step)
    step(order, key)
    return 1


def _ago(hours: float) -> datetime:
    return clock.now() - timedelta(hours=hours)


def _begin(order: Order, key: str, subject: Subject, text: str, *, photos: str = "", at: datetime) -> Conversation:
    item = order.items.order_by("position").first()
    about = About(order=order.number, item=str(item.pk) if item else "")
    return operations.begin(
        caller_for(order.buyer),
        about=about,
        subject=subject,
        text=text,
        photos=photos,
        request_key=key,
        confirmed=True,
        at=at,
    )


def _asked(order: Order, key: str) -> None:
    _begin(
        order, key, Subject.PRODUCT_DEFECT, "The rim has a chip as wide as a finger. How shall I photograph it?",
        photos=operations.ASK, at=_ago(3),
    )  # fmt: skip


def _instructed(order: Order, key: str) -> None:
    made = _begin(
        order, key, Subject.SHIPPING_DAMAGE, "The parcel came crushed on one side.", photos=operations.ASK, at=_ago(50)
    )
    _instruct(
        order,
        made,
        "shipping_damage",
        "Please show the box and what was in it, from the side where it was hit.",
        at=_ago(30),
    )


def _submitted(order: Order, key: str) -> None:
    made = _begin(
        order,
        key,
        Subject.PRODUCT_DEFECT,
        "One seam came open after the first day.",
        photos=operations.ASK,
        at=_ago(60),
    )
    _instruct(
        order, made, "product_defect", "Two photos please, one from the front and one from close by.", at=_ago(40)
    )
    _photos(order, made, "ProductDefect", ("FrontView", "CloseUp"), "Here are both.", at=_ago(5))


def _resolved(order: Order, key: str) -> None:
    made = _begin(
        order,
        key,
        Subject.MISMATCHED_PRODUCT,
        "The colour is not the one of the page.",
        photos=operations.ASK,
        at=_ago(200),
    )
    _instruct(
        order, made, "mismatched_product", "Please show the product with its packaging, in daylight.", at=_ago(190)
    )
    _photos(order, made, "MismatchedProduct", ("Product", "Packaging"), "In daylight, as you asked.", at=_ago(180))
    seller = _seller(order)
    operations.review_photos(seller, number=made.number, at=_ago(170))
    text = "You are right, the wrong colour was packed. The right one leaves today."
    operations.close(seller, number=made.number, outcome=Outcome.REPLACEMENT, text=text, at=_ago(169))


def _answered(order: Order, key: str) -> None:
    made = _begin(order, key, Subject.PRODUCT_QUESTION, "May it go into the dishwasher?", at=_ago(90))
    operations.send(
        _seller(order), number=made.number, text="Yes, up to 60 °C, on the upper shelf.", confirmed=True, at=_ago(84)
    )


def _contact(order: Order, key: str) -> None:
    made = _begin(order, key, Subject.PRODUCT_DEFECT, "It does not close any more.", photos=operations.SEND, at=_ago(8))
    _photos(order, made, "ProductDefect", ("FrontView", "SideView"), "Both sides.", at=_ago(7))
    service = Person.objects.get(email_folded="service@fondaco.example")
    operations.share_photos(caller_for(service), number=made.number, at=_ago(6))


def _instructed_by_service(order: Order, key: str) -> None:
    made = _begin(
        order, key, Subject.PROOF_OF_PURCHASE, "I need it for the maker's warranty.", photos=operations.ASK, at=_ago(20)
    )
    service = caller_for(Person.objects.get(email_folded="service@fondaco.example"))
    text = "Please show the product together with the receipt or the order number."
    operations.ask_for_photos(
        service, number=made.number, photo_type="proof_of_purchase", text=text, confirmed=True, at=_ago(18)
    )


def _instruct(order: Order, made: Conversation, kind: str, text: str, *, at: datetime) -> None:
    operations.ask_for_photos(
        _seller(order), number=made.number, photo_type=kind, text=text, preferences=_THREE, confirmed=True, at=at
    )


def _photos(order: Order, made: Conversation, label: str, views: tuple[str, ...], text: str, *, at: datetime) -> None:
    kept = [_photo(order, f"{label}_{view}", view, shot) for view, shot in zip(views, ("PT03", "PT04"), strict=True)]
    operations.send(caller_for(order.buyer), number=made.number, text=text, kept=kept, confirmed=True, at=at)


def _photo(order: Order, label: str, view: str, shot: str) -> Kept:
    """The bought thing on a table or in a grey room, as its buyer would take it."""
    item = order.items.order_by("position").first()
    bought = next((each for each in listings() if item and each.sku == item.sku), next(iter(listings())))
    colour = bought.look if bought.look.islower() else None
    data = render(bought.ware.kind, seed=bought.number, size=1200, variant=shot, colour=colour)
    return operations.keep(NewFile(f"{label}.jpg", data, view, label), store="US", at=clock.now())


def _question() -> int:
    buyer = Person.objects.get(email_folded="buyer@fondaco.example")
    offer = (
        Offer.objects.filter(status="active", units_sellable__gt=0, product__title__startswith="Stoneware")
        .select_related("product", "seller")
        .order_by("sku")
        .first()
    )
    if offer is None or Conversation.objects.filter(buyer=buyer, request_key="demo:question").exists():
        return 0
    operations.begin(
        caller_for(buyer), about=About(asin=offer.product.asin, seller=offer.seller.number), subject=Subject.PRODUCT_QUESTION,
        text="Is the glaze the same on the inside?", request_key="demo:question", at=_ago(26),
    )  # fmt: skip
    return 1


def _seller(order: Order) -> Caller:
    owner = Membership.objects.select_related("person").get(seller=order.seller, role=MemberRole.OWNER)
    return caller_for(owner.person, seller_number=order.seller.number)
