"""Paying sellers out: from proceeds to the account that the bank transfer is made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.kit.text import line
from fondaco.ledger import locks
from fondaco.ledger.models import Posting
from fondaco.ledger.operations.posting import Spec, once, write
from fondaco.ledger.rules import AccountKind, Cause, Line, PostingKind, fingerprint, payable
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import seller_for
from fondaco.sellers.rules import Role


class NothingToPayOut(Refusal):
    CODE = "ledger_nothing_to_pay_out"
    WORDS = N_("Nothing can be paid out: what is there is held or still owed.")


def payout(*, seller: SellerAccount, currency: str, key: str, at: datetime | None = None, actor: Any = None) -> Posting:
    """Pay out everything that is neither held nor owed. The same key again answers the same.

    Raises NothingToPayOut, NotAnAmount (no currency).
    """
    Money.zero(currency)
    moment = at or clock.now()
    cause = Cause("sellers.selleraccount", str(seller.pk), seller.display_name)
    asked = fingerprint({"payout": seller.pk, "currency": currency})
    spec = Spec(key, asked, PostingKind.PAYOUT, cause, "payout", moment)
    kinds = (AccountKind.SELLER_PROCEEDS, AccountKind.SELLER_DUE, AccountKind.PAYOUT)
    places = [locks.place(kind, currency, seller.pk, key=key) for kind in kinds]

    def paid(accounts: locks.Accounts) -> Posting:
        proceeds, due, _bank = (accounts[place] for place in places)
        minor = payable(available_minor=proceeds.available_minor, due_minor=-due.balance_minor)
        if not minor:
            raise NothingToPayOut
        amount = Money(minor, currency)
        lines = [Line(AccountKind.SELLER_PROCEEDS, -amount, seller.pk), Line(AccountKind.PAYOUT, amount)]
        posting = write(spec, lines, accounts)
        history.record(actor=actor, verb="payout.made", subject=seller, about={"amount": str(amount)}, at=moment)
        return posting

    return once(spec, places=places, write=paid)


def pay_out(caller: Caller, *, number: str, currency: str, key: str) -> Posting:
    """The operator pays a seller out. Raises SignInRequired, Denied, NotFound, NothingToPayOut."""
    caller.require_role(Role.OPERATOR)
    seller = seller_for(caller, number=line(number, limit=14, required=True))
    key = f"payout:{line(key, limit=100, required=True)}"
    return payout(seller=seller, currency=currency, key=key, actor=caller)
