"""The policy that one return goes by: each value at its own anchor (SPEC Part 3, Q-52).

Order values at the time of the order, request values at the time of the request; nothing that is published later
reaches back. A book with a draft on it answers the operator's what-if.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from fondaco import policy
from fondaco.kit.calendar import BusinessCalendar
from fondaco.policy.book import Book
from fondaco.returns.rules.refund import Combination, RefundPolicy
from fondaco.returns.rules.window import Extension

ORDER_KEYS = (
    "return.window_days",
    "return.window_start",
    "return.holiday_extensions",
    "return.free_categories",
    "return.non_returnable",
    "refund.late_after_days",
    "refund.late_max_pct",
    "refund.condition_max_pct",
    "refund.opened_software_max_pct",
    "refund.combination",
    "refund.sla_business_days",
    "refund.auto_at_sla",
    "refund.photo_required_from_pct",
    "refund.at_first_scan",
    "refund.missing_units_after_days",
)
REQUEST_KEYS = (
    "return.auto_authorise",
    "return.reason_codes",
    "return.hazmat_blocked",
    "return.exception_grace_days",
    "return.prepaid_exempt",
)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One row of Table C as the store has it. `label` is an English msgid of `policy`."""

    number: int
    key: str
    label: str
    payer: str
    at_fault: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a return asks policy for. `versions`: policy key → version, to be stored."""

    refund: RefundPolicy
    reasons: tuple[ReasonRow, ...]
    window_default: int
    window_by_category: Mapping[str, int]
    window_start: str
    extensions: tuple[Extension, ...]
    not_returnable: frozenset[str]
    without_label: frozenset[str]
    auto_authorise: bool
    blocked_classes: frozenset[str]
    blocked_exceptions: frozenset[str]
    sla_business_days: int
    auto_at_sla: bool
    at_first_scan: bool
    missing_after_days: int
    versions: Mapping[str, str]

    @property
    def keys(self) -> dict[int, str]:
        """The keys of the store's reasons by their numbers."""
        return {row.number: row.key for row in self.reasons}


def terms_for(store: str, *, placed_at: datetime, requested_at: datetime, book: Book | None = None) -> Terms:
    """The terms of a return of an order placed then, asked for then."""
    asked = book or policy.current()
    values = {
        **asked.many(ORDER_KEYS, store, at=placed_at),
        **asked.many(REQUEST_KEYS, store, at=requested_at),
    }
    return _terms(tuple((key, _Same(value)) for key, value in values.items()))


class _Same:
    """A policy value that compares by its version: what was read once is not read again for every return."""

    __slots__ = ("found",)

    def __init__(self, found: Any) -> None:
        self.found = found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return NotImplemented
        return self.found is other.found or (
            self.found.version == other.found.version and self.found.value == other.found.value
        )

    def __hash__(self) -> int:
        return hash(self.found.version)


@lru_cache(maxsize=256)
def _terms(values: tuple[tuple[str, _Same], ...]) -> Terms:
    at = {key: same.found.value for key, same in values}
    versions = {key: same.found.version for key, same in values}
    reasons = tuple(
        ReasonRow(row["number"], row["key"], row["label"], row["payer"], row["at_fault"])
        for row in at["return.reason_codes"]
    )
    return Terms(
        refund=_refund_policy(at, reasons, versions),
        reasons=reasons,
        window_default=at["return.window_days"]["default"],
        window_by_category=dict(at["return.window_days"]["by_category"]),
        window_start=_START[at["return.window_start"]],
        extensions=tuple(_extension(row) for row in at["return.holiday_extensions"]),
        not_returnable=_kinds(at["return.non_returnable"]),
        without_label=_kinds(at["return.prepaid_exempt"]),
        auto_authorise=at["return.auto_authorise"],
        blocked_classes=frozenset(at["return.hazmat_blocked"]["classes"]),
        blocked_exceptions=frozenset(at["return.hazmat_blocked"]["exceptions"]),
        sla_business_days=at["refund.sla_business_days"],
        auto_at_sla=at["refund.auto_at_sla"],
        at_first_scan=at["refund.at_first_scan"],
        missing_after_days=at["refund.missing_units_after_days"],
        versions=versions,
    )


_START = {
    "delivered": "delivered",
    "estimated_delivery": "estimated_delivery",
    "shipped": "shipped",
    "ordered": "ordered",
}


def _refund_policy(at: Mapping[str, Any], reasons: Sequence[ReasonRow], versions: Mapping[str, str]) -> RefundPolicy:
    return RefundPolicy(
        late_after_days=at["refund.late_after_days"],
        late_max_pct=at["refund.late_max_pct"],
        condition_max_pct=at["refund.condition_max_pct"],
        opened_software_max_pct=at["refund.opened_software_max_pct"],
        photo_required_from_pct=at["refund.photo_required_from_pct"],
        exception_grace_days=at["return.exception_grace_days"],
        buyer_paid=frozenset(row.key for row in reasons if row.payer == "buyer"),
        free_categories=frozenset(at["return.free_categories"]),
        at_fault=frozenset(row.key for row in reasons if row.at_fault),
        combination=Combination(at["refund.combination"]),
        version=versions["return.reason_codes"],
    )


def _extension(row: Mapping[str, Any]) -> Extension:
    return Extension(
        first=date.fromisoformat(row["from"]),
        last=date.fromisoformat(row["to"]),
        until=date.fromisoformat(row["until"]),
        basis=row["basis"],
        categories=frozenset(row["categories"]),
    )


def _kinds(value: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(value["kinds"]) if value["applies"] else frozenset()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days of a store and the version they come from."""

    days: BusinessCalendar
    version: str


def calendar_of(store: str, *, at: datetime) -> Calendar:
    """Which days count when something arrives then (Q-21)."""
    found = policy.value("calendar.business", store, at=at)
    return Calendar(BusinessCalendar.of(found.value), found.version)
