"""Writes of the ledger, one function per verb."""

from fondaco.ledger.operations.charging import charge_seller, credit_seller
from fondaco.ledger.operations.collecting import TriedJustNow, collect, dues_to_collect, try_card_again
from fondaco.ledger.operations.holds import BeyondHold, HoldEnded, hold, settle_hold, void_hold
from fondaco.ledger.operations.payouts import NothingToPayOut, pay_out, payout
from fondaco.ledger.operations.periods import PeriodStillRuns, close_statement_period
from fondaco.ledger.operations.posting import (
    AlreadyReversed,
    CardIsBeingAsked,
    KeyReused,
    NotOwed,
    NotReversible,
    post,
    reverse,
)

__all__ = [
    "AlreadyReversed",
    "BeyondHold",
    "CardIsBeingAsked",
    "HoldEnded",
    "KeyReused",
    "NotOwed",
    "NotReversible",
    "NothingToPayOut",
    "PeriodStillRuns",
    "TriedJustNow",
    "charge_seller",
    "close_statement_period",
    "collect",
    "credit_seller",
    "dues_to_collect",
    "hold",
    "pay_out",
    "payout",
    "post",
    "reverse",
    "settle_hold",
    "try_card_again",
    "void_hold",
]
