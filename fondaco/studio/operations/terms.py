"""The operator's two levers: how many orders the studio takes a day, and what an order costs (IMG-SVC-29, Q-01).

Both are versions of policy. Orders that are placed keep their quote (IMG-SVC-34).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fondaco.engine import clock
from fondaco.kit.calendar import start_of_day
from fondaco.kit.errors import Invalid
from fondaco.kit.money import Money
from fondaco.policy import operations as policies
from fondaco.policy.stores import store_of
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role
from fondaco.studio.rules.marked import N_


class ForeignCurrency(Invalid):
    CODE = "imaging_price_currency"
    WORDS = N_("Prices of this store are in %(currency)s.")
    CLAUSE = "Q-01"


def set_capacity(caller: Caller, *, store: str, most: int | None, only_today: bool = False, note: str = "") -> None:
    """How many orders the store's studio takes a day, from now on or until its day ends; None: no limit.

    Raises WrongValue and NothingChanges of policy, Denied.
    """
    caller.require_role(Role.OPERATOR)
    zone = store_of(store).zone
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    policies.publish(
        author=caller,
        key="imaging.capacity_per_day",
        store=store,
        value=most,
        effective_to=start_of_day(tomorrow, zone) if only_today else None,
        note=note,
    )


def set_prices(caller: Caller, *, store: str, prices: Mapping[str, Money], note: str = "") -> None:
    """The whole price table of a store: the price by category or product type; `default` serves all that have no row.

    Raises ForeignCurrency, WrongValue and NothingChanges of policy, Denied.
    """
    caller.require_role(Role.OPERATOR)
    currency = store_of(store).currency
    if any(price.currency != currency for price in prices.values()):
        raise ForeignCurrency(currency=currency)
    policies.publish(
        author=caller,
        key="imaging.price_table",
        store=store,
        value=[{"category": category, "price": price.as_dict()} for category, price in prices.items()],
        note=note,
    )
