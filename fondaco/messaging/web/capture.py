"""The capture page: one tile a shot, an answer before sending, uploads in parts. Without script it is a plain form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fondaco import policy
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.messaging import operations, wording
from fondaco.messaging.models import Conversation, PhotoRequest, Upload
from fondaco.messaging.operations import Kept, NewFile, checks
from fondaco.messaging.operations import uploads as upload_operations
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules import photos as photo_rules
from fondaco.messaging.rules.photos import PhotoType
from fondaco.messaging.rules.words import PHOTO_TYPES, RequestState, Side, Subject
from fondaco.messaging.web import sending, show
from fondaco.messaging.web.forms import FORMAT_NAMES, ReplyForm
from fondaco.sellers.access import Request
from fondaco.web import dates
from fondaco.web.access import signed_in

EXTRA_TILES = 2


@signed_in
def capture(request: Request, number: str) -> HttpResponse:
    """Take or choose the photographs of a request, see at once what could be better, label and send them.

    Without a request that waits, the buyer picks the kind first (`?type=`).
    """
    seen = access.conversation_for(request.caller, number)
    if seen.side is not Side.BUYER:
        raise NotFound(what="conversation")
    conversation = seen.conversation
    active = lists.active_request(conversation)
    if active and active.state == RequestState.OPEN:
        messages.info(request, _("The seller will tell you what to photograph; then the photos can be sent."))
        return redirect("messaging:conversation", number)
    kind, version = _kind(request, conversation, active)
    if kind is None:
        return render(
            request, "messaging/pick_type.html", {"conversation": conversation, "types": _choices(conversation)}
        )
    form = ReplyForm(request.POST or None)
    beside: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            sent = _send(request, conversation, kind, form)
        except Refusal as refusal:
            beside = sending.refuse(form, refusal)
        else:
            messages.success(request, _("Sent: %(count)s photos.") % {"count": sent})
            return redirect("messaging:conversation", number)
    context = {
        **_context(request, conversation, kind, version, active, beside.get("label_faults", {})),
        "form": form,
        **beside,
    }
    return render(request, "messaging/capture.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def uploads(request: Request) -> JsonResponse:
    """A file will come in parts: its name and size. Answers where to send them."""
    try:
        size = int(request.POST.get("size", ""))
    except ValueError:
        raise Invalid(field="size") from None
    try:
        made = operations.begin_upload(
            request.caller,
            name=request.POST.get("name", "")[:300],
            size_bytes=size,
            view=request.POST.get("view", ""),
            number=request.POST.get("number", ""),
            request_key=request.POST.get("key", "")[:64],
        )
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse(_state(request, made), status=201)


@require_http_methods(["GET", "POST", "DELETE"])
@signed_in
def upload(request: Request, upload_id: UUID) -> HttpResponse:
    """GET says how much has arrived; POST adds the part that begins at `?offset=`; DELETE takes the file away."""
    if request.method == "DELETE":
        upload_operations.take_away(request.caller, upload_id=upload_id)
        return HttpResponse(status=204)
    if request.method == "GET":
        return JsonResponse(_state(request, access.upload_for(request.caller, upload_id)))
    offset = request.GET.get("offset", "")
    if not offset.isdecimal() or len(offset) > 12:
        raise Invalid(field="offset")
    try:
        found = operations.add_part(request.caller, upload_id=upload_id, offset=int(offset), data=request.body)
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse(_state(request, found))


def _refused(refusal: Refusal) -> JsonResponse:
    from fondaco.web.refusals import spoken

    said = spoken(refusal)
    files = refusal.facts.get("files", [])
    words = [show.finding_words(f) for file in files for f in file["findings"]] or [said.words]
    facts = {k: v for k, v in refusal.facts.items() if isinstance(v, int | str)}
    return JsonResponse({"ok": False, "code": refusal.CODE, "words": " ".join(words), **facts}, status=refusal.STATUS)


def _state(request: Request, upload: Upload) -> dict[str, Any]:
    """An upload as the page's script takes it."""
    facts = upload.kept.get("facts", {})
    advice = [show.finding_words(f) for f in facts.get("findings", ())]
    if upload.state == Upload.READY:
        others = Upload.objects.filter(person=upload.person, conversation=upload.conversation, state=Upload.READY)
        if twin := upload_operations.alike(upload, list(others.exclude(pk=upload.pk).order_by("created_at")[:20])):
            advice.append(show.finding_words({"code": "duplicate_of_shot", "measured": twin.view or twin.file_name}))
    return {
        "ok": upload.state != Upload.REFUSED,
        "id": str(upload.pk),
        "url": reverse("messaging:upload", args=[upload.pk]),
        "part_bytes": 512 * 1024,
        "received_bytes": upload.received_bytes,
        "size_bytes": upload.size_bytes,
        "state": upload.state,
        "advice": advice,
        "words": " ".join(show.finding_words(f) for f in upload.kept.get("refused", ())),
        "had_location": bool(facts.get("had_location")),
        "width": facts.get("width", 0),
        "height": facts.get("height", 0),
    }


def _kind(request: Request, conversation: Conversation, active: PhotoRequest | None) -> tuple[PhotoType | None, str]:
    if active:
        return checks.photo_type(active.type, by_version=active.policy_version), active.policy_version
    types, version = checks.types_now(conversation.seller.store, at=clock.now())
    wanted = request.POST.get("type") or request.GET.get("type", "")
    code = wanted or PHOTO_TYPES.get(Subject(conversation.subject), "")
    return types.get(code), version


def _choices(conversation: Conversation) -> list[dict[str, Any]]:
    types, _version = checks.types_now(conversation.seller.store, at=clock.now())
    return [
        {"code": kind.code, "title": _(kind.title), "purpose": _(kind.purpose), "shots": show.shots_of(kind)}
        for kind in types.values()
    ]


def _context(
    request: Request,
    conversation: Conversation,
    kind: PhotoType,
    version: str,
    active: PhotoRequest | None,
    faults: dict[int, str],
) -> dict[str, Any]:
    at = clock.now()
    store = conversation.seller.store
    labels = checks.labels_of(store, at=at)
    most = int(policy.value("photo.max_bytes", store, at=at).value)
    formats = list(policy.value("photo.formats", store, at=at).value)
    tiles = [{**tile, "number": n} for n, tile in enumerate(show.shots_of(kind))]
    wishes = photo_rules.preferences_of(active.preferences if active else {})
    extra = max(EXTRA_TILES, wishes.count - len(tiles))
    tiles += [
        {
            "view": f"Detail{n}",
            "title": _("Another photo"),
            "required": False,
            "either": False,
            "label": f"{kind.label}{labels.separator}Detail{n}",
            "number": len(tiles) + n - 1,
        }
        for n in range(1, extra + 1)
    ]
    for tile in tiles:
        tile["given_label"] = request.POST.get(f"label-{tile['view']}", tile["label"])
    return {
        "conversation": conversation,
        "kind": kind,
        "kind_title": _(kind.title),
        "purpose": _(kind.purpose),
        "tiles": tiles,
        "photo_request": show.request_of(active) if active else None,
        "wishes": show.wishes_of(active.preferences) if active else [],
        "max_bytes": most,
        "max_words": dates.size(most),
        "formats": ", ".join(FORMAT_NAMES[f] for f in formats),
        "accept": "image/*,application/pdf" if "pdf" in formats else "image/*",
        "pattern": labels.pattern,
        "tips": show.tips(),
        "practices": show.practices(),
        "party": show.party(conversation),
        "about": show.about(conversation),
        "subject": wording.SUBJECTS[conversation.subject],
        "version": version,
        "uploads_url": reverse("messaging:uploads"),
        "kept_uploads": _kept_uploads(request, conversation, faults),
    }


def _kept_uploads(request: Request, conversation: Conversation, faults: dict[int, str]) -> list[dict[str, Any]]:
    """After a refusal the uploads of the form are still there, with their labels as they were edited."""
    kept = []
    for place, chosen in enumerate(sending.chosen_of(request) if request.method == "POST" else []):
        try:
            found = access.upload_for(request.caller, chosen.upload)
        except NotFound:
            continue
        kept.append(
            {
                "upload": found,
                "label": chosen.label,
                "view": chosen.view,
                "fault": faults.get(place, ""),
                "state": _state(request, found),
            }
        )
    return kept


def _send(request: Request, conversation: Conversation, kind: PhotoType, form: ReplyForm) -> int:
    """Uploads of the script and files of the plain form, together, as one message."""
    chosen = sending.chosen_of(request)
    kept: list[Kept] = operations.kept_of(request.caller, chosen)
    kept += _plain_files(request, conversation, kind, taken=[k.label for k in kept])
    if not kept:
        from fondaco.messaging.operations.errors import NothingSaid

        raise NothingSaid
    data = form.cleaned_data
    operations.send_photos(
        request.caller,
        number=conversation.number,
        photo_type=kind.code,
        text=data["text"],
        kept=kept,
        request_key=data["request_key"],
        confirmed=data["confirmed"],
    )
    upload_operations.use(request.caller, chosen)
    return len(kept)


def _plain_files(request: Request, conversation: Conversation, kind: PhotoType, *, taken: list[str]) -> list[Kept]:
    """The file inputs of the tiles: `file-VIEW` with `label-VIEW`."""
    at = clock.now()
    store = conversation.seller.store
    labels = checks.labels_of(store, at=at)
    made = []
    for name, files in request.FILES.lists():
        if not name.startswith("file-"):
            continue
        view = name.removeprefix("file-")[:40]
        for file in files:
            asked = request.POST.get(f"label-{view}", "").strip()[:90]
            label = asked or photo_rules.suggest_label(kind, view, labels=labels, taken=taken)
            taken.append(label)
            made.append(operations.keep(NewFile(file.name or "photo", file.read(), view, label), store=store, at=at))
    return made
