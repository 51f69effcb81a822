"""The operator's pages: for the operator only, and what stands aside can be taken up again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.models import JobFailure
from fondaco.engine.tasks import job
from fondaco.history.models import Event
from fondaco.sellers.tests.factories import make_person, make_staff

pytestmark = pytest.mark.django_db
ran: list[str] = []


@job()
def remember(word: str) -> None:
    ran.append(word)


@pytest.fixture
def aside() -> JobFailure:
    return JobFailure.objects.create(
        key="k" * 64, task=f"{__name__}.remember", args=["again"], attempts=6, dead=True, first_at=clock.now(), last_at=clock.now(), last_error="ValueError: no",
    )  # fmt: skip


@pytest.fixture
def operator(client):
    client.force_login(make_staff("operator"))
    return client


@pytest.mark.parametrize("name", ["operator:home", "operator:tasks"])
def test_only_the_operator_sees_them(client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302
    client.force_login(make_person())
    assert client.get(reverse(name)).status_code == 404
    client.force_login(make_staff("support"))
    assert client.get(reverse(name)).status_code == 404
    client.force_login(make_staff("operator"))
    assert client.get(reverse(name)).status_code == 200


def test_a_task_put_aside_is_tried_again_from_the_start(operator, aside, tasks) -> None:
    page = operator.get(reverse("operator:tasks"))
    assert "ValueError: no" in page.content.decode()
    operator.post(reverse("operator:task_retry", args=[aside.key]))
    tasks()
    assert ran == ["again"]
    assert Event.objects.filter(verb="task.tried_again").count() == 1


def test_discarding_forgets_it(operator, aside) -> None:
    operator.post(reverse("operator:task_discard", args=[aside.key]))
    assert not JobFailure.objects.exists()
    assert operator.post(reverse("operator:task_discard", args=[aside.key])).status_code == 404


def test_a_task_of_another_version_is_refused_with_what_to_do(operator, aside) -> None:
    JobFailure.objects.update(task="fondaco.no_such.task")
    answer = operator.post(reverse("operator:task_retry", args=[aside.key]))
    assert answer.status_code == 409
    assert "task_is_gone" in answer.content.decode()
