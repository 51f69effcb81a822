"""The life of an imaging order, and where its unit is: two questions, two states (SPEC 1.7, IMG-SVC-18).

ORDER_PLACED → RECEIVED_AT_STUDIO → IMAGING_COMPLETE → BILLED
exits: CANCELLED, NOT_PHOTOGRAPHED (never billed)
"""

from __future__ import annotations

from enum import StrEnum

from fondaco.kit.errors import Refusal
from fondaco.studio.rules.marked import N_


class OrderState(StrEnum):
    """What became of the order."""

    ORDER_PLACED = "ORDER_PLACED"
    RECEIVED_AT_STUDIO = "RECEIVED_AT_STUDIO"
    IMAGING_COMPLETE = "IMAGING_COMPLETE"
    BILLED = "BILLED"
    CANCELLED = "CANCELLED"
    NOT_PHOTOGRAPHED = "NOT_PHOTOGRAPHED"


S = OrderState
OPEN = (S.ORDER_PLACED, S.RECEIVED_AT_STUDIO, S.IMAGING_COMPLETE)
ENDED = (S.BILLED, S.CANCELLED, S.NOT_PHOTOGRAPHED)
NEVER_BILLED = (S.CANCELLED, S.NOT_PHOTOGRAPHED)

MAY_BECOME: dict[OrderState, frozenset[OrderState]] = {
    S.ORDER_PLACED: frozenset({S.RECEIVED_AT_STUDIO, S.CANCELLED, S.NOT_PHOTOGRAPHED}),
    S.RECEIVED_AT_STUDIO: frozenset({S.IMAGING_COMPLETE, S.CANCELLED, S.NOT_PHOTOGRAPHED}),
    S.IMAGING_COMPLETE: frozenset({S.BILLED, S.CANCELLED}),
    S.BILLED: frozenset(),
    S.CANCELLED: frozenset(),
    S.NOT_PHOTOGRAPHED: frozenset(),
}


class Exit(StrEnum):
    """Why an order was not photographed."""

    NOT_LOCATED = "not_located"
    CAPACITY = "capacity"
    LOST = "lost"
    DAMAGED = "damaged"


class Where(StrEnum):
    """Where the unit is. `back`, `lost` and `damaged` are ends; `missing` is looked for in the FC."""

    SHELF = "fc_shelf"
    PICKED = "fc_dock"
    TO_STUDIO = "to_studio"
    STUDIO = "studio"
    TO_FC = "to_fc"
    BACK = "back"
    MISSING = "missing"
    LOST = "lost"
    DAMAGED = "damaged"


W = Where
AWAY = (W.SHELF, W.PICKED, W.TO_STUDIO, W.STUDIO, W.TO_FC, W.MISSING)
"""Places from which the unit still counts as at imaging in the seller's stock."""


class Leg(StrEnum):
    """A recorded movement of the unit (IMG-SVC-01)."""

    RESERVED = "reserved"
    PICKED = "picked"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    SENT_BACK = "sent_back"
    CHECKED_IN = "checked_in"
    NOT_LOCATED = "not_located"
    FOUND = "found"
    GIVEN_UP = "given_up"
    LOST = "lost"
    DAMAGED = "damaged"


L = Leg

WAYS: dict[Leg, tuple[frozenset[Where], Where]] = {
    L.RESERVED: (frozenset(), W.SHELF),
    L.PICKED: (frozenset({W.SHELF}), W.PICKED),
    L.DISPATCHED: (frozenset({W.PICKED}), W.TO_STUDIO),
    L.RECEIVED: (frozenset({W.TO_STUDIO}), W.STUDIO),
    L.SENT_BACK: (frozenset({W.STUDIO}), W.TO_FC),
    L.CHECKED_IN: (frozenset({W.TO_FC, W.SHELF, W.PICKED}), W.BACK),
    L.NOT_LOCATED: (frozenset({W.SHELF, W.PICKED}), W.MISSING),
    L.FOUND: (frozenset({W.MISSING}), W.BACK),
    L.GIVEN_UP: (frozenset({W.MISSING}), W.LOST),
    L.LOST: (frozenset({W.TO_STUDIO, W.STUDIO, W.TO_FC}), W.LOST),
    L.DAMAGED: (frozenset({W.TO_STUDIO, W.STUDIO, W.TO_FC}), W.DAMAGED),
}

CHAIN = (L.PICKED, L.DISPATCHED, L.RECEIVED, L.SENT_BACK)
"""The way there and back. A unit that is scanned further along has passed what nobody scanned."""


class WrongOrderState(Refusal):
    CODE = "imaging_wrong_state"
    WORDS = N_("This cannot be done with the order as it stands: %(state)s.")
    FIX = N_("Open the order to see where it stands now.")
    CLAUSE = "IMG-SVC-18"


class UnitElsewhere(Refusal):
    CODE = "imaging_unit_elsewhere"
    WORDS = N_("The unit cannot go this way: it is recorded as %(where)s.")
    FIX = N_("Scan the label again, or look at the unit's movements.")
    CLAUSE = "IMG-SVC-01"


def require_step(*, old: str, new: str) -> None:
    """Refuses a step that the life of an order does not have. Raises WrongOrderState."""
    if S(new) not in MAY_BECOME[S(old)]:
        raise WrongOrderState(state=str(old), wanted=str(new))


def leads_to(leg: Leg, *, where: str) -> Where:
    """Where the unit is after this movement. Raises UnitElsewhere."""
    starts, ends = WAYS[leg]
    if where not in starts:
        raise UnitElsewhere(where=str(where), leg=str(leg))
    return ends


def unscanned(*, where: str, before: Leg) -> list[Leg]:
    """The movements that must have happened, unscanned, before `before` can: the unit is there, so it came there.

    Empty when it stands right before it. Raises UnitElsewhere when it cannot have come there.
    """
    here: str = where
    passed: list[Leg] = []
    for leg in CHAIN[: CHAIN.index(before)]:
        if here in WAYS[leg][0]:
            passed.append(leg)
            here = WAYS[leg][1]
    leads_to(before, where=here)
    return passed
