"""Writing a parcel back after a rule moved it: only what changed, with due times and closing as they follow."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from fondaco.engine import rows
from fondaco.kit import deadlines
from fondaco.returns.locks import Held
from fondaco.returns.models import ReturnUnit
from fondaco.returns.rules import life
from fondaco.returns.terms import Terms, calendar_of, terms_for


def terms_of(held: Held) -> Terms:
    return terms_for(held.row.store, placed_at=held.order.placed_at, requested_at=held.row.requested_at)


def keep(held: Held, moved: life.Parcel, *, at: datetime, terms: Terms | None = None) -> None:
    """Write what differs between the held parcel and `moved`; `held` is the moved one afterwards."""
    row, changed = held.row, []
    if moved.acceptance != held.parcel.acceptance:
        row.acceptance = moved.acceptance.value
        changed.append("acceptance")
    for name in ("scanned_at", "delivered_at"):
        if getattr(moved, name) != getattr(held.parcel, name):
            setattr(row, name, getattr(moved, name))
            changed.append(name)
    for unit, before, after in zip(held.units, held.parcel.units, moved.units, strict=True):
        if before != after or moved.acceptance != held.parcel.acceptance:
            _keep_unit(held, unit, before, after, moved, at=at, terms=terms)
    if moved.is_settled and row.closed_at is None:
        row.closed_at = at
        changed.append("closed_at")
    if changed:
        rows.update(row, *changed)
    held.parcel = moved


def _keep_unit(
    held: Held,
    unit: ReturnUnit,
    before: life.Unit,
    after: life.Unit,
    moved: life.Parcel,
    *,
    at: datetime,
    terms: Terms | None,
) -> None:
    fields = []

    def put(name: str, value: object) -> None:
        if getattr(unit, name) != value:
            setattr(unit, name, value)
            fields.append(name)

    put("reason", str(after.reason))
    put("place", after.place.value)
    put("checked_in_at", after.checked_in_at)
    put("arrived_at", after.arrived_at)
    put("missing_at", after.missing_at)
    put("grade", after.grade.value if after.grade else "")
    put("is_live", (moved.acceptance in life.OPEN and not after.dropped) or after.refunded)
    if after.dropped and not before.dropped:
        put("dropped_at", at)
    if after.is_settled or after.arrived_at is None:
        put("due_at", None)
    elif after.arrived_at != before.arrived_at:
        due = refund_due(held, after.arrived_at, terms or terms_of(held))
        put("due_at", due.due_at)
        put("due_basis", {**due.basis, "policy_version": due.policy_version})
    if unit.grade and unit.graded_at is None:
        put("graded_at", at)
    if fields:
        rows.update(unit, *fields)


def refund_due(held: Held, arrived_at: datetime, terms: Terms) -> deadlines.Deadline:
    """When a unit that arrived then must be refunded (PRIME-36, Q-21)."""
    calendar = calendar_of(held.row.store, at=arrived_at)
    return deadlines.refund(
        arrived_at=arrived_at,
        business_days=terms.sla_business_days,
        calendar=calendar.days,
        zone=ZoneInfo(held.row.zone),
        policy_version=terms.versions["refund.sla_business_days"],
    )
