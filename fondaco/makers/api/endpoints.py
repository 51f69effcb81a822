"""Applications, profiles and announcements for programs. Each endpoint calls one operation or query."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.core import signing
from django.utils.translation import gettext_noop as N_
from ninja import File, Form, Router, UploadedFile

from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged
from fondaco.kit.errors import Invalid, NotFound
from fondaco.makers import words
from fondaco.makers.api import schemas
from fondaco.makers.models import Announcement, Application, ProfileVersion
from fondaco.makers.operations import announcing, applying
from fondaco.makers.operations import profile as profiles
from fondaco.makers.operations.pictures import take_photo
from fondaco.makers.queries import announcements, applications
from fondaco.makers.rules.announcement import Author
from fondaco.makers.rules.application import PhotoKind
from fondaco.makers.rules.difference import difference
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.paging import page_of

router = Router(tags=["handmade"])
_PICTURES = "makers.api.pictures"


class PictureNotHandedIn(Invalid):
    CODE = "profile_picture_not_handed_in"
    WORDS = N_("One of the pictures was not handed in here, or more than a week ago.")
    FIX = N_("Hand it in first, and name it by what came back.")
    CLAUSE = "B-HAND-08"


@router.get("/application", response=answers(schemas.ApplicationOut), summary="The caller's application")
def application(request: Request) -> dict[str, Any]:
    """The one under way, else the newest. Not found when there never was one."""
    found = applications.my_application(request.caller)
    if found is None:
        raise NotFound
    return _application(found)


@router.put("/application", response=answers(schemas.ApplicationOut), summary="Begin or save the draft")
def save(request: Request, body: schemas.ApplicationIn) -> dict[str, Any]:
    """What cannot be read is left out; the answers that come back are those that were kept."""
    draft = applying.start(request.caller)
    saved, _findings = applying.save(request.caller, draft.pk, answers=body.answers)
    return _application(saved)


@router.post("/application/photos/{kind}", response=answers(schemas.ApplicationOut), summary="Add a photo")
def photo(request: Request, kind: PhotoKind, file: Annotated[UploadedFile, File()]) -> dict[str, Any]:
    """`workspace` or `process`. The same picture again changes nothing."""
    draft = applying.start(request.caller)
    applying.add_photo(request.caller, draft.pk, kind=kind, data=file.read(), name=file.name or "")
    return _application(draft)


@router.delete("/application/photo/{photo_id}", response=answers(schemas.ApplicationOut), summary="Take a photo away")
def drop_photo(request: Request, photo_id: str) -> dict[str, Any]:
    """Doing it again changes nothing."""
    draft = applying.start(request.caller)
    applying.remove_photo(request.caller, draft.pk, photo_id=photo_id)
    return _application(draft)


@router.post("/application/documents", response=answers(schemas.ApplicationOut), summary="Add a document")
def document(request: Request, file: Annotated[UploadedFile, File()]) -> dict[str, Any]:
    """About the organisation: PDF, Word without macros, JPEG or PNG. The same file again changes nothing."""
    draft = applying.start(request.caller)
    return _application(applying.add_document(request.caller, draft.pk, data=file.read(), name=file.name or ""))


@router.post("/application/submit", response=answers(schemas.ApplicationOut), summary="Send the application")
def submit(request: Request, body: schemas.SubmitIn) -> dict[str, Any]:
    """Refused with every missing answer. Sending it again answers the same."""
    draft = applying.start(request.caller)
    return _application(applying.submit(request.caller, draft.pk, accepts_terms=body.accepts_terms))


@router.post("/application/answer", response=answers(schemas.ApplicationOut), summary="Answer the review desk")
def answer(request: Request, body: schemas.AnswerIn, key: IdempotencyKey) -> dict[str, Any]:
    """Only while information is requested."""
    found = applications.my_application(request.caller)
    if found is None:
        raise NotFound
    applying.answer(request.caller, found.pk, text=body.text, request_key=key)
    found.refresh_from_db()
    return _application(found)


@router.get("/profile", response=answers(schemas.ProfileOut), summary="The newest version of the maker profile")
def profile(request: Request) -> dict[str, Any]:
    """With its state, and why a person has to look at it or refused it."""
    return _profile(_newest(request))


@router.post("/profile/pictures", response=answers(schemas.PictureOut, status=201), summary="Hand in a picture")
def picture(
    request: Request, file: Annotated[UploadedFile, File()], kind: Annotated[schemas.PictureKind, Form()]
) -> tuple[int, dict[str, Any]]:
    """A profile picture (`portrait`) or one of the `workshop`, through the inspector. What comes back names it in a
    version of the profile, for a week."""
    maker = applications.maker_for(request.caller)
    request.caller.require(Capability.EDIT_ACCOUNT, seller=maker.seller)
    data, name = file.read(), file.name or ""
    if kind == "portrait":
        found = profiles.take_portrait(data=data, name=name)
    else:
        found, _findings = take_photo(data=data, name=name)
    handle = signing.dumps(found.pk, salt=_PICTURES)
    return 201, {"picture": handle, "width": found.width, "height": found.height}


@router.put("/profile", response=answers(schemas.ProfileOut), summary="Send a version of the maker profile")
def send_profile(request: Request, body: schemas.ProfileIn, key: IdempotencyKey) -> dict[str, Any]:
    """It shows after a check. Without `portrait` and `pictures` those of the version before stay."""
    before = _before(request)
    pictures = [(p["picture"], p["alt"]) for p in before["pictures"]]
    if body.pictures is not None:
        pictures = [(_picture(p.picture, before), p.alt) for p in body.pictures]
    new = profiles.NewProfile(
        name=body.name,
        slug=body.slug,
        portrait=_picture(body.portrait, before) if body.portrait else before["portrait"]["picture"],
        portrait_alt=body.portrait_alt or before["portrait"]["alt"],
        pictures=pictures,
        texts=body.texts,
    )
    return _profile(profiles.send(request.caller, new, request_key=key))


@router.get("/announcements", response=answers(PageOut[schemas.AnnouncementOut]), summary="Announcements")
def listing(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """Those of the caller's makers, whoever sent them in; newest first."""
    rows = announcements.announcements_of(request.caller)
    return paged(page_of(rows, request=request, order=("-submitted_at", "-id"), size=limit), _announcement)


@router.post("/announcements", response=answers(schemas.AnnouncementOut, status=201), summary="Submit a draft")
def submit_draft(
    request: Request,
    key: IdempotencyKey,
    draft: Annotated[UploadedFile, File()],
    issue_date: Annotated[date, Form()],
    author: Annotated[Author, Form()] = Author.OWN,
    plan: Annotated[str, Form()] = "",
) -> tuple[int, dict[str, Any]]:
    """A Word document. Less than two weeks before the day of issue it is marked as short notice."""
    made = announcing.submit(
        request.caller,
        data=draft.read(),
        file_name=draft.name or "",
        issue_date=issue_date,
        author=author,
        plan=plan,
        request_key=key,
    )
    return 201, _announcement(made)


@router.get("/announcements/{number}", response=answers(schemas.AnnouncementOut), summary="One announcement")
def one(request: Request, number: str) -> dict[str, Any]:
    """Its state, reviewer and decision."""
    return _announcement(announcements.announcement_for(request.caller, number))


@router.post(
    "/announcements/{number}/rounds", response=answers(schemas.AnnouncementOut, status=201), summary="Next round"
)
def next_round(request: Request, number: str, draft: Annotated[UploadedFile, File()]) -> tuple[int, dict[str, Any]]:
    """Only after changes were requested. The same file again answers the same."""
    announcing.send_round(request.caller, number=number, data=draft.read(), file_name=draft.name or "")
    return 201, _announcement(announcements.announcement_for(request.caller, number))


@router.get(
    "/announcements/{number}/rounds/{round_number}", response=answers(schemas.RoundOut), summary="One round of a draft"
)
def one_round(request: Request, number: str, round_number: int) -> dict[str, Any]:
    """Its paragraphs, the remarks that the reviewer shared, and what changed since the round before."""
    found = announcements.announcement_for(request.caller, number)
    rounds = {r.number: r for r in announcements.rounds_of(found)}
    chosen = rounds.get(round_number)
    if chosen is None:
        raise NotFound
    before = rounds.get(round_number - 1)
    return {
        "number": chosen.number,
        "file_name": chosen.file_name,
        "submitted_at": chosen.submitted_at,
        "paragraphs": list(chosen.paragraphs),
        "remarks": [
            {"paragraph": c.paragraph, "text": c.text, "author": str(c.author), "created_at": c.created_at}
            for c in announcements.comments_on(chosen, shared_only=True)
        ],
        "changes": [
            {"kind": c.kind, "paragraph": c.number, "pieces": [{"kind": p.kind, "text": p.text} for p in c.pieces]}
            for c in (difference(before.paragraphs, chosen.paragraphs) if before else ())
        ],
    }


@router.put("/announcements/{number}/issue-date", response=answers(schemas.AnnouncementOut), summary="Change the day")
def issue_date(request: Request, number: str, body: schemas.IssueDateIn) -> dict[str, Any]:
    """An earlier day is checked again."""
    return _announcement(announcing.change_issue_date(request.caller, number=number, issue_date=body.issue_date))


def _newest(request: Request) -> ProfileVersion:
    maker = applications.maker_for(request.caller)
    found = ProfileVersion.objects.filter(seller=maker.seller).order_by("-number").first()
    if found is None:
        raise NotFound
    return found


def _before(request: Request) -> dict[str, Any]:
    """The content of the version before, or what stands for it in a first one."""
    maker = applications.maker_for(request.caller)
    found = ProfileVersion.objects.filter(seller=maker.seller).order_by("-number").first()
    return dict(found.content) if found else {"portrait": {"picture": "", "alt": ""}, "pictures": []}


def _picture(handle: str, before: dict[str, Any]) -> str:
    """The picture that was handed in here, or one that the version before has. Raises PictureNotHandedIn."""
    if handle in {before["portrait"]["picture"], *(p["picture"] for p in before["pictures"])}:
        return handle
    try:
        return str(signing.loads(handle, salt=_PICTURES, max_age=7 * 86_400))
    except signing.BadSignature:
        raise PictureNotHandedIn from None


def _application(found: Application) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "state": found.state,
        "state_words": str(words.STATES[found.state]),
        "why": str(words.WHY[found.state]),
        "since": found.since,
        "email": found.email,
        "answers": found.answers,
        "workspace_photos": found.photos.filter(kind=PhotoKind.WORKSPACE).count(),
        "process_photos": found.photos.filter(kind=PhotoKind.PROCESS).count(),
        "photos": [
            {"id": str(p.pk), "kind": p.kind, "file_name": p.file_name}
            for p in found.photos.order_by("created_at", "id")
        ],
        "policy_version": found.policy_version,
        "submitted_at": found.submitted_at,
        "decided_at": found.decided_at,
        "decision_reason": found.decision_reason,
    }


def _profile(found: ProfileVersion) -> dict[str, Any]:
    return {
        "number": found.number,
        "state": found.state,
        "content": found.content,
        "reasons": [str(profiles.words_of(r)) for r in found.reasons],
        "submitted_at": found.submitted_at,
    }


def _announcement(found: Announcement) -> dict[str, Any]:
    return {
        "number": found.number,
        "maker": found.seller.number,
        "state": found.state,
        "issue_date": found.issue_date,
        "is_short_notice": found.is_short_notice,
        "author": found.author,
        "reviewer": str(found.reviewer or ""),
        "decision": found.decision,
        "rounds": found.rounds.count(),
        "submitted_at": found.submitted_at,
        "since": found.since,
    }
