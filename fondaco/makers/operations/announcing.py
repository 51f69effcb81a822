"""Announcements: sending in, connecting, routing, commenting, rounds and the decision (HAND-25…29, Q-47…Q-49)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.cases.models import Case
from fondaco.engine import clock, files
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.text import paragraphs
from fondaco.makers.models import Announcement, Comment, DraftRound, Routing
from fondaco.makers.operations import documents
from fondaco.makers.operations.mails import link, tell
from fondaco.makers.queries.announcements import announcement_at_desk, announcement_for
from fondaco.makers.rules import announcement as rules
from fondaco.makers.rules.announcement import Author, State
from fondaco.makers.terms import joined
from fondaco.makers.words import PR_STATES
from fondaco.policy import store_of
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Membership, Person, SellerAccount
from fondaco.sellers.queries import as_id, staff_with
from fondaco.sellers.rules import Capability, MemberRole, Role

TEXT_LIMIT = 10_000


class IssueDatePast(Invalid):
    CODE = "issue_date_past"
    WORDS = N_("The planned date of issue, %(issue_date)s, lies in the past.")
    FIX = N_("State the day on which it will be issued.")
    CLAUSE = "HAND-25"


class AnnouncementMoved(Refusal):
    CODE = "announcement_moved"
    WORDS = N_("The announcement is “%(state)s” by now, in which this is not possible.")
    FIX = N_("Look at what was done since you opened it.")
    CLAUSE = "HAND-29"


class RoundsUsedUp(Refusal):
    CODE = "announcement_rounds_used_up"
    WORDS = N_("At most %(most)s rounds are reviewed.")
    CLAUSE = "B-HAND-17"


class NotAReviewer(Invalid):
    CODE = "not_a_pr_reviewer"
    WORDS = N_("%(person)s does not review announcements.")
    CLAUSE = "HAND-26"


class NotAStakeholder(Invalid):
    CODE = "not_a_stakeholder"
    WORDS = N_("%(person)s cannot be asked: only stakeholders and reviewers can.")
    CLAUSE = "HAND-28"


class NothingWritten(Invalid):
    CODE = "announcement_words_missing"
    WORDS = N_("Write it down: others read it.")
    CLAUSE = "HAND-29"


class NoSuchParagraph(Invalid):
    CODE = "no_such_paragraph"
    WORDS = N_("This round has no such paragraph.")
    CLAUSE = "HAND-28"


def submit(
    caller: Caller,
    *,
    data: bytes,
    file_name: str,
    issue_date: date,
    author: Author,
    plan: str = "",
    case: Case | None = None,
    request_key: str = "",
) -> Announcement:
    """Send in a draft for the maker's account that the caller works in; an agency does it in the maker's name.

    Later than two weeks before the day of issue it is accepted with the mark "short notice" (Q-47).
    Raises SellerRequired, Denied, IssueDatePast, a DraftRefused. The same `request_key` again answers the same.
    """
    seller = caller.require_seller(Capability.SUBMIT_PR)
    person = caller.require_person()
    if request_key and (same := Announcement.objects.filter(submitted_by=person, request_key=request_key).first()):
        return same
    at = clock.now()
    draft, version = documents.judged(data, at=at)
    lead = _notice(seller, issue_date, at)
    kept = documents.kept(data, file_name)
    is_agency = caller.role_in(seller) is MemberRole.AGENCY
    try:
        with transaction.atomic():
            made = Announcement.objects.create(
                seller=seller,
                case=case,
                submitted_by=person,
                author=Author.AGENCY if is_agency else author,
                issue_date=issue_date,
                plan=paragraphs(plan, limit=TEXT_LIMIT),
                is_short_notice=lead.is_short,
                policy_version=joined([lead.deadline.policy_version, *version.split()]),
                request_key=request_key,
                submitted_at=at,
                since=at,
            )
            _add_round(made, 1, draft, kept, person, at)
            about = {"number": made.number, "issue_date": issue_date, "short_notice": lead.is_short}
            history.record(
                actor=caller,
                verb="announcement.short_notice" if lead.is_short else "announcement.submitted",
                subject=made,
                about=about,
                clause="Q-47" if lead.is_short else "HAND-25",
                policy_version=lead.deadline.policy_version,
                at=at,
            )
            if is_agency:
                _tell_maker(
                    made,
                    N_("An agency submitted an announcement in your name"),
                    N_(
                        "%(agency)s submitted an announcement in the name of %(maker)s. See the draft and its status here:\n%(link)s"
                    ),
                    {"agency": str(person), "maker": seller.display_name},
                    key=f"announcement-agency:{made.pk}",
                    skip=person,
                )
    except IntegrityError:  # the same form twice at once
        if request_key and (same := Announcement.objects.filter(submitted_by=person, request_key=request_key).first()):
            return same
        raise
    return made


def change_issue_date(caller: Caller, *, number: str, issue_date: date) -> Announcement:
    """Another planned day. It is checked again against the day on which the first draft came (Q-47).

    Raises NotFound, Denied, IssueDatePast, AnnouncementMoved once it is cleared.
    """
    found = announcement_for(caller, number)
    caller.require(Capability.SUBMIT_PR, seller=found.seller)
    now = clock.now()
    _notice(found.seller, issue_date, now)  # refuses a day in the past
    with transaction.atomic():
        row = _locked(found.pk)
        if row.state == State.CLEARED:
            raise AnnouncementMoved(state=PR_STATES[row.state])
        if row.issue_date == issue_date:
            return row
        before, row.issue_date = row.issue_date, issue_date
        lead = _notice(row.seller, issue_date, row.submitted_at)
        row.is_short_notice = lead.is_short
        row.revision += 1
        row.save(update_fields=["issue_date", "is_short_notice", "revision"])
        about = {"before": before, "issue_date": issue_date, "short_notice": lead.is_short}
        history.record(actor=caller, verb="announcement.issue_date", subject=row, about=about, clause="Q-47")
    return row


def connect(caller: Caller, *, number: str, reviewer_id: str | uuid.UUID) -> Announcement:
    """Support connects the maker with somebody of the announcements team (HAND-26): SUBMITTED → ASSIGNED.

    A team member may take one themselves, and an assigned one can be handed to another.
    Raises Denied, NotFound, NotAReviewer, AnnouncementMoved.
    """
    caller.require_role(Role.SUPPORT, Role.PR_REVIEWER, Role.OPERATOR)
    reviewer = _one_of(Role.PR_REVIEWER, reviewer_id)
    if reviewer is None:
        raise NotAReviewer(person="?")
    found = Announcement.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    with transaction.atomic():
        row = _locked(found.pk)
        if row.reviewer_id == reviewer.pk:
            return row
        if row.state == State.CLEARED:
            raise AnnouncementMoved(state=PR_STATES[row.state])
        row.reviewer = reviewer
        if row.state == State.SUBMITTED:
            _moved(row, State.ASSIGNED)
        else:
            row.revision += 1
            row.save(update_fields=["reviewer", "revision"])
        about = {"reviewer": str(reviewer)}
        history.record(actor=caller, verb="announcement.connected", subject=row, about=about, clause="HAND-26")
        _tell_maker(
            row,
            N_("Your announcement %(number)s has a reviewer"),
            N_("%(reviewer)s reviews your announcement %(number)s. You see its status here:\n%(link)s"),
            {"reviewer": str(reviewer)},
            key=f"announcement-connected:{row.pk}:{reviewer.pk}",
        )
    return row


def begin(caller: Caller, *, number: str) -> Announcement:
    """The reviewer starts reading: ASSIGNED → IN_REVIEW. Again, it changes nothing. Raises Denied, NotFound."""
    person = caller.require_role(Role.PR_REVIEWER, Role.OPERATOR)
    found = announcement_at_desk(caller, number)
    with transaction.atomic():
        row = _locked(found.pk)
        if row.state != State.ASSIGNED or row.reviewer_id != person.pk:
            return row
        _moved(row, State.IN_REVIEW)
        history.record(actor=caller, verb="announcement.begun", subject=row, clause="HAND-29")
    return row


def route(
    caller: Caller, *, number: str, stakeholder_id: str | uuid.UUID, question: str = "", revision: int
) -> Routing:
    """Ask a stakeholder, who from now on sees this draft and no other: IN_REVIEW → ROUTED (HAND-28).

    Raises Denied, NotFound, NotAStakeholder, AnnouncementMoved. Who is being asked already is not asked twice.
    """
    person, found = _reviewing(caller, number)
    stakeholder = _one_of(Role.STAKEHOLDER, stakeholder_id)
    if stakeholder is None:
        raise NotAStakeholder(person="?")
    asked = paragraphs(question, limit=TEXT_LIMIT)
    with transaction.atomic():
        row = _locked(found.pk)
        open_one = row.routings.filter(stakeholder=stakeholder, done_at=None).first()
        if open_one:
            return open_one
        _require(row, revision, State.IN_REVIEW, State.ROUTED)
        routing = Routing.objects.create(announcement=row, stakeholder=stakeholder, question=asked, routed_by=person)
        if row.state == State.IN_REVIEW:
            _moved(row, State.ROUTED)
        about = {"stakeholder": str(stakeholder)}
        history.record(actor=caller, verb="announcement.routed", subject=row, about=about, clause="HAND-28")
        tell(
            stakeholder,
            subject=N_("Please comment on announcement %(number)s"),
            text=N_("%(reviewer)s asks you to read a draft of %(maker)s.\n\n%(question)s\n\n%(link)s"),
            facts={
                "number": row.number,
                "reviewer": str(person),
                "maker": row.seller.display_name,
                "question": asked,
                "link": link(reverse("makers:draft", args=[row.number])),
            },
            key=f"announcement-routed:{routing.pk}",
        )
    return routing


def finish_routing(caller: Caller, *, number: str) -> Announcement:
    """A stakeholder has said what there is to say; when nobody is asked any more it goes back: ROUTED → IN_REVIEW.

    Raises NotFound for who was not asked.
    """
    person = caller.require_person()
    found = announcement_at_desk(caller, number)
    with transaction.atomic():
        row = _locked(found.pk)
        mine = row.routings.filter(stakeholder=person, done_at=None).first()
        if mine is None:
            return row
        mine.done_at = clock.now()
        mine.save(update_fields=["done_at"])
        history.record(actor=caller, verb="announcement.answered", subject=row, clause="HAND-28")
        _back(row)
    return row


def recall(caller: Caller, *, number: str, revision: int) -> Announcement:
    """The reviewer waits for nobody any longer: every open question is closed, ROUTED → IN_REVIEW."""
    _person, found = _reviewing(caller, number)
    with transaction.atomic():
        row = _locked(found.pk)
        _require(row, revision, State.ROUTED)
        row.routings.filter(done_at=None).update(done_at=clock.now())
        history.record(actor=caller, verb="announcement.recalled", subject=row, clause="HAND-28")
        _back(row)
    return row


def comment(
    caller: Caller,
    *,
    number: str,
    text: str,
    paragraph: int | None = None,
    is_shared: bool = False,
    request_key: str = "",
) -> Comment:
    """A remark on the newest round, on one paragraph (from 0) or on the whole. Reviewers may share it with the maker at
    once; a stakeholder's stays inside until the reviewer passes it on. Raises NotFound, NothingWritten, NoSuchParagraph."""
    person = caller.require_person()
    found = announcement_at_desk(caller, number)
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said:
        raise NothingWritten
    shares = is_shared and caller.has(Role.PR_REVIEWER, Role.OPERATOR)
    with transaction.atomic():
        row = _locked(found.pk)
        if row.state == State.CLEARED:
            raise AnnouncementMoved(state=PR_STATES[row.state])
        newest = row.rounds.order_by("-number")[0]
        if request_key and (same := newest.comments.filter(author=person, request_key=request_key).first()):
            return same
        if paragraph is not None and not 0 <= paragraph < len(newest.paragraphs):
            raise NoSuchParagraph
        return Comment.objects.create(
            round=newest, paragraph=paragraph, author=person, text=said, is_shared=shares, request_key=request_key
        )


def share(caller: Caller, *, number: str, comment_id: str | uuid.UUID) -> Comment:
    """Pass a stakeholder's remark on to the maker. Raises Denied, NotFound."""
    _person, found = _reviewing(caller, number)
    with transaction.atomic():
        note = (
            Comment.objects.select_for_update(of=("self",))
            .filter(pk=as_id(comment_id), round__announcement=found)
            .first()
        )
        if note is None:
            raise NotFound
        if not note.is_shared:
            note.is_shared = True
            note.save(update_fields=["is_shared"])
            history.record(actor=caller, verb="announcement.shared", subject=found, clause="HAND-28")
    return note


def request_changes(caller: Caller, *, number: str, text: str, revision: int) -> Announcement:
    """IN_REVIEW → CHANGES_REQUESTED: the maker is told and sends another round (HAND-29).

    Raises Denied, NotFound, NothingWritten, AnnouncementMoved.
    """
    return _replied(caller, number, text, State.CHANGES_REQUESTED, revision)


def clear(caller: Caller, *, number: str, text: str = "", revision: int) -> Announcement:
    """IN_REVIEW → CLEARED by a person, whatever the notice was; the decision and its words are kept (HAND-29).

    Raises Denied, NotFound, AnnouncementMoved.
    """
    return _replied(caller, number, text, State.CLEARED, revision)


def send_round(caller: Caller, *, number: str, data: bytes, file_name: str) -> DraftRound:
    """Another round after changes were requested: back to IN_REVIEW. The same file again answers the same round.

    Raises NotFound, Denied, a DraftRefused, AnnouncementMoved, RoundsUsedUp.
    """
    found = announcement_for(caller, number)
    caller.require(Capability.SUBMIT_PR, seller=found.seller)
    at = clock.now()
    draft, _version = documents.judged(data, at=at)
    kept = documents.kept(data, file_name)
    most = policy.value("pr.max_rounds", at=found.submitted_at).value
    with transaction.atomic():
        row = _locked(found.pk)
        newest = row.rounds.order_by("-number")[0]
        if newest.sha256 == kept["sha256"] and row.state != State.CHANGES_REQUESTED:
            return newest
        _require(row, row.revision, State.CHANGES_REQUESTED)
        if most is not None and newest.number >= most:
            raise RoundsUsedUp(most=most)
        made = _add_round(row, newest.number + 1, draft, kept, caller.require_person(), at)
        _moved(row, State.IN_REVIEW)
        about = {"round": made.number}
        history.record(actor=caller, verb="announcement.round", subject=row, about=about, clause="HAND-27", at=at)
        if row.reviewer:
            tell(
                row.reviewer,
                subject=N_("Announcement %(number)s: a new round"),
                text=N_("%(maker)s sent round %(round)s of announcement %(number)s.\n\n%(link)s"),
                facts={
                    "number": row.number,
                    "maker": row.seller.display_name,
                    "round": made.number,
                    "link": link(reverse("makers:draft", args=[row.number])),
                },
                key=f"announcement-round:{made.pk}",
            )
    return made


def from_case(caller: Caller, case: Case) -> Announcement | None:
    """The announcement of a case of that type, made with the case (HAND-26). Its contents have been checked."""
    draft = case.contents.get("draft")
    if not isinstance(draft, dict):
        return None
    return submit(
        caller,
        data=files.read("documents", draft["sha256"]),
        file_name=draft["name"],
        issue_date=date.fromisoformat(case.contents["issue_date"]),
        author=Author(case.contents["author"]),
        case=case,
        request_key=f"case:{case.pk.hex}",
    )


def _replied(caller: Caller, number: str, text: str, to: State, revision: int) -> Announcement:
    person, found = _reviewing(caller, number)
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said and to is not State.CLEARED:
        raise NothingWritten
    with transaction.atomic():
        row = _locked(found.pk)
        _require(row, revision, State.IN_REVIEW)
        at = clock.now()
        row.decision = said
        if to is State.CLEARED:
            row.decided_by, row.decided_at = person, at
        _moved(row, to)
        history.record(actor=caller, verb=f"announcement.{to}", subject=row, why=said, clause="HAND-29", at=at)
        cleared = to is State.CLEARED
        _tell_maker(
            row,
            N_("Announcement %(number)s is cleared") if cleared else N_("Announcement %(number)s: changes requested"),
            N_("Your announcement %(number)s may be issued as it stands.\n\n%(words)s\n\n%(link)s")
            if cleared
            else N_("Please change your announcement %(number)s and send another round.\n\n%(words)s\n\n%(link)s"),
            {"words": said},
            key=f"announcement-{to}:{row.pk}:{row.revision}",
        )
    return row


def _reviewing(caller: Caller, number: str) -> tuple[Person, Announcement]:
    person = caller.require_role(Role.PR_REVIEWER, Role.OPERATOR)
    return person, announcement_at_desk(caller, number)


def _require(row: Announcement, revision: int, *states: State) -> None:
    if row.revision != revision or row.state not in states:
        raise AnnouncementMoved(state=PR_STATES[row.state])


def _back(row: Announcement) -> None:
    if row.state == State.ROUTED and not row.routings.filter(done_at=None).exists():
        _moved(row, State.IN_REVIEW)


def _moved(row: Announcement, to: State) -> None:
    if not rules.may_move(state=State(row.state), to=to):
        raise AnnouncementMoved(state=PR_STATES[row.state])
    row.state, row.since = to.value, clock.now()
    row.revision += 1
    row.save()


def _notice(seller: SellerAccount, issue_date: date, at: datetime) -> rules.Notice:
    store = store_of(seller.store)
    lead = policy.value("pr.lead_days", seller.store, at=at)
    found = rules.notice(
        submitted_at=at, issue_on=issue_date, lead_days=lead.value, zone=store.zone, policy_version=lead.version
    )
    if found.is_past:
        raise IssueDatePast(issue_date=issue_date)
    return found


def _add_round(
    row: Announcement, number: int, draft: documents.Draft, kept: dict[str, object], person: Person, at: datetime
) -> DraftRound:
    return DraftRound.objects.create(
        announcement=row,
        number=number,
        kind=draft.kind,
        paragraphs=list(draft.paragraphs),
        submitted_by=person,
        submitted_at=at,
        **kept,
    )


def _one_of(role: Role, person_id: str | uuid.UUID) -> Person | None:
    wanted = as_id(person_id)
    return next((p for p in staff_with(role) if p.pk == wanted), None)


def _locked(announcement_id: uuid.UUID) -> Announcement:
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("seller", "reviewer", "submitted_by")
    found = rows.filter(pk=announcement_id).first()
    if found is None:
        raise NotFound
    return found


def _tell_maker(
    row: Announcement, subject: str, text: str, facts: dict[str, object], *, key: str, skip: Person | None = None
) -> None:
    """Who sent it in, and the owner of the maker's account: once each."""
    owners = Membership.objects.filter(seller=row.seller, role=MemberRole.OWNER).select_related("person")
    readers = {p.pk: p for p in [row.submitted_by, *(m.person for m in owners)]}
    where = link(reverse("makers:announcement", args=[row.number]))
    for person in readers.values():
        if skip is None or person.pk != skip.pk:
            tell(
                person,
                subject=subject,
                text=text,
                facts={"number": row.number, "link": where, **facts},
                key=f"{key}:{person.pk}"[:120],
            )
