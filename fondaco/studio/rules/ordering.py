"""Why an imaging order cannot be placed: one list, from which the pop-up, the API and the operation answer (Q-02)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fondaco.kit.diagnosis import Check, Diagnosis, Outcome, failed, passed, run
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.studio.rules.marked import N_

DEFAULT_ROW = "default"


class CannotOrder(Refusal):
    """No imaging order for this product now; each reason is a class of its own with its own words (IMG-SVC-16)."""

    CODE = "imaging_cannot_order"
    CLAUSE = "IMG-SVC-16"


class NotFulfilledHere(CannotOrder):
    CODE = "imaging_not_fulfilled_by_marketplace"
    WORDS = N_("This product is not fulfilled by the marketplace, so no unit can be sent to the studio.")
    FIX = N_("Offer it as fulfilled by the marketplace, and send units to a fulfilment centre.")


class NoUnit(CannotOrder):
    CODE = "imaging_no_unit"
    WORDS = N_("There is no unit available in a fulfilment centre.")
    FIX = N_("Order when a unit has arrived there or has come back.")


class CapacityClosed(CannotOrder):
    CODE = "imaging_capacity_closed"
    WORDS = N_("The studio takes no more orders today.")
    FIX = N_("Try again tomorrow; nothing is lost by waiting.")
    CLAUSE = "IMG-SVC-29"


class NoPrice(CannotOrder):
    CODE = "imaging_no_price"
    WORDS = N_("The studio does not photograph products of this category at present.")
    FIX = N_("Upload pictures of your own in Manage Images.")
    CLAUSE = "Q-01"


class OrderOpen(CannotOrder):
    CODE = "imaging_order_open"
    WORDS = N_("There is an open imaging order for this product already: %(number)s.")
    FIX = N_("Follow that order; another one can be placed when it has ended.")
    CLAUSE = "Q-56"


class AccountClosed(CannotOrder):
    CODE = "imaging_account_not_active"
    WORDS = N_("Your seller account is not active, so no service can be ordered.")
    FIX = N_("Read the reason on the page Account and answer it there.")


class NoCard(CannotOrder):
    CODE = "imaging_no_card"
    WORDS = N_("There is no card on file. What sales proceeds do not cover is charged to it.")
    FIX = N_("Put a card on file under Account, Cards.")
    CLAUSE = "IMG-SVC-04"


class TooManyOpen(CannotOrder):
    CODE = "imaging_too_many_open"
    WORDS = N_("You have as many open imaging orders as are allowed at a time: %(most)s.")
    FIX = N_("Wait until one of them has ended.")
    CLAUSE = "IMG-SVC-28"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides. `capacity_left`, `most_open`: None means no limit. `open_number`: of the open order, if any."""

    is_offered: bool
    channel: str
    eligible_channels: frozenset[str]
    sellable_units: int
    capacity_left: int | None
    price: Money | None
    open_number: str
    is_active: bool
    has_card: bool
    open_orders: int = 0
    most_open: int | None = None


_RULES: Sequence[tuple[type[CannotOrder], str, Callable[[Facts], bool]]] = (
    (
        NotFulfilledHere,
        N_("Is the product fulfilled by the marketplace?"),
        lambda f: f.is_offered and f.channel in f.eligible_channels,
    ),
    (NoUnit, N_("Is a unit in a fulfilment centre?"), lambda f: f.sellable_units > 0 or bool(f.open_number)),
    (
        CapacityClosed,
        N_("Does the studio take orders today?"),
        lambda f: f.capacity_left is None or f.capacity_left > 0,
    ),
    (NoPrice, N_("Is there a price for its category?"), lambda f: f.price is not None),
    (OrderOpen, N_("Is no order for it open?"), lambda f: not f.open_number),
    (AccountClosed, N_("Is the seller account active?"), lambda f: f.is_active),
    (NoCard, N_("Is a card on file?"), lambda f: f.has_card),
    (TooManyOpen, N_("Are more orders allowed?"), lambda f: f.most_open is None or f.open_orders < f.most_open),
)

REFUSALS: Mapping[str, type[CannotOrder]] = {refusal.CODE: refusal for refusal, _question, _test in _RULES}


def _check(refusal: type[CannotOrder], question: str, holds: Callable[[Facts], bool]) -> Check[Facts]:
    def test(facts: Facts) -> Outcome:
        if holds(facts):
            return passed()
        return failed(message=refusal.WORDS, fix=refusal.FIX, evidence=_evidence(facts))

    return Check(refusal.CODE, question, test, clause=refusal.CLAUSE)


def _evidence(facts: Facts) -> dict[str, object]:
    return {"number": facts.open_number, "most": facts.most_open, "sellable_units": facts.sellable_units}


CHECKS = tuple(_check(*row) for row in _RULES)


def diagnose(facts: Facts) -> Diagnosis:
    """Every question in order, until one refuses."""
    return run(CHECKS, facts)


def refusal_of(diagnosis: Diagnosis) -> CannotOrder | None:
    """The refusal that a diagnosis ends in, with its facts; None when the order can be placed."""
    end = diagnosis.conclusion
    return REFUSALS[end.check.code](**end.outcome.evidence) if end else None


def price_for(*, categories: frozenset[str], table: Sequence[Mapping[str, object]]) -> Money | None:
    """The quote for a product of these categories: the dearest row among its categories, or else the row `default`.

    None: no price, no order (Q-01). A row of the product's own category counts before `default`.
    """
    prices = {str(row["category"]): row["price"] for row in table}
    own = [price for category, price in prices.items() if category in categories]
    found = max(own, key=lambda price: price.minor) if own else prices.get(DEFAULT_ROW)  # type: ignore[attr-defined]
    return found if isinstance(found, Money) else None
