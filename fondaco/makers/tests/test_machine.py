"""Random lives of an application and its invitations: what always holds (README, "What always holds")."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.kit.errors import Refusal
from fondaco.makers.models import Application, LinkGuess, Maker, MakerInvitation
from fondaco.makers.operations import applying, inviting, reviewing
from fondaco.makers.rules.application import MOVES, UNDER_WAY, Option, PhotoKind, State
from fondaco.makers.tests.factories import ANSWERS, photo, reviewer, secret_mailed_to
from fondaco.sellers.access import caller_for
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

EXAMPLES = int(os.environ.get("FONDACO_MACHINE_EXAMPLES", "12"))
PHOTOS = {kind: photo(seed=40 + n) for n, kind in enumerate(PhotoKind)}


class Life(RuleBasedStateMachine):
    """One applicant, two reviewers who may hold stale pages, support, and links that were mailed."""

    def __init__(self) -> None:
        super().__init__()
        forget_tasks()
        LinkGuess.objects.all().delete()
        self.block = transaction.atomic()
        self.block.__enter__()
        person = make_person("June Clay")
        seller = make_seller(f"Juniper {person.pk}", owner=person, country="CA")
        self.june = caller_for(person, seller_number=seller.number)
        self.desk = [reviewer(), reviewer()]
        self.support = make_caller(role=Role.SUPPORT)
        self.secrets: list[str] = []
        self.seen: dict[int, int] = {}
        self.states: list[tuple[Any, str]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        forget_tasks()

    def tried(self, fn: Any, *args: Any, **kwargs: Any) -> None:
        try:
            with transaction.atomic():
                fn(*args, **kwargs)
        except Refusal:
            pass

    @property
    def application(self) -> Application | None:
        return Application.objects.filter(applicant=self.june.person).order_by("-created_at").first()

    @rule()
    def fill_in(self) -> None:
        def act() -> None:
            draft = applying.start(self.june)
            applying.save(self.june, draft.pk, answers=ANSWERS)
            for kind, data in PHOTOS.items():
                applying.add_photo(self.june, draft.pk, kind=kind, data=data, name="a.jpg")

        self.tried(act)

    @rule()
    def send(self) -> None:
        if self.application:
            self.tried(applying.submit, self.june, self.application.pk, accepts_terms=True)

    @rule()
    def answer(self) -> None:
        if self.application:
            self.tried(applying.answer, self.june, self.application.pk, text="Me.")

    @rule(who=st.integers(0, 1))
    def look(self, who: int) -> None:
        if self.application:
            self.seen[who] = self.application.revision

    @rule(who=st.integers(0, 1), verb=st.sampled_from(["take", "ask", "approve", "decline"]))
    def act_at_desk(self, who: int, verb: str) -> None:
        if not self.application:
            return
        extra = {"ask": {"text": "Who?"}, "decline": {"reason": "Not yours."}}.get(verb, {})
        revision = self.seen.get(who, -1)
        self.tried(getattr(reviewing, verb), self.desk[who], self.application.pk, revision=revision, **extra)

    @rule()
    def tasks(self) -> None:
        run_tasks()
        if MakerInvitation.objects.filter(application__applicant=self.june.person).exists():
            secret = secret_mailed_to(self.june.person.email)
            if secret not in self.secrets:
                self.secrets.append(secret)

    @rule()
    def re_issue(self) -> None:
        if self.application:
            self.tried(inviting.reissue, self.support, self.application.pk)
            self.tasks()

    @rule(which=st.integers(0, 5))
    def click(self, which: int) -> None:
        if self.secrets:
            self.tried(
                inviting.register,
                self.june,
                secret=self.secrets[which % len(self.secrets)],
                option=Option.PROFESSIONAL,
                seller_number=self.june.seller.number,
            )

    @invariant()
    def holds(self) -> None:
        rows = list(Application.objects.filter(applicant=self.june.person))
        assert sum(1 for row in rows if State(row.state) in UNDER_WAY) <= 1
        for row in rows:
            invitations = MakerInvitation.objects.filter(application=row)
            assert invitations.filter(replaced_at=None).count() <= 1
            assert invitations.filter(used_at__isnull=False).count() == (1 if row.state == State.REGISTERED else 0)
            if row.state in (State.DECLINED, State.APPROVED, State.INVITED, State.REGISTERED):
                assert row.reviewer_id
                assert row.decided_at
            self._moves(row)
        makers = Maker.objects.filter(seller=self.june.seller)
        assert makers.count() == sum(1 for row in rows if row.state == State.REGISTERED)
        assert all(m.stores == ["US", "CA", "MX"] for m in makers)

    def _moves(self, row: Application) -> None:
        """Only along the arrows of SPEC 1.7; sending and inviting may both lie within one step."""
        before = next((state for pk, state in reversed(self.states) if pk == row.pk), None)
        self.states.append((row.pk, row.state))
        if before in (None, row.state):
            return
        reach = {before}
        for _n in range(2):
            reach |= {to for state in reach for to in MOVES[State(state)]}
        assert row.state in reach, (before, row.state)


@pytest.mark.django_db
@pytest.mark.spec("HAND-05", "HAND-08", "HAND-10", "Q-43")
def test_an_application_lives_by_its_rules() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
