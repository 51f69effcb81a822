"""The operator's page of imaging services: today's capacity, prices, guide, and the rights of pictures."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco import policy
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.models import ImagingOrder
from fondaco.studio.queries import seller as queries
from fondaco.studio.queries.asking import taken_today
from fondaco.studio.web import words
from fondaco.studio.web.kinds import name_of
from fondaco.studio.web.rates import shown_rates
from fondaco.studio.web.terms import CapacityForm, chosen_store, tabs
from fondaco.web.access import require_role
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

_KEYS = (
    "imaging.capacity_per_day",
    "imaging.price_table",
    "imaging.max_orders_per_seller",
    "imaging.accuracy",
    "imaging.model_licence.years",
    "imaging.model_licence.notice_days",
)


@require_GET
@require_role("operator")
def overview(request: Request, form: CapacityForm | None = None, status: int = 200) -> HttpResponse:
    """What is set in a store, what came in today, and how many orders stand where."""
    at, store = clock.now(), chosen_store(request)
    found = policy.many(_KEYS, store.code, at=at)
    counts = dict(ImagingOrder.objects.filter(store=store.code).values_list("state").annotate(n=Count("pk")))
    capacity = found["imaging.capacity_per_day"].value
    context = {
        "store": store,
        "tabs": tabs(store, "studio:operator"),
        "stats": [
            {"label": str(label), "value": counts.get(key, 0), "tone": words.STATE_TONES[key]}
            for key, label in words.STATES.items()
        ],
        "taken": taken_today(store.code, at),
        "capacity": capacity,
        "form": form or CapacityForm(initial={"most": capacity}),
        "prices": [
            {"name": name_of(row["category"]), "price": row["price"]} for row in found["imaging.price_table"].value
        ],
        "keys": [{"key": key, "title": _(policy.key_of(key).title), "version": found[key].version} for key in _KEYS],
    }
    return render(request, "studio/operator.html", context, status=status)


@require_GET
@require_role("operator")
def returns(request: Request) -> HttpResponse:
    """What studio pictures did to the returns of each product: a chart an order, the newest first (IMG-SVC-09)."""
    text = request.GET.get("asin", "")
    rows = queries.published_orders(request.caller, text=text)
    page = page_of(rows, request=request, order=("-published_at", "-id"), size=10)
    context = {"page": page, "asin": text, "rows": [{"order": each, **shown_rates(each)} for each in page]}
    return render(request, "studio/returns.html", context)


@require_GET
@require_role("operator")
def rights(request: Request, refused: Refusal | None = None, status: int = 200) -> HttpResponse:
    """Studio pictures with owner, model, off-site use and end; the place to withdraw a right."""
    text = request.GET.get("asin", "")
    rows = queries.every_rights(request.caller, text=text)
    page = page_of(rows, request=request, order=("-published_at", "image_id"), size=20)
    context = {
        "page": page,
        "rows": list(page),
        "asin": text,
        "request_key": new_id().hex,
        "refusal": spoken(refused) if refused else None,
    }
    return render(request, "studio/rights.html", context, status=status)


@require_POST
@require_role("operator")
def rights_act(request: Request, image_id: str, verb: str) -> HttpResponse:
    """Withdraw off-site use or all use, or ask for one use to be removed."""
    why = request.POST.get("why", "")
    try:
        if verb in ("offsite", "all"):
            operations.withdraw(request.caller, image_id=image_id, why=why, all_use=verb == "all")
            messages.success(request, _("Withdrawn. It shows on the picture, and the seller is told."))
        elif verb == "use":
            operations.ask_removal(
                request.caller,
                image_id=image_id,
                use=request.POST.get("use", ""),
                why=why,
                request_key=request.POST.get("request_key", "")[:64],
            )
            messages.success(request, _("The seller is asked to remove this use."))
        else:
            raise NotFound
    except NotFound:
        raise
    except Refusal as refusal:
        request.method = "GET"
        return rights(request, refused=refusal, status=refusal.STATUS)
    return redirect("studio:rights")
