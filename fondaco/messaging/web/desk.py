"""The thread as who answers sees it: the seller and customer service share these pages, each on its own address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import policy
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.messaging import operations, uses, wording
from fondaco.messaging.models import Attachment, Conversation, PhotoRequest, PhotoWish
from fondaco.messaging.operations import checks, evidence_file, matching, sight
from fondaco.messaging.queries import access, lists
from fondaco.messaging.queries.access import DirectedToService, Seen
from fondaco.messaging.rules.words import PHOTO_TYPES, Outcome, Side, Subject
from fondaco.messaging.web import sending, show
from fondaco.messaging.web.forms import CloseForm, InstructForm, KeyedForm, ReplyForm, ReportForm
from fondaco.sellers.access import Request
from fondaco.web.access import signed_in


def seen_by(request: Request, number: str, side: str) -> Seen:
    """The conversation, when the caller stands on this side of it. Raises NotFound."""
    seen = access.conversation_for(request.caller, number)
    if str(seen.side) != side:
        raise NotFound(what="conversation")
    return seen


@signed_in
def conversation(request: Request, number: str, side: str) -> HttpResponse:
    """The thread beside the order, with every verb of the desk. `verb` says which form was sent."""
    try:
        seen = seen_by(request, number, side)
    except DirectedToService as refusal:
        return _directed(request, refusal)
    verb = request.POST.get("verb", "")
    forms = _forms(request, seen, verb)
    beside: dict[str, Any] = {}
    if request.method == "POST":
        seen = access.writable(request.caller, number)
        form = forms.get(verb)
        if form is None or form.is_valid():
            try:
                said = _done(request, seen, verb, form)
            except Refusal as refusal:
                if form is None:
                    raise
                beside = sending.refuse(form, refusal)
            else:
                messages.success(request, said)
                return redirect(show.page_of(seen.conversation, seen.side))
    if seen.may_write:
        operations.mark_read(seen)
    context = {**thread_context(request, seen), **_aside(request, seen), "forms": forms, "verb": verb, **beside}
    return render(request, "messaging/desk_conversation.html", context, status=422 if request.method == "POST" else 200)


def _directed(request: Request, refusal: DirectedToService) -> HttpResponse:
    """What the seller sees of a contact that customer service answers: that, and what was shared (PRIME-21, Q-42)."""
    found = access.directed_conversation(request.caller, refusal.facts["number"])
    context = {
        "conversation": found,
        "subject": wording.SUBJECTS[found.subject],
        "about": show.about(found),
        "has_shared": found.shared_at is not None,
        "refusal": refusal if request.method == "POST" else None,
    }
    return render(request, "messaging/directed.html", context, status=403 if request.method == "POST" else 200)


@signed_in
def thread(request: Request, number: str, side: str) -> HttpResponse:
    """The thread alone, for the page to follow what is new; nothing when nothing is."""
    seen = seen_by(request, number, side)
    if unchanged(request, seen):
        return HttpResponse(status=204)
    if seen.may_write:
        operations.mark_read(seen)
    return render(request, "messaging/_thread.html", thread_context(request, seen))


@signed_in
def compare(request: Request, number: str, attachment_id: UUID, side: str) -> HttpResponse:
    """Does it match the listing? A hint: the buyer's photograph beside the listing's picture."""
    seen = seen_by(request, number, side)
    photo, _side = access.attachment_for(request.caller, attachment_id)
    if photo.message.conversation_id != seen.conversation.pk or not photo.is_picture:
        raise NotFound(what="photo")
    sight.saw(request.caller, photo, kind=sight.PREVIEW)
    context = {
        "conversation": seen.conversation,
        "back": show.page_of(seen.conversation, seen.side),
        "photo": show.photo_of(photo),
        "about": show.about(seen.conversation),
        "match": matching.match_of(photo),
        "drawn": reverse("messaging:photo", args=[photo.pk, "match"]),
    }
    return render(request, "messaging/compare.html", context)


@signed_in
def evidence(request: Request, number: str, side: str) -> HttpResponse:
    """The evidence file: photographs, hashes, times and messages as PDF."""
    seen = seen_by(request, number, side)
    made = evidence_file.make(request.caller, seen)
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"evidence-{number}.pdf")
    return response


@require_POST
@signed_in
def use(request: Request, number: str, side: str) -> HttpResponse:
    """One click puts the photographs into a case, a return or a claim."""
    seen = shared_seen(request, number) if side == "shared" else seen_by(request, number, side)
    where = uses.put(request.caller, seen, into=request.POST.get("into", ""), target=request.POST.get("target", ""))
    if not where.is_draft:
        messages.success(request, _("The photos are in: %(title)s") % {"title": where.title})
    return redirect(where.url or show.page_of(seen.conversation, seen.side))


def shared_seen(request: Request, number: str) -> Seen:
    """A contact of customer service as the seller sees it: photographs that were shared. Raises NotFound, Denied."""
    return Seen(access.shared_conversation(request.caller, number), Side.SELLER, False, only_shared=True)


def thread_context(request: Request, seen: Seen) -> dict[str, Any]:
    """What the thread shows, on every side; the desk's look at photographs is kept with them."""
    conversation = seen.conversation
    thread_messages = lists.thread_of(conversation)
    if seen.side is not Side.BUYER:
        photos: list[Attachment] = []
        for message in thread_messages:
            for photo in message.attachments.all():
                photo.message = message
                photos.append(photo)
        sight.saw_all(request.caller, photos)
    active = lists.active_request(conversation)
    return {
        "conversation": conversation,
        "seen": seen,
        "side": str(seen.side),
        "is_desk": seen.side is not Side.BUYER,
        "letters": show.letters(thread_messages, request.caller, side=seen.side, conversation=conversation),
        "photo_request": show.request_of(active) if active else None,
        "subject": wording.SUBJECTS[conversation.subject],
        "party": show.party(conversation),
        "buyer_name": show.buyer_name(conversation),
        "outcome": wording.OUTCOMES.get(conversation.outcome, ""),
        "about": show.about(conversation),
        "thread_url": f"{show.thread_url(conversation, seen.side)}?v={_mark(conversation, active)}",
        "list_url": show.list_of(seen.side),
        "report_form": ReportForm(),
        "capture_url": reverse("messaging:capture", args=[conversation.number]),
    }


def mark_of(seen: Seen) -> str:
    """Changes when anything in the thread does."""
    return _mark(seen.conversation, lists.active_request(seen.conversation))


def _mark(conversation: Conversation, active: PhotoRequest | None) -> str:
    parts = [str(int(conversation.last_at.timestamp() * 1e6)), conversation.outcome, active.state if active else ""]
    return "-".join(parts)


def unchanged(request: Request, seen: Seen) -> bool:
    return request.GET.get("v") == mark_of(seen)


def _aside(request: Request, seen: Seen) -> dict[str, Any]:
    conversation = seen.conversation
    name = "seller" if seen.side is Side.SELLER else "contact"
    return {
        "events": show.events(conversation),
        "due_at": conversation.due_at,
        "uses": uses.offered(request.caller, seen) if conversation.has_photos else (),
        "use_url": reverse(f"messaging:{name}_use", args=[conversation.number]),
        "evidence_url": reverse(f"messaging:{name}_evidence", args=[conversation.number]),
        "compare_name": f"messaging:{name}_compare",
        "may_share": seen.side is Side.SERVICE and seen.may_write and conversation.has_photos,
        "is_closed": conversation.closed_at is not None,
        "reads": wording.LANGUAGES.get(conversation.buyer.language, ""),
        "same_order": _same_order(request, seen),
    }


def _same_order(request: Request, seen: Seen) -> list[dict[str, Any]]:
    if seen.conversation.order_id is None:
        return []
    rows = (
        access.contacts(request.caller) if seen.side is Side.SERVICE else access.conversations_of_seller(request.caller)
    )
    found = lists.titles_about(rows.exclude(pk=seen.conversation.pk), [seen.conversation.order_id])
    return [{"url": show.page_at(number, seen.side), "subject": wording.SUBJECTS[subject]} for number, subject in found]


def _forms(request: Request, seen: Seen, verb: str) -> dict[str, KeyedForm]:
    at = clock.now()
    store = seen.conversation.seller.store
    types, _version = checks.types_now(store, at=at)
    options = [(code, _(kind.title)) for code, kind in types.items()]
    wish = PhotoWish.objects.filter(seller=seen.conversation.seller).first()
    initial = {
        "photo_type": PHOTO_TYPES.get(Subject(seen.conversation.subject), ""),
        **(wish.wishes if wish else {}),
    }

    def given(name: str) -> Any:
        return request.POST if verb == name else None

    return {
        "reply": ReplyForm(given("reply"), request.FILES if verb == "reply" else None, prefix="reply"),
        "instruct": InstructForm(
            given("instruct"),
            prefix="instruct",
            types=options,
            formats=policy.value("photo.formats", store, at=at).value,
            initial=initial,
        ),
        "close": CloseForm(given("close"), prefix="close"),
    }


def _done(request: Request, seen: Seen, verb: str, form: Any) -> str:
    caller, number = request.caller, seen.conversation.number
    data = form.cleaned_data if form is not None else {}
    keyed = {k: data[k] for k in ("request_key", "confirmed") if k in data}
    match verb:
        case "reply":
            kept = sending.kept_files(request, data["attached"], conversation=seen.conversation)
            operations.send(caller, number=number, text=data["text"], kept=kept, **keyed)
            return _("Your message is sent.")
        case "instruct":
            operations.ask_for_photos(
                caller,
                number=number,
                photo_type=data["photo_type"],
                text=data["text"],
                preferences=form.wishes(),
                **keyed,
            )
            return _("The buyer is asked for photos.")
        case "close":
            operations.close(
                caller,
                number=number,
                outcome=Outcome(data["outcome"]),
                text=data["text"],
                request_key=data["request_key"],
            )
            return _("The conversation is closed with an outcome.")
        case "review":
            operations.review_photos(caller, number=number)
            return _("The photos are marked as reviewed.")
        case "excuse":
            operations.excuse(caller, number=number)
            return _("Marked: no response needed.")
        case "share":
            count = operations.share_photos(caller, number=number, attachment_ids=request.POST.getlist("photo"))
            return _("%(count)s photos are shared with the seller, to look at only.") % {"count": count}
    raise NotFound(what="verb")
