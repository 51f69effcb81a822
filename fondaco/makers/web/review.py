"""The review desk: applications, profiles that a person must see, and products that are taken down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.engine import clock, files
from fondaco.kit.errors import NotFound, Refusal
from fondaco.makers import words
from fondaco.makers.models import Application, HandmadeListing, ProfileVersion, Removal
from fondaco.makers.models.listing import RemovalState
from fondaco.makers.models.profile import PENDING
from fondaco.makers.operations import inviting, reviewing
from fondaco.makers.operations import listing as listing_operations
from fondaco.makers.operations import profile as profile_operations
from fondaco.makers.queries import applications as queries
from fondaco.makers.rules.application import AT_DESK, State, warnings
from fondaco.makers.terms import application_terms
from fondaco.makers.web import show
from fondaco.makers.web.forms import AskForm, DecisionForm, RemovalForm, WordsForm
from fondaco.makers.web.public import page_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Role
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of as paged

_TABS: tuple[tuple[str, Any, tuple[State, ...]], ...] = (
    ("waiting", None, AT_DESK),
    ("decided", None, (State.DECLINED, State.APPROVED, State.INVITED)),
    ("registered", None, (State.REGISTERED,)),
)


@require_role(*queries.DESK)
def queue(request: Request) -> HttpResponse:
    """Applications, the longest in its state first, with their age."""
    wanted = request.GET.get("show", "waiting")
    states = next((s for key, _label, s in _TABS if key == wanted), AT_DESK)
    page = paged(queries.queue(request.caller, states=states), request=request, order=("since", "id"), size=30)
    labels = {"waiting": _("To decide"), "decided": _("Decided"), "registered": _("Registered")}
    context = {
        "page": page,
        "rows": [_row(a) for a in page],
        "tabs": [{"label": labels[k], "url": f"?show={k}", "current": k == wanted} for k, _l, _s in _TABS],
        "desk_tabs": desk_tabs("applications"),
    }
    return render(request, "makers/review_queue.html", context)


@require_role(*queries.DESK)
def application(request: Request, application_id: str) -> HttpResponse:
    """One application with everything that a decision rests on."""
    found = queries.application_at_desk(request.caller, application_id)
    verb = request.POST.get("verb", "")
    ask = AskForm(request.POST if verb == "ask" else None, prefix="ask", initial={"revision": found.revision})
    decide = DecisionForm(
        request.POST if verb in ("approve", "decline") else None, prefix="decide", initial={"revision": found.revision}
    )
    if request.method == "POST" and (done := _act(request, found, verb, ask, decide)):
        return done
    terms = application_terms(at=found.submitted_at or clock.now())
    alike = queries.lookalikes(found)
    kinds = [
        {**kind, "photos": [{"photo": p, "alike": alike.get(p.pk, [])} for p in kind["photos"]]}
        for kind in show.photos(found)
    ]
    context = {
        **_row(found),
        "answers": show.answers(found),
        "kinds": kinds,
        "has_alike": bool(alike),
        "warnings": [
            str(words.FAULTS[f.code]) % {"measured": f.measured, "limit": f.limit}
            for f in warnings(terms.form, found.answers)
        ],
        "earlier": [_row(a) for a in queries.earlier_of(found)],
        "thread": [show.letter(m, of=found) for m in queries.thread_of(found)],
        "events": history.timeline(found),
        "ask_form": ask,
        "decide_form": decide,
        "is_mine": found.reviewer_id == request.caller.require_person().pk and found.state == State.IN_REVIEW,
        "may_take": found.state in AT_DESK,
        "can_reissue": found.state == State.INVITED,
        "is_decided": bool(found.decided_at),
        "desk_tabs": desk_tabs("applications"),
        "lists": terms.values,
    }
    bound = ask.is_bound or decide.is_bound
    return render(request, "makers/review_application.html", context, status=422 if bound else 200)


def _act(request: Request, found: Application, verb: str, ask: AskForm, decide: DecisionForm) -> HttpResponse | None:
    caller = request.caller
    form: Any = ask if verb == "ask" else decide
    try:
        if verb == "take":
            reviewing.take(caller, found.pk, revision=int(request.POST.get("revision", "-1") or -1))
            messages.success(request, _("You are reviewing it."))
        elif not form.is_valid():
            return None
        elif verb == "ask":
            given = ask.cleaned_data
            reviewing.ask(
                caller, found.pk, text=given["text"], revision=given["revision"], request_key=given["request_key"]
            )
            messages.success(request, _("Your question is sent."))
        elif verb == "approve":
            reviewing.approve(
                caller, found.pk, reason=decide.cleaned_data["reason"], revision=decide.cleaned_data["revision"]
            )
            messages.success(request, _("Approved. The invitation goes out by itself."))
        elif verb == "decline":
            reviewing.decline(
                caller, found.pk, reason=decide.cleaned_data["reason"], revision=decide.cleaned_data["revision"]
            )
            messages.success(request, _("Declined. The applicant reads why."))
    except Refusal as refusal:
        if verb == "take":
            raise
        refuse_with(form, refusal)
        return None
    return redirect("makers:review_application", found.pk)


@require_POST
@require_role(Role.SUPPORT, *queries.DESK)
def reissue(request: Request, application_id: str) -> HttpResponse:
    """A new link; from a support case back to that case."""
    made = inviting.reissue(
        request.caller, application_id, as_account_spells_it=bool(request.POST.get("as_account_spells_it"))
    )
    messages.success(
        request, _("A new invitation was sent to %(email)s. The old link no longer works.") % {"email": made.email}
    )
    number = request.POST.get("case", "")
    if number.isdigit():
        return redirect("cases:desk_case", number)
    return redirect("makers:review_application", application_id)


@require_role(*queries.DESK)
def document(request: Request, application_id: str, sha256: str) -> HttpResponse:
    """A document about an organisation: a download, never shown."""
    found = queries.application_at_desk(request.caller, application_id)
    row = next((d for d in found.documents if d["sha256"] == sha256), None)
    if row is None:
        raise NotFound
    return download(sha256, row["name"])


def download(sha256: str, name: str) -> HttpResponse:
    """A kept document as a download that no browser opens."""
    response = HttpResponse(files.read("documents", sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_role(*queries.DESK)
def profiles(request: Request) -> HttpResponse:
    """Profiles that wait for a person."""
    found = ProfileVersion.objects.filter(state__in=[s.value for s in PENDING]).select_related("seller")
    rows = [
        {"version": v, "reasons": [profile_operations.words_of(r) for r in v.reasons]}
        for v in found.order_by("submitted_at")[:100]
    ]
    return render(request, "makers/review_profiles.html", {"rows": rows, "desk_tabs": desk_tabs("profiles")})


@require_role(*queries.DESK)
def profile_verdict(request: Request, version_id: str) -> HttpResponse:
    """One profile as it would be shown, and the verdict."""
    found = ProfileVersion.objects.filter(pk=version_id).select_related("seller").first()
    if found is None:
        raise NotFound
    form = WordsForm(request.POST or None)
    form.fields["text"].required = False
    form.fields["text"].label = _("Reason")
    if request.method == "POST" and form.is_valid():
        shows = request.POST.get("verb") == "show"
        try:
            profile_operations.decide(request.caller, found.pk, show=shows, reason=form.cleaned_data["text"])
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("It is shown now.") if shows else _("It is refused."))
            return redirect("makers:review_profiles")
    context = {
        **page_of(found.content, store=""),
        "version": found,
        "all_texts": [
            {"store": store, "language": language, **parts}
            for store, languages in found.content["texts"].items()
            for language, parts in languages.items()
        ],
        "reasons": [profile_operations.words_of(r) for r in found.reasons],
        "form": form,
        "desk_tabs": desk_tabs("profiles"),
    }
    return render(request, "makers/review_profile.html", context, status=422 if form.errors else 200)


@require_role(*queries.DESK)
def listings(request: Request) -> HttpResponse:
    """Removals under way, and a search for a product to take down."""
    open_states = [RemovalState.REMOVED.value, RemovalState.APPEALED.value]
    removals = Removal.objects.filter(state__in=open_states).select_related("listing__product", "listing__seller")
    query = request.GET.get("asin", "").strip().upper()[:10]
    if query and HandmadeListing.objects.filter(product__asin=query).exists():
        return redirect("makers:review_listing", query)
    context = {
        "rows": [{"removal": r, "state": words.REMOVAL_STATES[r.state]} for r in removals.order_by("removed_at")[:100]],
        "query": query,
        "newest": [
            show.listed(r)
            for r in HandmadeListing.objects.select_related("product__main_picture", "seller").order_by("-listed_at")[
                :30
            ]
        ],
        "desk_tabs": desk_tabs("listings"),
    }
    return render(request, "makers/review_listings.html", context)


@require_role(*queries.DESK)
def listing(request: Request, asin: str) -> HttpResponse:
    """Take a product down, or decide on the appeal (B-HAND-16)."""
    row = HandmadeListing.objects.filter(product__asin=asin).select_related("product__main_picture", "seller").first()
    if row is None:
        raise NotFound
    removal = Removal.objects.filter(listing=row).order_by("-removed_at").first()
    is_open = removal is not None and removal.state in (RemovalState.REMOVED, RemovalState.APPEALED)
    form: Any = WordsForm(request.POST or None) if is_open else RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if is_open:
                restore = request.POST.get("verb") == "restore"
                listing_operations.decide_removal(
                    request.caller, asin=asin, restore=restore, answer=form.cleaned_data["text"]
                )
            else:
                listing_operations.remove(request.caller, asin=asin, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("Done. The maker is told."))
            return redirect("makers:review_listings")
    context = {
        **show.listed(row),
        "removal": removal,
        "removal_state": words.REMOVAL_STATES[removal.state] if removal else "",
        "is_open": is_open,
        "is_appealed": removal is not None and removal.state == RemovalState.APPEALED,
        "form": form,
        "events": history.timeline(row.product),
        "desk_tabs": desk_tabs("listings"),
    }
    return render(request, "makers/review_listing.html", context, status=422 if form.errors else 200)


def desk_tabs(current: str) -> list[dict[str, Any]]:
    """The three subjects of the desk."""
    from django.urls import reverse

    pending = ProfileVersion.objects.filter(state__in=[s.value for s in PENDING]).count()
    appeals = Removal.objects.filter(state=RemovalState.APPEALED.value).count()
    waiting = Application.objects.filter(state__in=[State.SUBMITTED.value, State.IN_REVIEW.value]).count()
    return [
        {
            "label": pgettext("handmade", "Applications"),
            "url": reverse("makers:review"),
            "current": current == "applications",
            "count": waiting or None,
        },
        {
            "label": _("Profiles"),
            "url": reverse("makers:review_profiles"),
            "current": current == "profiles",
            "count": pending or None,
        },
        {
            "label": _("Products"),
            "url": reverse("makers:review_listings"),
            "current": current == "listings",
            "count": appeals or None,
        },
    ]


def _row(found: Application) -> dict[str, Any]:
    return {
        "application": found,
        "state": words.STATES[found.state],
        "tone": words.TONES[found.state],
    }
