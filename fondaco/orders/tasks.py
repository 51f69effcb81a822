"""Tasks: load by id, call one operation."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job
from fondaco.orders import nudges, operations
from fondaco.orders.operations import CardDeclined
from fondaco.orders.operations.payback import undone
from fondaco.orders.operations.place import unanswered


@job(queue="fast")
def settle_checkout(checkout_id: str) -> None:
    """Ask the card of a checkout and make its orders. Declined is an answer, too."""
    with suppress(CardDeclined):
        operations.settle(checkout_id=UUID(checkout_id))


@job(queue="fast")
def give_back(payback_id: str) -> None:
    """Tell the gateway about money that goes back."""
    operations.give_back(payback_id=UUID(payback_id))


@sweep
def finish_checkouts() -> None:
    """Checkouts that were killed between reserving and the card's answer."""
    for pk in unanswered(at=clock.now()):
        nudges.settle(pk)


@sweep
def give_back_what_is_due() -> None:
    """Money whose task was lost."""
    for pk in undone():
        nudges.pay_back(pk)
