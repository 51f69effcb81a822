"""What the pages call the words of `rules`, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fondaco.ledger.operations.collecting import EXPIRED, NO_CARD
from fondaco.ledger.rules import AccountKind, Section

SECTIONS: dict[str, Any] = {
    Section.SALES: _("Sales"),
    Section.REFUNDS: _("Refunds"),
    Section.OTHER: _("Other transactions"),
    Section.PAYMENTS: _("Unpaid balance collected"),
    Section.PAYOUTS: _("Payouts"),
}

ACCOUNTS: dict[str, Any] = {
    AccountKind.SELLER_PROCEEDS: _("Sellers’ proceeds"),
    AccountKind.SELLER_DUE: _("Owed by sellers"),
    AccountKind.MARKETPLACE_FEES: _("Services and fees"),
    AccountKind.CARD_CLEARING: _("Coming from cards"),
    AccountKind.BUYER_PAYMENTS: _("Paid by buyers"),
    AccountKind.BUYER_REFUNDS: _("Refunded to buyers"),
    AccountKind.LABELS: _("Owed to carriers"),
    AccountKind.REIMBURSEMENTS: _("Borne by the marketplace"),
    AccountKind.PAYOUT: _("Paid out to sellers"),
}

CARD_REASONS: dict[str, Any] = {
    "declined": _("declined"),
    "insufficient_funds": _("not enough money on the card"),
    NO_CARD: _("no card on file"),
    EXPIRED: _("the card has expired"),
}

CHECKS: dict[str, Any] = {
    "sums": _("All entries of a currency sum to zero"),
    "postings": _("Every posting sums to zero"),
    "balances": _("Every balance is the sum of its entries"),
    "chains": _("Every entry begins where the one before ended"),
    "negatives": _("Nothing is below zero that must not be"),
    "holds": _("What is held is the sum of pending holds"),
    "dues": _("What sellers owe is the sum of what is open"),
    "statements": _("Every statement is the sum of its lines"),
    "closings": _("Every statement begins where the one before ended"),
}
