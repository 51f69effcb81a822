"""Reads of cases. What the caller may not see is not found."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from fondaco.cases.models import Case, CaseMessage
from fondaco.cases.rules import NEEDS_SUPPORT, QUEUES, CaseType, Queue, State
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Capability, Role

DESK_ROLES = (Role.SUPPORT, Role.OPERATOR)


def cases_for(caller: Caller) -> QuerySet[Case]:
    """The cases of the accounts the caller works in, and the caller's own. An agency sees announcements only."""
    if caller.person is None:
        return Case.objects.none()
    seen = Q(opened_by=caller.person, seller=None)
    for membership in caller.memberships:
        account = membership.seller
        if caller.may(Capability.VIEW, seller=account):
            seen |= Q(seller=account)
        elif caller.may(Capability.SUBMIT_PR, seller=account):
            seen |= Q(seller=account, type=CaseType.PR_REVIEW)
    return Case.objects.filter(seen).select_related("seller", "opened_by")


def current_cases_for(caller: Caller, *, state: State | None = None) -> QuerySet[Case]:
    """The cases of the account being worked in, or, without one, the caller's own."""
    cases = cases_for(caller).filter(seller=caller.seller)
    return cases.filter(state=state) if state else cases


def case_for(caller: Caller, number: str) -> Case:
    """One case that the caller may see: of the account, one's own, or any at the desk. Raises NotFound."""
    seen = desk_cases(caller) if caller.has(*DESK_ROLES) else cases_for(caller)
    case = seen.filter(number=number).first()
    if case is None:
        raise NotFound
    return case


def desk_cases(
    caller: Caller, *, state: State | None = None, queue: Queue | None = None, whose: str = ""
) -> QuerySet[Case]:
    """Everybody's cases, for support. `whose`: `mine`, `nobody`, or empty for all. Raises SignInRequired, Denied."""
    person = caller.require_role(*DESK_ROLES)
    cases = Case.objects.select_related("seller", "opened_by", "assigned_to")
    if state:
        cases = cases.filter(state=state)
    if queue:
        cases = cases.filter(type__in=[str(t) for t in QUEUES[queue]])
    if whose == "mine":
        cases = cases.filter(assigned_to=person)
    elif whose == "nobody":
        cases = cases.filter(assigned_to=None)
    return cases


def waiting_by_queue(caller: Caller) -> dict[Queue, int]:
    """How many cases of each queue wait for support. Raises SignInRequired, Denied."""
    caller.require_role(*DESK_ROLES)
    waiting = Case.objects.filter(state__in=[str(s) for s in NEEDS_SUPPORT])
    counts = dict(waiting.values_list("type").annotate(n=Count("id")))
    return {queue: sum(counts.get(str(t), 0) for t in types) for queue, types in QUEUES.items()}


def desk_people() -> QuerySet[Person]:
    """Who can care for a case."""
    roles = [str(role) for role in DESK_ROLES]
    return Person.objects.filter(staff_roles__role__in=roles, is_active=True).distinct().order_by("name", "id")


def thread_of(case: Case) -> list[CaseMessage]:
    """The messages of a case that was found by its caller, in the order they were written (ids sort by creation)."""
    return list(case.messages.select_related("author").order_by("id"))


def document_of(case: Case, sha256: str) -> dict[str, str]:
    """The document of this hash among the contents of a case that was found by its caller. Raises NotFound."""
    for value in case.contents.values():
        if isinstance(value, dict) and value.get("sha256") == sha256:
            return value
    raise NotFound
