"""The seller's pages of the programme: enrolment, order volume, offers, and why a badge is not shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.catalogue import featuring
from fondaco.engine import clock
from fondaco.fulfilment.models import PrimeItem
from fondaco.fulfilment.operations import enrolment as enrolments
from fondaco.fulfilment.operations import items, volume
from fondaco.fulfilment.queries.programme import offers_of, programme_of, why_no_badge
from fondaco.fulfilment.queries.sides import WEEKDAYS, Side, sides
from fondaco.fulfilment.web import prime_words as words
from fondaco.fulfilment.web import standing
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of
from fondaco.web.programmes import name_of

SEE_ALSO = (
    ("prime-enrol", words.SEE_ENROL),
    ("prime-overview", words.SEE_OVERVIEW),
    ("prime-maintain-enrolment", words.SEE_MAINTAIN),
    ("prime-process-orders", words.SEE_PROCESS),
    ("prime-reimbursement-claims", words.SEE_CLAIMS),
    ("prime-recent-changes", words.SEE_CHANGES),
)


@require_seller
def overview(request: Request) -> HttpResponse:
    """How the account stands, and the next step."""
    shown = programme_of(request.caller, at=clock.now())
    state = shown.enrolment.state if shown.enrolment else ""
    enforced = enrolments.is_enforced(shown.seller, at=clock.now())
    context = {
        "shown": shown,
        "state": state,
        "state_words": words.STATES.get(state, ""),
        "state_tone": words.STATE_TONES.get(state, "neutral"),
        "steps": _steps(shown),
        "terms_version": enrolments.TERMS_VERSION,
        "must_accept": shown.enrolment is None
        or state == "disabled"
        or shown.enrolment.terms_version != enrolments.TERMS_VERSION,
        "days": [(words.WEEKDAYS[day], day, shown.cutoffs[day], shown.published_cutoffs[day]) for day in WEEKDAYS],
        "measured": [
            {
                "target": words.PLANS.get(row.target, row.target),
                "value": words.PLANS.get(row.value, row.value),
                "label": words.MEASURED[row.code],
                "state": _passes(row.passes),
            }
            for row in shown.prequalification.rows
        ],
        "standing": standing.shown(shown.enrolment) if shown.enrolment else None,
        "enforced": enforced,
        "may_activate": not enforced
        or bool(shown.enrolment and shown.enrolment.trials.filter(state="passed").exists()),
        "sanctions": [(s, words.SANCTIONS[s.kind]) for s in shown.sanctions],
        "see_also": _see_also(),
        "maintain": _help("prime-maintain-enrolment"),
        "requirements": _help("prime-requirements"),
        "may_edit": request.caller.may(Capability.EDIT_ACCOUNT),
        "events": history.timeline(shown.enrolment) if shown.enrolment else [],
    }
    return render(request, "fulfilment/prime.html", context)


@require_POST
@require_seller
def apply(request: Request) -> HttpResponse:
    """Accept the requirements."""
    accepted = request.POST.get("version", "") if request.POST.get("accept") == "yes" else ""
    enrolments.apply(request.caller, accepted_version=accepted)
    messages.success(request, _("Your acceptance is recorded."))
    return redirect("fulfilment:prime")


@require_POST
@require_seller
def activate(request: Request) -> HttpResponse:
    """Begin."""
    enrolments.activate(request.caller)
    messages.success(request, _("Enrolment is active. Now enrol offers."))
    return redirect("fulfilment:prime_items")


@require_POST
@require_seller
def leave(request: Request) -> HttpResponse:
    """End it oneself."""
    enrolments.leave(request.caller)
    messages.success(request, _("You have left. Open orders and returns go on."))
    return redirect("fulfilment:prime")


@require_POST
@require_seller
def control(request: Request) -> HttpResponse:
    """“Control Prime order volume”."""
    text = request.POST.get("limit", "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise volume.WrongLimit(most=volume.MOST_A_DAY)
    cutoffs = {day: request.POST.get(f"cutoff-{day}", "") for day in WEEKDAYS}
    volume.control_volume(request.caller, limit_per_day=int(text) if text else None, cutoffs=cutoffs)
    messages.success(request, _("Order volume is set."))
    return redirect("fulfilment:prime")


@require_POST
@require_seller
def switch(request: Request) -> HttpResponse:
    """Everything off, or on again."""
    off = request.POST.get("off") == "yes"
    volume.switch_all(request.caller, off=off)
    messages.success(request, _("All offers are switched off.") if off else _("The offers are switched on again."))
    return redirect("fulfilment:prime")


@require_seller
def offers(request: Request) -> HttpResponse:
    """Offers that are in the programme or could be."""
    caller, at = request.caller, clock.now()
    wanted = request.GET.get("show", "")
    found = offers_of(caller)
    if wanted == "enrolled":
        found = found.filter(prime_item__state__in=["enrolled", "suspended"])
    elif wanted == "others":
        found = found.exclude(prime_item__state__in=["enrolled", "suspended"])
    page = page_of(found, request=request, order=("-id",), size=25)
    behind = sides(page.items, at=at)
    context = {
        "page": page,
        "rows": [_row(behind[offer.pk]) for offer in page],
        "tabs": [
            {"label": label, "url": f"?show={key}" if key else "?", "current": wanted == key}
            for key, label in words.SHOW.items()
        ],
        "may_edit": caller.may(Capability.EDIT_LISTINGS),
        "programme": name_of("prime"),
    }
    return render(request, "fulfilment/prime_items.html", context)


@require_POST
@require_seller
def enrol(request: Request, offer_id: str) -> HttpResponse:
    """One offer in."""
    items.enrol(request.caller, offer_id=offer_id)
    messages.success(request, _("The offer is enrolled."))
    return redirect("fulfilment:prime_items")


@require_POST
@require_seller
def remove(request: Request, offer_id: str) -> HttpResponse:
    """One offer out."""
    items.remove(request.caller, offer_id=offer_id)
    messages.success(request, _("The offer is out of the programme; it is sold on."))
    return redirect("fulfilment:prime_items")


@require_seller
def badge(request: Request, offer_id: str) -> HttpResponse:
    """“Prime badge not showing” for one offer, as a buyer at a ZIP sees it."""
    zip_code = request.GET.get("zip", "43215").replace("\0", "").strip()[:20]
    member = request.GET.get("member", "yes") == "yes"
    offer, diagnosis, side = why_no_badge(request.caller, offer_id, zip_code=zip_code, member=member, at=clock.now())
    context = {
        "offer": offer,
        "diagnosis": diagnosis,
        "side": side,
        "zip": zip_code,
        "member": member,
        "shows": not diagnosis.faults,
        "earned": [
            {"label": _(each.label), "pct": each.pct}
            for each in featuring.earned_by([offer], at=clock.now()).get(offer.pk, ())
        ],
        "events": [e for e in history.timeline(offer) if e.verb.startswith("prime.")],
        "trail": [
            (name_of("prime"), reverse("fulfilment:prime")),
            (_("Offers"), reverse("fulfilment:prime_items")),
            (offer.sku, ""),
        ],
    }
    return render(request, "fulfilment/badge.html", context)


def _row(side: Side) -> dict[str, Any]:
    item: PrimeItem | None = side.item
    reasons = side.suspensions
    if not side.is_in_programme:
        state, tone = ("", "neutral")
    elif reasons:
        state, tone = ("suspended", "warn")
    else:
        state, tone = ("enrolled", "good")
    return {
        "offer": side.offer,
        "item": item,
        "state": words.ITEM_STATES.get(state, ""),
        "is_in": side.is_in_programme,
        "tone": tone,
        "reasons": [words.SUSPENSIONS[reason.value] for reason in reasons],
        "removed": side.offer.status == "removed",
    }


def _steps(shown: Any) -> list[dict[str, Any]]:
    state = shown.enrolment.state if shown.enrolment else ""
    limited = bool(shown.volume and shown.volume.limit_per_day)
    done = [bool(state) and state != "disabled", limited, state == "active"]
    labels = (_("Accept the requirements"), _("Set a daily order limit"), _("Activate"))
    first = next((n for n, ok in enumerate(done) if not ok), None)
    return [
        {"label": label, "state": "done" if done[n] else "now" if n == first else "todo"}
        for n, label in enumerate(labels)
    ]


def _passes(passes: bool | None) -> dict[str, Any]:
    if passes is None:
        return {"label": _("nothing measured yet"), "tone": "neutral"}
    return {"label": _("met"), "tone": "good"} if passes else {"label": _("not met"), "tone": "warn"}


def _see_also() -> list[tuple[str, Any]]:
    return [(url, label) for slug, label in SEE_ALSO if (url := _help(slug))]


def _help(slug: str) -> str:
    try:
        return reverse("help:article", args=[slug])
    except NoReverseMatch:
        return ""
