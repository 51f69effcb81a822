"""Small makers of postings, in the market of the sellers' factories."""

from __future__ import annotations

import itertools
from typing import Any

from fondaco.kit.money import Money
from fondaco.ledger import operations
from fondaco.ledger.audit import audit
from fondaco.ledger.models import Account, Posting
from fondaco.ledger.rules import AccountKind, Cause, PostingKind
from fondaco.sellers.models import SellerAccount

_count = itertools.count(1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def order(label: str = "") -> Cause:
    """An imaging order."""
    number = next(_count)
    return Cause("studio.order", str(number), label or f"Order {number}")


def give(seller: SellerAccount, minor: int, **options: Any) -> Posting:
    """Proceeds of a sale."""
    values = {"cause": Cause("orders.order", "111-1", "111-1"), "reason": "sale", "kind": PostingKind.SALE}
    values |= {"source": AccountKind.BUYER_PAYMENTS, "key": f"sale:{next(_count)}", **options}
    return operations.credit_seller(seller=seller, amount=usd(minor), **values)


def bill(seller: SellerAccount, minor: int, **options: Any) -> Posting:
    """An imaging service."""
    values = {"cause": order(), "reason": "imaging_service", "key": f"imaging:{next(_count)}", **options}
    return operations.charge_seller(seller=seller, amount=usd(minor), **values)


def balance(kind: AccountKind, seller: SellerAccount | None = None) -> int:
    """All accounts of that kind of the seller, or of the marketplace, together."""
    return sum(a.balance_minor for a in Account.objects.filter(kind=kind.value, seller=seller))


def proceeds(seller: SellerAccount) -> int:
    return balance(AccountKind.SELLER_PROCEEDS, seller)


def owed(seller: SellerAccount) -> int:
    return -balance(AccountKind.SELLER_DUE, seller)


def assert_books_in_order() -> None:
    report = audit()
    assert report.is_clean, report.faults
