"""The seller's side: the pop-up in Manage Images, the orders, and what became of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fondaco import history
from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.rules.states import STANDING
from fondaco.catalogue.web.image_doors import action, facts
from fondaco.engine import files
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.studio import operations
from fondaco.studio.models import ImageRights, ImagingOrder
from fondaco.studio.queries import seller as queries
from fondaco.studio.queries.seller import PopUp
from fondaco.studio.reading import said
from fondaco.studio.rules.wishes import STYLING_SIGNS, Wishes
from fondaco.studio.web import words
from fondaco.studio.web.rates import shown_rates
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

FILE = "application/octet-stream"


@require_seller
def pop_up(request: Request, asin: str) -> HttpResponse:
    """ "Let us image your products": as a dialog over Manage Images, or as a page of its own without script."""
    return _shown(request, queries.pop_up(request.caller, asin))


@require_POST
@require_seller
def buy(request: Request, asin: str) -> HttpResponse:
    """Buy Now (One-Click). A refusal stands where the button was."""
    try:
        operations.place_order(
            request.caller, asin=asin, request_key=request.POST.get("request_key", "")[:64], wishes=_wished(request)
        )
    except Refusal as refusal:
        found = queries.pop_up(request.caller, asin)
        if refusal.STATUS == 404:
            raise
        return _shown(request, found, refused=refusal, status=refusal.STATUS)
    if request.htmx:
        return _shown(request, queries.pop_up(request.caller, asin), confirmed=True)
    messages.success(request, _("Your imaging order was created."))
    return redirect(f"{reverse('studio:pop_up', args=[asin])}?placed=1")


@require_seller
def listing(request: Request) -> HttpResponse:
    """All imaging orders of the account."""
    state = request.GET.get("state", "")
    page = page_of(
        queries.orders_for(request.caller, state=state), request=request, order=("-placed_at", "-id"), size=25
    )
    tabs = [{"label": _("All"), "url": "?", "current": not state}]
    tabs += [{"label": label, "url": f"?state={key}", "current": state == key} for key, label in words.STATES.items()]
    context = {
        "page": page,
        "rows": [row(each) for each in page],
        "tabs": tabs,
        "may_order": request.caller.may(Capability.ORDER_IMAGING),
        "batches": list(queries.batches_for(request.caller).order_by("-at")[:3]),
    }
    return render(request, "studio/orders.html", context)


@require_seller
def order(request: Request, order_id: str) -> HttpResponse:
    """One order: where it stands, the unit's way, its pictures and their rights, what it did to returns."""
    found = queries.order_for(request.caller, order_id)
    context = {
        **row(found),
        "movements": [
            {"label": words.LEGS[m.leg], "at": m.at, "unscanned": m.unscanned}
            for m in found.movements.order_by("at", "id")
        ],
        "rights": queries.rights_of(request.caller, found),
        "preview": queries.preview_of(request.caller, found),
        "wished_model": words.MODELS.get(found.wished_model, ""),
        "events": history.timeline(found),
        **shown_rates(found),
        "trail": [(_("Imaging orders"), reverse("studio:orders")), (found.label, "")],
    }
    return render(request, "studio/order.html", context)


@require_POST
@require_seller
def removed(request: Request, removal_id: str) -> HttpResponse:
    """The seller has taken a use of a picture down elsewhere (B-SVC-01)."""
    done = operations.confirm_removal(request.caller, removal_id=removal_id)
    messages.success(request, _("Thank you. It is recorded that the use is removed."))
    return redirect("studio:order", str(done.rights.order_id))


def row(each: ImagingOrder) -> dict[str, Any]:
    """An order as lists and its page show it."""
    from fondaco.engine import clock

    return {
        "order": each,
        "state": words.state_of(each),
        "tone": words.STATE_TONES[each.state],
        "where": words.WHERE[each.where],
        "steps": words.steps_of(each),
        "exit": words.EXITS.get(each.exit, ""),
        "is_delayed": queries.is_delayed(each, clock.now()),
        "delay_url": contact_url(CaseType.IMAGING_DELAYED, {"asin": each.product.asin, "order": each.label}),
        "pop_up_url": reverse("studio:pop_up", args=[each.product.asin]),
        "shoot_with": words.SHOOT_WITH["tabletop"] if each.no_model else "",
    }


@action
def imaging(request: HttpRequest, product: Product) -> dict[str, Any] | None:
    """The way in from Manage Images (IMG-SVC-13)."""
    seller = request.caller.seller  # type: ignore[attr-defined]
    if seller is None or not Offer.objects.filter(seller=seller, product=product).exists():
        return None
    return {
        "label": _("Let us image your products (Beta)"),
        "url": reverse("studio:pop_up", args=[product.asin]),
        "icon": "camera",
    }


@facts
def rights(request: HttpRequest, image: ListingImage) -> dict[str, Any] | None:
    """Owner, model, off-site use and end of a studio picture (IMG-SVC-39…44)."""
    if image.source != "studio":
        return None
    found = queries.rights_of_image(request.caller, image.pk)  # type: ignore[attr-defined]
    if found is None:
        return None
    return {
        "template": "studio/_rights_panel.html",
        "rights": found,
        "reorder_url": reverse("studio:pop_up", args=[image.product.asin]) if found.deleted_at else "",
        "may_keep": keeping(request, image) is not None,
        "sizes": _sizes(request, found),
        "link_url": reverse("studio:link_sizes", args=[image.pk]),
    }


@facts
def keeping(request: HttpRequest, image: ListingImage) -> dict[str, Any] | None:
    """The way to the file, where policy offers it (IMG-SVC-43)."""
    try:
        queries.downloadable(request.caller, image.pk)  # type: ignore[attr-defined]
    except NotFound:
        return None
    return {"template": "studio/_download.html", "url": reverse("studio:download", args=[image.pk])}


@require_safe
@require_seller
def download(request: Request, image_id: str) -> HttpResponse:
    """The file of a picture of one's own account, where policy offers it; else there is no such page."""
    image = queries.downloadable(request.caller, image_id)
    assert image.picture
    response = HttpResponse(files.read("originals", image.picture.pk), content_type=FILE)
    name = f"{image.product.asin}.{image.variant}.{image.picture.format or 'bin'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@require_seller
def link_sizes(request: Request, image_id: UUID) -> HttpResponse:
    """A studio picture is shown on the other sizes of its colour too (Q-09)."""
    made = operations.link_to_sizes(request.caller, image_id=image_id)
    messages.success(
        request, _("The picture is shown on: %(asins)s.") % {"asins": ", ".join(i.product.asin for i in made)}
    )
    found = queries.rights_of_image(request.caller, image_id)
    assert found
    return redirect("catalogue:image", found.image.product.asin, image_id)


def _sizes(request: HttpRequest, found: ImageRights) -> list[Product]:
    """The sizes that a picture may be linked to by who looks at it; none for one that is off."""
    caller: Any = request.caller  # type: ignore[attr-defined]
    if found.image.state not in STANDING or not caller.may(Capability.EDIT_LISTINGS):
        return []
    return queries.other_sizes(found.image)


def _wished(request: Request) -> Wishes:
    """The fields that the form offers where policy takes wishes."""
    return Wishes(styling=request.POST.get("styling", ""), model=request.POST.get("wished_model", "")[:8])


def _shown(
    request: Request, found: PopUp, *, refused: Refusal | None = None, confirmed: bool = False, status: int = 200
) -> HttpResponse:
    name = "studio/pop_up_dialog.html" if request.htmx else "studio/pop_up.html"
    response = render(request, name, _context(request, found, refused, confirmed), status=status)
    if request.htmx and status >= 400:
        response.headers["HX-Retarget"] = "#imaging-pop-up"  # without it an answer like this is not shown
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def _context(request: Request, found: PopUp, refused: Refusal | None, confirmed: bool) -> dict[str, Any]:
    refusal = refused or (found.refusal if found.order is None else None)
    cancellation = found.cancellation
    asin = found.product.asin
    return {
        "found": found,
        "product": found.product,
        "order": found.order,
        "current": row(found.order) if found.order else None,
        "last": row(found.last) if found.last and not found.order else None,
        "cancellation": {
            "label": words.CANCELLATIONS[cancellation.state],
            "tone": words.CANCELLATION_TONES[cancellation.state],
            "case": cancellation.case,
        }
        if cancellation
        else None,
        "size_problems": list(found.shown.size_problems.order_by("-at")) if found.shown else [],
        "refusal": spoken(refusal) if refusal else None,
        "may_order": request.caller.may(Capability.ORDER_IMAGING),
        "request_key": new_id().hex,
        "models": words.MODELS.items() if found.accepts.model else (),
        "styling_signs": STYLING_SIGNS if found.accepts.styling else 0,
        "wished": _wished(request),
        "confirmed": confirmed or bool(request.GET.get("placed") and found.order),
        "women": said(found.sizes["women"]),
        "men": said(found.sizes["men"]),
        "cancel_url": contact_url(CaseType.IMAGING_CANCELLATION, {"asin": asin}),
        "can_cancel": bool(found.order and found.can_be_cancelled and not cancellation),
        "no_model_url": contact_url(CaseType.NO_MODEL_IMAGING, {"asins": [asin]}),
        "quality_url": contact_url(CaseType.IMAGING_QUALITY, {"asin": asin}),
        "trail": [
            (_("Manage Images"), reverse("catalogue:manage_images", args=[asin])),
            (_("Let us image your products (Beta)"), ""),
        ],
    }
