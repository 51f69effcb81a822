"""Announcements: the maker's and the agency's own, and the desk of the announcements team and the stakeholders."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fondaco.kit.errors import NotFound
from fondaco.makers.models import Announcement, Comment, DraftRound
from fondaco.makers.rules.announcement import State
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role

TEAM = (Role.PR_REVIEWER, Role.OPERATOR)
_LOADED = ("seller", "reviewer", "submitted_by", "case", "decided_by")


def announcements_of(caller: Caller) -> QuerySet[Announcement]:
    """Those of the accounts in which the caller may see or submit announcements, whoever sent them in."""
    allowed = [
        m.seller_id
        for m in caller.memberships
        if caller.may(Capability.VIEW, seller=m.seller) or caller.may(Capability.SUBMIT_PR, seller=m.seller)
    ]
    own = Q(submitted_by=caller.person) if caller.person else Q(pk=None)
    found = Announcement.objects.filter(own | Q(seller__in=allowed))
    return found.select_related(*_LOADED).order_by("-submitted_at", "-id")


def announcement_for(caller: Caller, number: str) -> Announcement:
    """One of the maker's own, or that the caller sent in. Raises NotFound."""
    found = announcements_of(caller).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def desk(caller: Caller, *, states: tuple[State, ...] = ()) -> QuerySet[Announcement]:
    """For the team every announcement, for a stakeholder those that were routed to them; the longest waiting first.

    Raises SignInRequired, Denied.
    """
    caller.require_role(*TEAM, Role.STAKEHOLDER)
    found = Announcement.objects.select_related(*_LOADED).order_by("since", "id")
    if not caller.has(*TEAM):
        found = found.filter(routings__stakeholder=caller.person).distinct()
    return found.filter(state__in=[s.value for s in states]) if states else found


def announcement_at_desk(caller: Caller, number: str) -> Announcement:
    """One that the team, or a stakeholder who was asked, may read. Raises SignInRequired, Denied, NotFound."""
    found = desk(caller).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def rounds_of(announcement: Announcement) -> list[DraftRound]:
    """The rounds, the newest first."""
    return list(announcement.rounds.select_related("submitted_by").order_by("-number"))


def comments_on(round_: DraftRound, *, shared_only: bool) -> list[Comment]:
    """Remarks in order; `shared_only` for the maker's side."""
    found = round_.comments.select_related("author").order_by("created_at", "id")
    return list(found.filter(is_shared=True) if shared_only else found)
