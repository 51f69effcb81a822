"""What domains above are told, and what they show."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from fondaco.cases import hooks, operations
from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType
from fondaco.cases.web import panels
from fondaco.sellers.tests.factories import make_caller, make_seller, owner_of

pytestmark = pytest.mark.django_db


def _open(caller: Any) -> Case:
    return operations.open_case(
        caller, case_type=CaseType.OTHER, contents={"subject": "x", "details": "y"}, request_key="key-1"
    )


def test_a_domain_is_told_of_each_case_once_and_may_refuse_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_opened", hooks.defaultdict(list))
    told: list[str] = []
    hooks.when_opened(CaseType.OTHER, lambda case: told.append(case.number))
    caller = make_caller(seller=make_seller())
    case = _open(caller)
    assert _open(caller) == case
    assert told == [case.number]

    def refuse(case: Case) -> None:
        raise RuntimeError

    hooks.when_opened(CaseType.OTHER, refuse)
    with pytest.raises(RuntimeError), transaction.atomic():
        _open(make_caller(seller=make_seller()))
    assert Case.objects.count() == 1


def test_a_panel_stands_beside_the_case(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", panels.defaultdict(list))
    seller = make_seller()
    case = _open(make_caller(seller=seller))

    @panels.panel(CaseType.OTHER)
    def one(request: Any, case: Case, at_desk: bool) -> dict[str, Any]:
        return {"template": "web/components/terms.html", "text": f"beside {case.number} {at_desk}"}

    client.force_login(owner_of(seller), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("cases:case", args=[case.number]))
    assert page.status_code == 200
    assert [shown["text"] for shown in page.context["panels"]] == [f"beside {case.number} False"]
