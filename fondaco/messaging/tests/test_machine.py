"""Random lives of a conversation with its photo requests: the states of SPEC 1.7, whatever is done in whatever order."""

from __future__ import annotations

import itertools
import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks
from fondaco.messaging import operations
from fondaco.messaging.models import Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.operations.errors import AlreadyClosed, WrongState
from fondaco.messaging.rules.words import NEXT_STATES, Outcome, RequestState
from fondaco.messaging.tests.factories import begun, kept
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, placed_order

ORDER = list(RequestState)
EXAMPLES = int(os.environ.get("FONDACO_STORE_EXAMPLES", "60" if os.environ.get("CI") == "true" else "6"))
_keys = itertools.count(1)


class Requests(RuleBasedStateMachine):
    """One buyer, one seller, one conversation. What a verb may do is told by the state alone; a refusal changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        forget_tasks()

    @initialize(photos=st.sampled_from(["", operations.ASK, operations.SEND]))
    def begin(self, photos: str) -> None:
        self.at = clock.now()
        order = placed_order()
        self.buyer, self.seller = caller_of_buyer(order), caller_of_seller(order)
        self.number = begun(order, photos=photos, at=self.at).number
        self.photo = kept(view="FrontView")
        self.seen: dict[Any, RequestState] = {}
        self.remember()

    @rule(kind=st.sampled_from(["product_defect", "shipping_damage"]), twice=st.booleans())
    def instruct(self, kind: str, twice: bool) -> None:
        was, count = self.state(), Message.objects.count()
        key = f"i{next(_keys)}"
        for _ in range(1 + twice):
            operations.ask_for_photos(
                self.seller, number=self.number, photo_type=kind, text="From three sides, please.", request_key=key,
                at=self.tick(),
            )  # fmt: skip
        assert self.state() is RequestState.INSTRUCTED, was
        assert Message.objects.count() == count + 1

    @rule(twice=st.booleans(), has_photo=st.booleans())
    def write_as_buyer(self, twice: bool, has_photo: bool) -> None:
        was, count, photos = self.state(), Message.objects.count(), Attachment.objects.count()
        key = f"b{next(_keys)}"
        for _ in range(1 + twice):
            operations.send(
                self.buyer, number=self.number, text="Here it is.", kept=[self.photo] if has_photo else [],
                request_key=key, confirmed=True, at=self.tick(),
            )  # fmt: skip
        assert self.state() is (RequestState.SUBMITTED if has_photo and was else was)
        assert Message.objects.count() == count + 1
        assert Attachment.objects.count() == photos + has_photo
        assert self.conversation().closed_at is None

    @rule()
    def send_unasked(self) -> None:
        operations.send_photos(
            self.buyer, number=self.number, photo_type="product_defect", text="", kept=[self.photo],
            request_key=f"p{next(_keys)}", confirmed=True, at=self.tick(),
        )  # fmt: skip
        assert self.state() is RequestState.SUBMITTED

    @rule()
    def answer(self) -> None:
        was = self.state()
        operations.send(self.seller, number=self.number, text="We look into the lid today.", at=self.tick())
        assert self.state() is was
        assert self.conversation().due_at is None

    @rule()
    def review(self) -> None:
        was = self.state()
        try:
            operations.review_photos(self.seller, number=self.number, at=self.tick())
        except WrongState:
            assert was not in (RequestState.SUBMITTED, RequestState.REVIEWED)
            assert self.state() is was
        else:
            assert was in (RequestState.SUBMITTED, RequestState.REVIEWED)
            assert self.state() is RequestState.REVIEWED

    @rule(by_buyer=st.booleans())
    def close(self, by_buyer: bool) -> None:
        was_closed = self.conversation().closed_at
        outcome = Outcome.WITHDRAWN if by_buyer else Outcome.REPLACEMENT
        try:
            operations.close(
                self.buyer if by_buyer else self.seller, number=self.number, outcome=outcome, at=self.tick()
            )
        except AlreadyClosed:
            assert was_closed
        else:
            assert not was_closed
            assert self.conversation().outcome == outcome
            assert self.state() is None

    @rule(hours=st.integers(1, 200))
    def remind(self, hours: int) -> None:
        at = self.tick(hours=hours)
        for request in PhotoRequest.objects.all():
            was = request.state
            done = operations.remind(request.pk, at=at)
            assert not done or was == RequestState.INSTRUCTED
            request.refresh_from_db()
            assert request.state == was

    @rule()
    def excuse(self) -> None:
        operations.excuse(self.seller, number=self.number, at=self.tick())
        assert self.conversation().due_at is None

    @invariant()
    def states_move_along_the_arrows(self) -> None:
        if not hasattr(self, "seen"):
            return
        for request in PhotoRequest.objects.all():
            now, was = RequestState(request.state), self.seen.get(request.pk)
            if was is not None and was is not now:
                if (
                    was is RequestState.OPEN and now is RequestState.SUBMITTED
                ):  # the buyer did not wait for instructions
                    assert request.instructed_at == request.submitted_at
                else:
                    assert now in NEXT_STATES[was], (was, now)
        self.remember()

    @invariant()
    def rows_agree(self) -> None:
        if not hasattr(self, "number"):
            return
        rows = list(PhotoRequest.objects.all())
        live = [r for r in rows if r.state != RequestState.RESOLVED]
        assert len(live) <= 1
        for r in rows:
            reached = {"instructed": r.instructed_at, "submitted": r.submitted_at, "reviewed": r.reviewed_at}
            assert r.state in ("open", "resolved") or reached[r.state]
            assert (r.state == RequestState.RESOLVED) == (r.resolved_at is not None)
            assert r.remind_at is None or r.state == RequestState.INSTRUCTED
            assert not r.photos.exists() or r.submitted_at
        conversation = self.conversation()
        waiting = conversation.messages.filter(due_at__isnull=False, answered_at=None, excused_at=None)
        assert conversation.due_at == min((m.due_at for m in waiting), default=None)
        assert not conversation.closed_at or not live
        assert bool(conversation.closed_at) == bool(conversation.outcome)

    def remember(self) -> None:
        self.seen = {r.pk: RequestState(r.state) for r in PhotoRequest.objects.all()}

    def state(self) -> RequestState | None:
        found = PhotoRequest.objects.exclude(state=RequestState.RESOLVED).first()
        return RequestState(found.state) if found else None

    def conversation(self) -> Conversation:
        return Conversation.objects.get(number=self.number)

    def tick(self, hours: int = 1) -> Any:
        self.at += timedelta(hours=hours)
        return self.at


@pytest.mark.django_db
@pytest.mark.spec("PHOTO-20", "PHOTO-31", "PHOTO-33", "B-PHOTO-02")
def test_any_life_of_a_conversation_keeps_to_the_states() -> None:
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Requests, settings=chosen)


def test_every_state_leads_to_the_end_and_none_leaves_it() -> None:
    assert NEXT_STATES[RequestState.RESOLVED] == frozenset()
    assert all(RequestState.RESOLVED in NEXT_STATES[state] for state in ORDER[:-1])
    assert all(ORDER[n + 1] in NEXT_STATES[ORDER[n]] for n in range(len(ORDER) - 1))
