"""The applicant's verbs: begin, save, add photos, send, answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.cases.documents import MOST_BYTES, kind_of
from fondaco.engine import clock, files
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.findings import Finding
from fondaco.kit.text import line, paragraphs
from fondaco.makers.models import Application, ApplicationMessage, ApplicationPhoto, Side
from fondaco.makers.operations.pictures import take_photo
from fondaco.makers.queries.applications import maker_of, own_application
from fondaco.makers.rules import application as rules
from fondaco.makers.rules.application import PhotoKind, State
from fondaco.makers.terms import application_terms
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import fold_email

TERMS_VERSION = "2026-01"
"""The handmade terms that the form links; stored with each acceptance (HAND-01)."""

EDITABLE = (State.DRAFT, State.INFO_REQUESTED)
MESSAGE_LIMIT, MOST_DOCUMENTS = 10_000, 5
DOCUMENT_KINDS = frozenset({"pdf", "docx", "doc", "jpeg", "png"})


class ApplicationIncomplete(Invalid):
    """`findings` name every question that keeps the application from being sent."""

    CODE = "application_incomplete"
    WORDS = N_("The application cannot be sent yet. Missing or wrong: %(questions)s.")
    FIX = N_("Complete these answers. What you have filled in is saved.")
    CLAUSE = "HAND-07"


class TermsNotAccepted(Invalid):
    CODE = "handmade_terms_not_accepted"
    WORDS = N_("Accept the handmade terms and conditions to send the application.")
    CLAUSE = "HAND-01"


class AlreadyMaker(Refusal):
    CODE = "already_registered_maker"
    WORDS = N_("This seller account is registered for handmade already.")
    FIX = N_("There is nothing to apply for: list your products.")
    CLAUSE = "HAND-13"


class ApplicationMoved(Refusal):
    CODE = "application_moved"
    WORDS = N_("The application is no longer in the state in which this is possible.")
    FIX = N_("Look at where it stands now.")
    CLAUSE = "HAND-08"


class TooManyPhotos(Invalid):
    CODE = "too_many_photos"
    WORDS = N_("At most %(most)s photos of each kind.")
    FIX = N_("Take one away before you add another.")
    CLAUSE = "B-HAND-05"


class DocumentRefused(Invalid):
    CODE = "application_document_refused"
    WORDS = N_("%(name)s is no PDF, JPEG, PNG or Word file without macros of at most 10 MB.")
    CLAUSE = "B-HAND-01"


class AnswerMissing(Invalid):
    CODE = "application_answer_missing"
    WORDS = N_("Write an answer before you send it.")
    CLAUSE = "HAND-08"


def start(caller: Caller) -> Application:
    """The caller's application under way, or a new draft with what is known already.

    Raises SignInRequired, AlreadyMaker.
    """
    person = caller.require_person()
    if maker_of(caller.seller):
        raise AlreadyMaker
    known = {"name": person.name, "email": person.email}
    if caller.seller:
        known |= {"business_name": caller.seller.display_name, "country": caller.seller.country}
    with transaction.atomic():
        found = _under_way(person.pk)
        if found:
            return found
        try:
            with transaction.atomic():
                made = Application.objects.create(
                    applicant=person,
                    seller=caller.seller,
                    answers=known,
                    email=person.email,
                    email_folded=fold_email(person.email),
                    policy_version=application_terms(at=clock.now()).version,
                )
        except IntegrityError:  # begun twice at once
            return Application.objects.get(applicant=person, state__in=list(rules.UNDER_WAY))
        history.record(actor=caller, verb="application.begun", subject=made, clause="HAND-06")
    return made


def save(
    caller: Caller, application_id: str | uuid.UUID, *, answers: Mapping[str, Any]
) -> tuple[Application, tuple[Finding, ...]]:
    """Keep what was filled in; what cannot be read is left out and named, the rest is kept.

    Raises NotFound, ApplicationMoved.
    """
    own = own_application(caller, application_id)
    at = clock.now()
    terms = application_terms(at=at)
    clean, faults = rules.read_answers(terms.form, answers)
    with transaction.atomic():
        application = _locked(own.pk, EDITABLE)
        application.answers = {**application.answers, **clean}
        if application.state == State.DRAFT:
            application.email = str(application.answers.get("email", ""))
            application.email_folded = fold_email(application.email)
        else:  # the invitation's address was given with the application and stays
            application.answers["email"] = application.email
        application.policy_version, application.updated_at = terms.version, at
        application.save(update_fields=["answers", "email", "email_folded", "policy_version", "updated_at"])
    return application, faults


def add_photo(
    caller: Caller, application_id: str | uuid.UUID, *, kind: PhotoKind, data: bytes, name: str
) -> ApplicationPhoto:
    """One photo of the workspace or of the process. The same picture again changes nothing.

    Raises NotFound, ApplicationMoved, TooManyPhotos, and what `take_photo` refuses.
    """
    own = own_application(caller, application_id)
    if own.state not in EDITABLE:
        raise ApplicationMoved(state=own.state)
    picture, findings = take_photo(data=data, name=name)
    with transaction.atomic():
        application = _locked(own.pk, EDITABLE)
        same = application.photos.filter(picture=picture).first()
        if same:
            return same
        if application.photos.filter(kind=kind).count() >= rules.MOST_PHOTOS:
            raise TooManyPhotos(most=rules.MOST_PHOTOS)
        return ApplicationPhoto.objects.create(
            application=application,
            kind=kind,
            picture=picture,
            file_name=line(name, limit=10_000)[-200:],
            findings=findings,
        )


def remove_photo(caller: Caller, application_id: str | uuid.UUID, *, photo_id: str | uuid.UUID) -> None:
    """Take one photo away; doing it again changes nothing. Raises NotFound, ApplicationMoved."""
    own = own_application(caller, application_id)
    with transaction.atomic():
        _locked(own.pk, EDITABLE).photos.filter(pk=photo_id).delete()


def add_document(caller: Caller, application_id: str | uuid.UUID, *, data: bytes, name: str) -> Application:
    """A document about the organisation (B-HAND-01). Raises NotFound, ApplicationMoved, DocumentRefused."""
    own = own_application(caller, application_id)
    kind = kind_of(data) if len(data) <= MOST_BYTES else ""
    if kind not in DOCUMENT_KINDS:
        raise DocumentRefused(name=line(name, limit=10_000)[-80:])
    sha256 = files.put("documents", data)
    with transaction.atomic():
        application = _locked(own.pk, EDITABLE)
        if any(d["sha256"] == sha256 for d in application.documents):
            return application
        row = {"name": line(name, limit=10_000)[-200:], "sha256": sha256, "kind": kind, "size_bytes": len(data)}
        application.documents = [*application.documents, row][-MOST_DOCUMENTS:]
        application.save(update_fields=["documents"])
    return application


def submit(caller: Caller, application_id: str | uuid.UUID, *, accepts_terms: bool) -> Application:
    """Send the application. The questions in force now decide whether it is complete (anchor: submission).

    Sending it again answers the same. Raises NotFound, TermsNotAccepted, ApplicationIncomplete, ApplicationMoved.
    """
    own = own_application(caller, application_id)
    if own.state != State.DRAFT:
        return own
    if not accepts_terms:
        raise TermsNotAccepted
    at = clock.now()
    terms = application_terms(at=at)
    with transaction.atomic():
        application = _locked(own.pk, tuple(State))
        if application.state != State.DRAFT:
            return application
        _require_complete(application, terms.form)
        application.terms_version, application.terms_accepted_at = TERMS_VERSION, at
        application.submitted_at, application.policy_version = at, terms.version
        moved(application, State.SUBMITTED, at=at)
        history.record(
            actor=caller,
            verb="application.submitted",
            subject=application,
            why=f"terms {TERMS_VERSION}",
            clause="HAND-05",
            policy_version=terms.version,
            at=at,
        )
    return application


def answer(caller: Caller, application_id: str | uuid.UUID, *, text: str, request_key: str = "") -> ApplicationMessage:
    """Answer the desk's question; the application goes back to its reviewer.

    Raises NotFound, AnswerMissing, ApplicationMoved.
    """
    own = own_application(caller, application_id)
    said = paragraphs(text, limit=MESSAGE_LIMIT)
    if not said:
        raise AnswerMissing
    with transaction.atomic():
        application = _locked(own.pk, tuple(State))
        if request_key and (same := application.messages.filter(request_key=request_key).first()):
            return same
        if application.state != State.INFO_REQUESTED:
            raise ApplicationMoved(state=application.state)
        message = ApplicationMessage.objects.create(
            application=application,
            author=caller.require_person(),
            side=Side.APPLICANT,
            text=said,
            request_key=request_key,
        )
        moved(application, State.IN_REVIEW, at=clock.now())
        history.record(actor=caller, verb="application.answered", subject=application, clause="HAND-08")
    return message


def moved(application: Application, to: State, *, at: Any, extra: Iterable[str] = ()) -> None:
    """Write a new state of a locked application; every move counts the revision up. Raises ApplicationMoved."""
    if not rules.may_move(state=State(application.state), to=to):
        raise ApplicationMoved(state=application.state)
    application.state, application.since, application.updated_at = to.value, at, at
    application.revision += 1
    application.save()


def _require_complete(application: Application, form: rules.Form) -> None:
    _clean, faults = rules.read_answers(form, application.answers)
    photos = {f"{kind}_photos": application.photos.filter(kind=kind).count() for kind in PhotoKind}
    missing = rules.missing_answers(form, application.answers, photos=photos, has_documents=bool(application.documents))
    if findings := (*faults, *missing):
        labels = {q.name: q.label for q in form.questions}
        named = list(dict.fromkeys(labels.get(str(f.measured), str(f.measured)) for f in findings))
        raise ApplicationIncomplete(questions=named, findings=findings)


def _under_way(person_id: uuid.UUID) -> Application | None:
    return Application.objects.filter(applicant=person_id, state__in=list(rules.UNDER_WAY)).first()


def _locked(application_id: uuid.UUID, states: tuple[State, ...]) -> Application:
    found = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    if found.state not in states:
        raise ApplicationMoved(state=found.state)
    return found
