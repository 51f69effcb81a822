"""What the demo's studio has on its tables: imaging orders of Harbor Goods in every state, each on the days it claims.

Pictures are rendered, so this runs beside the shop, with the listings' photographs. Killed at any time, the next start
goes on with what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from fondaco.cases.operations import open_case
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import Offer
from fondaco.demo.goods import HARBOR, Listing, listings
from fondaco.demo.pictures import render
from fondaco.engine import clock
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership, Person
from fondaco.studio import operations
from fondaco.studio.models import GuideEntry, ImagingOrder
from fondaco.studio.operations.publish import bill, publish
from fondaco.studio.rules.states import OrderState, Where

SHOT_PX = 1600

#: beginning of the title, days ago, how far it has come
_ORDERED = (
    ("Whistling kettle", 40, "billed"),
    ("Over-ear headphones", 33, "billed"),
    ("Compact camera", 24, "delayed"),
    ("Table lamp", 12, "complete"),
    ("Teapot for four cups", 11, "flagged"),
    ("Ramen bowl", 9, "shooting"),
    ("Claw hammer", 8, "research"),
    ("Stoneware mug", 6, "not_located"),
    ("Glass lantern", 5, "arriving"),
    ("Dinner plate", 4, "cancelling"),
    ("Linen cushion", 3, "picked"),
    ("Chef", 1, "placed"),
    ("Turned wooden spoon", 1, "placed"),
)


def ensure_guide() -> None:
    """The style guide that comes with the house."""
    if not GuideEntry.objects.exists():
        operations.ensure_shipped_guide()


def ensure_imaging() -> int:
    """Imaging orders in every state; returns how many were worked on. Again, it adds only what is missing."""
    ensure_guide()
    done = 0
    for number, (beginning, days_ago, became) in enumerate(_ORDERED, start=1):
        key = f"demo:imaging:{number}"
        if _is_there(key, became):
            continue
        listing = _listing(key, beginning)
        with _ago(timedelta(days=days_ago)):
            _bring(key, listing, became)
        done += 1
    return done


@contextmanager
def _ago(past: timedelta) -> Iterator[None]:
    """Earlier, for this process alone: the shop that is served beside it keeps its own time."""
    today = clock.now

    def earlier() -> datetime:
        return today() - past

    with mock.patch.object(clock, "now", earlier):
        yield


def _listing(key: str, beginning: str) -> Listing:
    """The one that was ordered already, or the first of this kind with a unit to spare."""
    ordered = ImagingOrder.objects.filter(request_key=key).values_list("offer__sku", flat=True).first()
    spare = set(Offer.objects.filter(seller__display_name=HARBOR, units_sellable__gt=1).values_list("sku", flat=True))
    wanted = {ordered} if ordered else spare
    ours = (each for each in listings() if each.ware.seller == HARBOR and each.title.startswith(beginning))
    return next(each for each in ours if each.sku in wanted)


def _bring(key: str, listing: Listing, became: str) -> None:
    offer = Offer.objects.select_related("product").get(sku=listing.sku, seller__display_name=HARBOR)
    order = operations.place_order(_harbor(), asin=offer.product.asin, request_key=key)
    for step in _STEPS[became]:
        order.refresh_from_db()
        step(order, listing)


def _is_there(key: str, became: str) -> bool:
    order = ImagingOrder.objects.filter(request_key=key).first()
    if order is None:
        return False
    return _REACHED[became](order)


def _pick(order: ImagingOrder, listing: Listing) -> None:
    if order.where == Where.SHELF:
        operations.pick(_staff("fc"), label=order.label, scanned=order.label)


def _send(order: ImagingOrder, listing: Listing) -> None:
    if order.where == Where.PICKED:
        operations.dispatch(_staff("fc"), labels=[order.label])


def _receive(order: ImagingOrder, listing: Listing) -> None:
    if order.where == Where.TO_STUDIO:
        operations.receive(_staff("photographer"), label=order.label)
    order.refresh_from_db()
    if order.state == OrderState.RECEIVED_AT_STUDIO:
        operations.decide(_staff("photographer"), order_id=str(order.pk), shoot_with="tabletop")


def _shots(*views: tuple[str, str | None]) -> Callable[[ImagingOrder, Listing], None]:
    def shoot(order: ImagingOrder, listing: Listing) -> None:
        if order.state != OrderState.RECEIVED_AT_STUDIO:
            return
        colour = listing.look if listing.look.islower() else None
        for variant, damage in views:
            data = render(
                listing.ware.kind, seed=listing.number, size=SHOT_PX, variant=variant, colour=colour, damage=damage
            )
            operations.take_shot(
                _staff("photographer"),
                order_id=str(order.pk),
                data=data,
                request_key=f"{variant}{damage or ''}",
                file_name=f"{order.label}-{variant}.jpg",
            )

    return shoot


def _finish(order: ImagingOrder, listing: Listing) -> None:
    if order.state == OrderState.RECEIVED_AT_STUDIO:
        operations.finish(_staff("photographer"), order_id=str(order.pk))


def _mend(order: ImagingOrder, listing: Listing) -> None:
    """What is proposed is tried; the retoucher has not looked at it yet."""
    for shot in order.shots.filter(verdict="rejected"):
        kinds = [
            fix.kind for fix in operations.proposals(_staff("retoucher"), shot_id=str(shot.pk)) if not fix.needs_cutout
        ]
        if kinds:
            operations.try_mends(_staff("retoucher"), shot_id=str(shot.pk), kinds=kinds)


def _flag(order: ImagingOrder, listing: Listing) -> None:
    shot = order.shots.order_by("number").first()
    assert shot is not None
    operations.mark_flaw(_staff("retoucher"), shot_id=str(shot.pk))


def _publish(order: ImagingOrder, listing: Listing) -> None:
    if order.state != OrderState.IMAGING_COMPLETE:
        return
    for shot in order.shots.filter(passed_at=None):
        operations.pass_shot(_staff("retoucher"), shot_id=str(shot.pk))
    operations.release(_staff("retoucher"), order_id=str(order.pk))
    publish(order.pk)
    bill(order.pk)


def _check_in(order: ImagingOrder, listing: Listing) -> None:
    if order.where == Where.TO_FC:
        operations.check_in(_staff("fc"), label=order.label)


def _cannot_locate(order: ImagingOrder, listing: Listing) -> None:
    operations.cannot_locate(_staff("fc"), label=order.label)


def _ask_to_cancel(order: ImagingOrder, listing: Listing) -> None:
    open_case(
        _harbor(),
        case_type=CaseType.IMAGING_CANCELLATION,
        contents={"asin": order.product.asin, "reason": "We photograph this one ourselves after all."},
        request_key=f"cancel:{order.label}",
    )


_GOOD = (("MAIN", None), ("PT01", None))
_BEFORE = (_pick, _send, _receive)
_STEPS: dict[str, tuple[Callable[[ImagingOrder, Listing], None], ...]] = {
    "placed": (),
    "picked": (_pick,),
    "cancelling": (_ask_to_cancel,),
    "arriving": (_pick, _send),
    "not_located": (_cannot_locate,),
    "research": _BEFORE,
    "shooting": (*_BEFORE, _shots(("MAIN", None))),
    "complete": (*_BEFORE, _shots(("MAIN", "ground_250"), ("PT01", None), ("PT07", None)), _finish, _check_in, _mend),
    "flagged": (*_BEFORE, _shots(*_GOOD), _finish, _flag),
    "delayed": (*_BEFORE, _shots(*_GOOD)),
    "billed": (*_BEFORE, _shots(*_GOOD, ("PT07", None)), _finish, _check_in, _publish),
}
_REACHED: dict[str, Callable[[ImagingOrder], bool]] = {
    "placed": lambda order: True,
    "picked": lambda order: order.where != Where.SHELF,
    "cancelling": lambda order: order.cancellations.exists(),
    "arriving": lambda order: order.where not in (Where.SHELF, Where.PICKED),
    "not_located": lambda order: order.state == OrderState.NOT_PHOTOGRAPHED,
    "research": lambda order: bool(order.shoot_with),
    "shooting": lambda order: order.shots.exists(),
    "complete": lambda order: order.complete_at is not None,
    "flagged": lambda order: order.complete_at is not None,
    "delayed": lambda order: order.shots.count() >= 2,
    "billed": lambda order: order.billed_at is not None,
}


def _harbor() -> Caller:
    membership = Membership.objects.select_related("person").get(
        seller__display_name=HARBOR, person__email="harbor@fondaco.example"
    )
    return caller_for(membership.person)


def _staff(key: str) -> Caller:
    return caller_for(Person.objects.get(email=f"{key}@fondaco.example"))
