"""The prepaid label of a return: asked for through the one door of `fulfilment`, in steps that may each be repeated.

The wish stands on the return (`label_state`), written with the authorisation. Then, outside that transaction: the
label's row with its key (`ask_return_label`), the carrier, its answer (`Listener.bought`). The seller is charged at the
carrier's first scan by `fulfilment`; who bears the cost in the end is the refund's plan.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from fondaco.fulfilment.carriers.port import CarrierSilent
from fondaco.fulfilment.listeners import Listener, listen
from fondaco.fulfilment.models import Label, TrackingEvent
from fondaco.fulfilment.operations.labels import (
    LabelNotVoidable,
    NoServiceTakesIt,
    ask_carrier,
    ask_return_label,
    void_label,
)
from fondaco.fulfilment.rules.labels import IN_HAND, ScanCode
from fondaco.ledger.rules import Cause
from fondaco.returns import nudges
from fondaco.returns.locks import hold
from fondaco.returns.models import Return
from fondaco.returns.models.request import LabelState
from fondaco.returns.queries.package import package_of
from fondaco.sellers.addresses import PostalAddress

CAUSE = "returns.return"


def settle(return_id: UUID) -> None:
    """Bring the label where it is wanted: asked for, or voided. Safe to repeat and to kill at any point.

    Raises CarrierSilent: the sweep comes again.
    """
    row = Return.objects.select_related("order", "seller").filter(pk=return_id).first()
    if row is None:
        return
    if row.label_state == LabelState.WANTED:
        _ask(row)
    elif row.label_state == LabelState.VOIDING:
        _void(row)


def settle_now(return_id: UUID) -> None:
    """As `settle`, for somebody who waits for the page: a silent carrier is asked again later by the task."""
    try:
        settle(return_id)
        label_id = Return.objects.filter(pk=return_id).values_list("label_id", flat=True).first()
        if label_id:
            ask_carrier(label_id=label_id)
    except CarrierSilent:
        pass


def _ask(row: Return) -> None:
    package = package_of(row)
    units = row.units.select_related("unit__item").order_by("number")
    try:
        label = ask_return_label(
            seller=row.seller,
            origin=PostalAddress(**row.order.address),
            destination=PostalAddress(**row.address),
            package=package,
            cause=Cause(CAUSE, str(row.pk), row.number),
            request_key=f"return:{row.pk}",
            store=row.store,
            contents=[{"quantity": 1, "title": u.unit.item.title, "sku": u.unit.item.sku} for u in units],
            references={"Return": row.number, "Order": row.order.number},
            at=row.decided_at or row.requested_at,
        )
    except NoServiceTakesIt as refusal:
        with transaction.atomic():
            held = hold(row.pk, order_id=row.order_id)
            if held.row.label_state == LabelState.WANTED:
                _put(held.row, label_state=LabelState.REFUSED, label_note=refusal.CODE)
        return
    with transaction.atomic():
        held = hold(row.pk, order_id=row.order_id)
        if held.row.label_id is None:
            _put(held.row, label_id=label.pk, label_minor=label.price_minor, label_weight_g=label.weight_g)


def _void(row: Return) -> None:
    label_id = (
        row.label_id
        or Label.objects.filter(seller=row.seller, request_key=f"return:{row.pk}").values_list("pk", flat=True).first()
    )
    if label_id:
        try:
            void_label(label_id=label_id)
        except LabelNotVoidable:
            label = Label.objects.get(pk=label_id)
            if label.first_scan_at is not None:  # the carrier was faster: the return goes on as it is
                return
        else:
            return  # `voided` is written when the carrier says so
    Return.objects.filter(pk=row.pk, label_state=LabelState.VOIDING).update(label_state=LabelState.VOIDED)


def _bought(label: Label) -> None:
    held = hold(UUID(label.cause_id))
    row = held.row
    values: dict[str, Any] = {
        "label_id": label.pk,
        "label_minor": label.price_minor,
        "label_weight_g": label.weight_g,
        "carrier": label.carrier_name,
        "tracking_number": label.tracking_number,
    }
    if row.label_state == LabelState.WANTED:
        values["label_state"] = LabelState.BOUGHT
    _put(row, **values)
    if row.label_state == LabelState.VOIDING:
        nudges.label(row.pk)


def _refused(label: Label) -> None:
    held = hold(UUID(label.cause_id))
    if held.row.label_state in (LabelState.WANTED, LabelState.VOIDING):
        _put(held.row, label_state=LabelState.REFUSED, label_note=label.refusal[:200])


def _voided(label: Label) -> None:
    held = hold(UUID(label.cause_id))
    _put(held.row, label_state=LabelState.VOIDED)


def _scanned(label: Label, event: TrackingEvent) -> None:
    from fondaco.returns.operations import carrier

    if event.code == ScanCode.DELIVERED:
        carrier.record_delivered(return_id=UUID(label.cause_id), at=event.at)
    elif event.code in IN_HAND:
        carrier.record_scan(return_id=UUID(label.cause_id), at=event.at)


def _put(row: Return, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def undone(*, limit: int = 200) -> list[UUID]:
    """Returns whose label is still to be asked for or voided, for the sweep."""
    waiting = Return.objects.filter(label_state__in=[LabelState.WANTED, LabelState.VOIDING])
    return list(waiting.order_by("requested_at").values_list("pk", flat=True)[:limit])


def hear() -> None:
    """Called once, when the application is ready."""
    listen(CAUSE, Listener(bought=_bought, refused=_refused, voided=_voided, scanned=_scanned))


__all__ = ["CAUSE", "hear", "settle", "settle_now", "undone"]
