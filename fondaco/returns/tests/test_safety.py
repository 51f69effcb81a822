"""Killed at any step, asked twice, clicked twice, at once: nothing is lost and nothing is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.tasks import open_label_questions
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.orders.models import PayBack
from fondaco.orders.operations import payback
from fondaco.returns import labels, mail, tasks
from fondaco.returns.models import Refund, Return
from fondaco.returns.operations import refund, request
from fondaco.returns.tests.factories import arrived_order, ask, make_return, make_returning_seller
from fondaco.sellers.tests.factories import make_caller


class Killed(BaseException):
    """Not an Exception: nothing in the code may catch it, as nothing catches a kill."""


def killed_at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool) -> None:
    """The process dies once when it comes to this call: before it, or after it was done."""
    real: Callable[..., Any] = getattr(module, name)
    died: list[bool] = []

    def step(*args: Any, **options: Any) -> Any:
        if died:
            return real(*args, **options)
        died.append(True)
        if after:
            real(*args, **options)
        raise Killed

    monkeypatch.setattr(module, name, step)


REFUND_STEPS = [
    (refund, "plan_for"),
    (refund.orders, "record_refund"),
    (refund, "keep"),
    (refund.history, "record"),
    (mail, "tell_refunded"),
]


@pytest.mark.django_db
@pytest.mark.spec("Q-22", "PRIME-37")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(len(REFUND_STEPS)), ids=[name for _module, name in REFUND_STEPS])
@pytest.mark.parametrize("by", ["seller", "due_time"])
def test_killed_while_refunding(monkeypatch: pytest.MonkeyPatch, step: int, after: bool, by: str) -> None:
    row = make_return(arrived_order(), 10, received_at=clock.now())
    unit, seller = row.units.get(), make_caller(seller=row.seller)
    if by == "due_time":
        clock.set_to(at=unit.due_at + timedelta(seconds=5))

    def act() -> None:
        if by == "seller":
            refund.refund_unit(seller, number=row.number, unit=1)
        else:
            tasks.returns_due()
            run_tasks()

    module, name = REFUND_STEPS[step]
    killed_at(monkeypatch, module, name, after=after)
    with pytest.raises(Killed):
        act()
    assert not Refund.objects.exists()  # the transaction died with the process
    assert not PayBack.objects.exists()
    forget_tasks()  # and so did the queue
    act()
    act()
    run_tasks()
    assert Refund.objects.get().amount_minor == 32_75
    assert PayBack.objects.get().amount_minor == 32_75
    assert Posting.objects.filter(key=f"refund:return:{unit.pk}").count() == 1
    assert_books_in_order()


@pytest.mark.django_db
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_while_the_card_is_paid_back(monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    row = make_return(arrived_order(), 10, received_at=clock.now())
    refund.refund_unit(make_caller(seller=row.seller), number=row.number, unit=1)
    killed_at(monkeypatch, payback, "give_back", after=after)
    (waiting,) = payback.undone()
    with pytest.raises(Killed):
        payback.give_back(payback_id=waiting)
    forget_tasks()
    for pk in [waiting, *payback.undone()]:
        payback.give_back(payback_id=pk)
    assert PayBack.objects.get().done_at


LABEL_STEPS = [(labels, "ask_return_label"), (labels, "hold"), (labels, "_put")]


@pytest.mark.django_db
@pytest.mark.spec("PRIME-33")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(len(LABEL_STEPS)), ids=[name for _module, name in LABEL_STEPS])
def test_killed_while_the_label_is_bought(monkeypatch: pytest.MonkeyPatch, step: int, after: bool) -> None:
    (row,) = ask(arrived_order(), 10)
    module, name = LABEL_STEPS[step]
    killed_at(monkeypatch, module, name, after=after)

    def act() -> None:
        labels.settle_now(row.pk)
        run_tasks()

    with pytest.raises(Killed):
        act()
    forget_tasks()
    tasks.returns_due()
    run_tasks()
    clock.set_to(at=clock.now() + timedelta(hours=3))  # a question whose answer was lost rests before it is asked again
    open_label_questions()
    run_tasks()
    label = Label.objects.get()  # one, whatever happened
    row.refresh_from_db()
    assert (row.label_state, row.label_id, row.label_minor) == ("bought", label.pk, 7_25)


@pytest.mark.django_db
def test_killed_while_asking_leaves_nothing_or_all(monkeypatch: pytest.MonkeyPatch) -> None:
    order = arrived_order()
    killed_at(monkeypatch, request.mail, "tell_authorised", after=True)
    with pytest.raises(Killed):
        ask(order, 10, key="once")
    assert not Return.objects.exists()
    assert ask(order, 10, key="once") == ask(order, 10, key="once")
    assert Return.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Q-22")
def test_a_double_click_a_repeated_post_and_the_due_task_at_once_are_one_refund() -> None:
    row = make_return(arrived_order(), 10, received_at=clock.now())
    unit, seller = row.units.get(), make_caller(seller=row.seller)
    clock.set_to(at=unit.due_at + timedelta(seconds=5))
    start, failed = threading.Barrier(4), []

    def act(n: int) -> None:
        try:
            start.wait()
            if n % 2:
                refund.refund_unit(seller, number=row.number, unit=1)
            else:
                refund.refund_due(unit_id=unit.pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Refund.objects.count() == PayBack.objects.count() == 1
    assert_books_in_order()


@pytest.mark.django_db(transaction=True)
def test_one_unit_asked_for_twice_at_once_is_one_return() -> None:
    order = arrived_order(make_returning_seller())
    start, made, refused = threading.Barrier(3), [], []

    def act(n: int) -> None:
        try:
            start.wait()
            made.append(ask(order, 10, key=f"k{n}"))
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert {type(e).__name__ for e in refused} == {"UnitInReturn"}
    assert Return.objects.count() == 1
