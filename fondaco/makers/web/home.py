"""The handmade menu: where an application stands, and the maker's front page with what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.catalogue.product_types import all_types
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.makers import words
from fondaco.makers.models import Application, HandmadeListing, Maker, ProfileVersion
from fondaco.makers.models.profile import PENDING, ProfileState
from fondaco.makers.operations import inviting
from fondaco.makers.queries import applications as queries
from fondaco.makers.queries.shop import suggestions_for
from fondaco.makers.rules.application import State
from fondaco.makers.rules.listing import TYPES
from fondaco.makers.terms import application_terms
from fondaco.makers.web import show
from fondaco.makers.web.forms import MessageForm, VacationForm
from fondaco.policy import store_of
from fondaco.sellers import operations as sellers
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with

_ORDER = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.INVITED, State.REGISTERED)


@signed_in
def home(request: Request) -> HttpResponse:
    """A registered maker's menu; for everybody else where the application stands, and why."""
    maker = queries.maker_of(request.caller.seller)
    if maker is not None and request.caller.may(Capability.VIEW):
        return _menu(request, maker)
    application = queries.my_application(request.caller)
    context: dict[str, Any] = {
        "application": application,
        "terms": application_terms(at=clock.now()),
        "may_open_region": _may_open_region(request),
    }
    if application is not None:
        context |= status_of(application)
    return render(request, "makers/status.html", context)


def status_of(application: Application) -> dict[str, Any]:
    """What an applicant sees of an application."""
    return {
        "state": words.STATES[application.state],
        "tone": words.TONES[application.state],
        "why": words.WHY[application.state],
        "steps": _steps(application),
        "thread": [show.letter(m, of=application) for m in queries.thread_of(application)],
        "answer_form": MessageForm() if application.state == State.INFO_REQUESTED else None,
        "events": history.timeline(application),
        "is_draft": application.state == State.DRAFT,
        "is_declined": application.state == State.DECLINED,
        "asked": application.state == State.INFO_REQUESTED,
        "photos": show.photos(application),
        "answers": show.answers(application),
    }


@signed_in
def registered(request: Request) -> HttpResponse:
    """The proof that registration is complete and listing is possible (HAND-15, B-HAND-07)."""
    maker = queries.maker_for(request.caller)
    return render(request, "makers/registered.html", {"maker": maker, **_proof(maker)})


@signed_in
def regions(request: Request) -> HttpResponse:
    """Which stores are open, and how to reach others (HAND-13, HAND-14)."""
    if request.method == "POST":
        maker = inviting.open_region(request.caller)
        messages.success(
            request, _("%(stores)s are open now, without a new application.") % {"stores": ", ".join(maker.stores)}
        )
        return redirect("makers:registered")
    maker_row = queries.maker_of(request.caller.seller)
    rows = [
        {
            "region": _(region.label),
            "stores": [store_of(code) for code in region.stores],
            "is_open": maker_row is not None and maker_row.region == region.key,
        }
        for region in application_terms(at=clock.now()).regions
    ]
    context = {"maker": maker_row, "rows": rows, "may_open_region": _may_open_region(request)}
    return render(request, "makers/regions.html", context)


@signed_in
def vacation(request: Request) -> HttpResponse:
    """Vacation mode: listings hide, orders placed remain due."""
    maker = queries.maker_for(request.caller)
    seller = maker.seller
    if request.method == "POST" and request.POST.get("verb") == "close":
        sellers.close_vacation(request.caller, seller)
        messages.success(request, _("Vacation mode is off. Your listings come back within minutes."))
        return redirect("makers:vacation")
    today = clock.now().astimezone(seller.zone).date()
    form = VacationForm(request.POST or None, initial={"from_date": today})
    if request.method == "POST" and form.is_valid():
        try:
            sellers.start_vacation(request.caller, seller, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("Vacation mode is on."))
            return redirect("makers:vacation")
    context = {
        "form": form,
        "seller": seller,
        "is_away": seller.is_on_vacation(on=today),
        "is_planned": seller.vacation_from_date is not None,
        "may_edit": request.caller.may(Capability.EDIT_ACCOUNT),
    }
    return render(request, "makers/vacation.html", context, status=422 if form.is_bound else 200)


@signed_in
def suggestions(request: Request) -> HttpResponse:
    """What to do next to be found, from the maker's own listings (HAND-24)."""
    maker = queries.maker_for(request.caller)
    return render(
        request, "makers/suggestions.html", {"maker": maker, "rows": show.suggestions(suggestions_for(maker))}
    )


@signed_in
def guidance(request: Request) -> HttpResponse:
    """Managing the business: orders, production time, returns (HAND-23)."""
    maker = queries.maker_for(request.caller)
    at = clock.now()
    context = {
        "maker": maker,
        "days": policy.value("handmade.production_days", maker.seller.store, at=at).value,
        "hours": policy.value("message.response_hours", maker.seller.store, at=at).value,
        "fee": policy.value("handmade.referral_fee", maker.seller.store, at=at).value,
    }
    return render(request, "makers/guidance.html", context)


def _menu(request: Request, maker: Maker) -> HttpResponse:
    seller = maker.seller
    pending = ProfileVersion.objects.filter(seller=seller, state__in=[s.value for s in PENDING]).first()
    shown = ProfileVersion.objects.filter(seller=seller, state=ProfileState.SHOWN).first()
    listings = HandmadeListing.objects.filter(seller=seller).select_related("product__main_picture")
    context = {
        "maker": maker,
        "count": listings.count(),
        "hidden": listings.filter(product__searchable=False).count(),
        "profile_pending": pending,
        "profile_shown": shown,
        "shop": getattr(seller, "maker_shop", None),
        "suggestions": show.suggestions(suggestions_for(maker))[:4],
        "recent": [show.listed(row) for row in listings.order_by("-listed_at")[:6]],
        "on_vacation": seller.is_on_vacation(on=clock.now().astimezone(seller.zone).date()),
        **_proof(maker),
    }
    return render(request, "makers/home.html", context)


def _proof(maker: Maker) -> dict[str, Any]:
    return {
        "stores": [store_of(code) for code in maker.stores],
        "types": sorted((_(all_types()[key].name), f"{reverse('catalogue:add_new')}?type={key}") for key in TYPES),
        "state": words.STATES[State.REGISTERED],
        "option": words.OPTIONS[maker.option],
    }


def _may_open_region(request: Request) -> bool:
    caller = request.caller
    return (
        caller.seller is not None
        and queries.maker_of(caller.seller) is None
        and caller.may(Capability.EDIT_ACCOUNT)
        and queries.approved_for(caller) is not None
    )


def _steps(application: Application) -> list[dict[str, Any]]:
    state = State(application.state)
    if state is State.DECLINED:
        done = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW)
        return [
            *({"label": words.STATES[s], "state": "done"} for s in done),
            {"label": words.STATES[State.DECLINED], "state": "bad"},
        ]
    order = list(_ORDER)
    if state is State.INFO_REQUESTED:
        order.insert(3, State.INFO_REQUESTED)
    here = order.index(state)
    last = len(order) - 1
    return [
        {
            "label": words.STATES[s],
            "state": "done" if n < here or here == last else "now" if n == here else "todo",
        }
        for n, s in enumerate(order)
    ]
