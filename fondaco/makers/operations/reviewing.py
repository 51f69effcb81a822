"""The review desk's verbs: take, ask, approve, decline. A decision names the revision it has seen."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Denied, Invalid, Refusal
from fondaco.kit.text import paragraphs
from fondaco.makers import nudges
from fondaco.makers.models import Application, ApplicationMessage, Side
from fondaco.makers.operations.applying import MESSAGE_LIMIT, _locked, moved
from fondaco.makers.operations.mails import link, tell
from fondaco.makers.queries.applications import DESK, application_at_desk
from fondaco.makers.rules.application import State
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Person


class SeenTooOld(Refusal):
    """Somebody else acted since: two people never decide the same application."""

    CODE = "application_changed_since"
    WORDS = N_("Somebody else has acted on this application since you opened it: it is now “%(state)s”.")
    FIX = N_("Read what was done before you decide.")
    CLAUSE = "HAND-08"


class OwnApplication(Denied):
    CODE = "own_application"
    WORDS = N_("Nobody decides on an application of their own or of an account they work in.")
    CLAUSE = "HAND-08"


class OthersReview(Denied):
    CODE = "reviewed_by_another"
    WORDS = N_("%(reviewer)s is reviewing this application.")
    FIX = N_("Take it over first, if they cannot go on.")
    CLAUSE = "HAND-08"


class WordsMissing(Invalid):
    CODE = "review_words_missing"
    WORDS = N_("Write it down: the applicant reads it.")
    CLAUSE = "HAND-08"


def take(caller: Caller, application_id: str | uuid.UUID, *, revision: int) -> Application:
    """Review an application, or take it over from another reviewer. Taking one's own again changes nothing.

    Raises Denied, NotFound, SeenTooOld, OwnApplication.
    """
    person, found = _reviewer(caller, application_id)
    with transaction.atomic():
        application = _locked(found.pk, tuple(State))
        if application.reviewer_id == person.pk and application.state == State.IN_REVIEW:
            return application
        _require_seen(application, revision)
        application.reviewer = person
        if application.state == State.SUBMITTED:
            moved(application, State.IN_REVIEW, at=clock.now())
            verb = "application.taken"
        elif application.state in (State.IN_REVIEW, State.INFO_REQUESTED):
            application.revision += 1
            application.save(update_fields=["reviewer", "revision"])
            verb = "application.taken_over"
        else:
            raise SeenTooOld(state=application.state)
        history.record(actor=caller, verb=verb, subject=application, clause="HAND-08")
    return application


def ask(
    caller: Caller, application_id: str | uuid.UUID, *, text: str, revision: int, request_key: str = ""
) -> ApplicationMessage:
    """Ask the applicant for more; they get a mail and see the question on their page.

    Raises Denied, NotFound, WordsMissing, SeenTooOld, OthersReview.
    """
    person, found = _reviewer(caller, application_id)
    said = _said(text)
    with transaction.atomic():
        application = _locked(found.pk, tuple(State))
        if request_key and (same := application.messages.filter(request_key=request_key).first()):
            return same
        _require_mine(application, person, revision)
        message = ApplicationMessage.objects.create(
            application=application, author=person, side=Side.REVIEWER, text=said, request_key=request_key
        )
        moved(application, State.INFO_REQUESTED, at=clock.now())
        history.record(actor=caller, verb="application.asked", subject=application, clause="HAND-08")
        tell(
            application.applicant,
            subject=N_("A question about your %(handmade)s application"),
            text=N_(
                "We are reviewing your application to sell in %(handmade)s and need to know more:\n\n%(question)s\n\nAnswer here:\n%(link)s"
            ),
            facts={"question": said, "link": link(reverse("makers:home"))},
            key=f"application-question:{message.pk}",
        )
    return message


def approve(caller: Caller, application_id: str | uuid.UUID, *, reason: str = "", revision: int) -> Application:
    """Let the maker in: the invitation follows by itself. Raises Denied, NotFound, SeenTooOld, OthersReview."""
    with transaction.atomic():
        application = _decided(
            caller, application_id, State.APPROVED, paragraphs(reason, limit=MESSAGE_LIMIT), revision
        )
        nudges.send_invitation(application.pk)
    return application


def decline(caller: Caller, application_id: str | uuid.UUID, *, reason: str, revision: int) -> Application:
    """Refuse, with the reason that the applicant reads. Raises WordsMissing beside what `approve` raises."""
    said = _said(reason)
    with transaction.atomic():
        application = _decided(caller, application_id, State.DECLINED, said, revision)
        tell(
            application.applicant,
            subject=N_("Your %(handmade)s application"),
            text=N_(
                "We could not approve your application to sell in %(handmade)s. The reason:\n\n%(reason)s\n\nYou can apply again when it no longer holds:\n%(link)s"
            ),
            facts={"reason": said, "link": link(reverse("makers:home"))},
            key=f"application-declined:{application.pk}",
        )
    return application


def _decided(caller: Caller, application_id: str | uuid.UUID, to: State, reason: str, revision: int) -> Application:
    person, found = _reviewer(caller, application_id)
    application = _locked(found.pk, tuple(State))
    _require_mine(application, person, revision)
    at = clock.now()
    application.decision_reason, application.decided_at = reason, at
    moved(application, to, at=at)
    history.record(
        actor=caller,
        verb=f"application.{to}",
        subject=application,
        why=reason,
        clause="HAND-08",
        policy_version=application.policy_version,
        at=at,
    )
    return application


def _reviewer(caller: Caller, application_id: str | uuid.UUID) -> tuple[Person, Application]:
    person = caller.require_role(*DESK)
    application = application_at_desk(caller, application_id)
    if application.applicant_id == person.pk or (application.seller and caller.role_in(application.seller)):
        raise OwnApplication
    return person, application


def _require_seen(application: Application, revision: int) -> None:
    if application.revision != revision:
        raise SeenTooOld(state=application.state)


def _require_mine(application: Application, person: Person, revision: int) -> None:
    _require_seen(application, revision)
    if application.state != State.IN_REVIEW:
        raise SeenTooOld(state=application.state)
    if application.reviewer_id != person.pk:
        raise OthersReview(reviewer=str(application.reviewer))


def _said(text: str) -> str:
    said = paragraphs(text, limit=MESSAGE_LIMIT)
    if not said:
        raise WordsMissing
    return said
