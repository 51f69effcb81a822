"""Manage Inventory: the list, what is done to many rows at once, and the small pages of one offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fondaco.catalogue.models import Channel, ImageStatus, Offer, OfferStatus
from fondaco.catalogue.operations import change_offer, close, reopen
from fondaco.catalogue.operations.offers import MOST_HANDLING_DAYS, MOST_UNITS
from fondaco.catalogue.queries.access import offer_for
from fondaco.catalogue.queries.inventory import ORDERS, Filters, inventory, reason_counts
from fondaco.catalogue.queries.reasons import held_words
from fondaco.catalogue.web import words
from fondaco.catalogue.web.back import way_back
from fondaco.catalogue.web.departments import shown_departments, type_name
from fondaco.catalogue.web.forms import EditOfferForm
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.addresses import address
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

PAGE = 25
MOST_AT_ONCE = 200
_SORTS: dict[str, Sequence[str]] = {
    "": ORDERS["newest"],
    "sku": ORDERS["sku"],
    "-sku": tuple(f"-{name}" for name in ORDERS["sku"]),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One offer of the list, its words ready."""

    offer: Offer
    condition: Any
    channel: Any
    status: Any
    status_tone: str
    image: Any
    image_tone: str
    reasons: int
    held: str

    @property
    def lacks_picture(self) -> bool:
        return self.offer.image_status != ImageStatus.SHOWN

    @property
    def product_url(self) -> str:
        return address("catalogue:product", self.offer.product.asin)

    @property
    def images_url(self) -> str:
        return address("catalogue:manage_images", self.offer.product.asin)

    @property
    def edit_url(self) -> str:
        return address("catalogue:edit_offer", self.offer.pk)

    @property
    def close_url(self) -> str:
        return address("catalogue:close_offer", self.offer.pk)

    @property
    def reopen_url(self) -> str:
        return address("catalogue:reopen_offer", self.offer.pk)


@require_seller
def listing(request: Request) -> HttpResponse:
    """The seller's offers, filtered, a page at a time (IMG-08, IMG-09, IMG-SVC-11)."""
    caller = request.caller
    filters = Filters.of(request.GET)
    sort = request.GET.get("sort", "") if request.GET.get("sort", "") in _SORTS else ""
    page = page_of(inventory(caller, filters), request=request, order=_SORTS[sort], size=PAGE)
    counts = reason_counts(page.items)
    context = {
        "page": page,
        "rows": [_row(offer, counts.get(offer.pk, 0)) for offer in page],
        "back": urlencode({"next": request.get_full_path()}),
        "troubleshoot_url": reverse("catalogue:troubleshoot"),
        "filters": filters,
        "choices": _choices(),
        "applied": _applied(filters),
        "may_edit": caller.may(Capability.EDIT_LISTINGS),
        "is_marketplace": filters.channel == Channel.MARKETPLACE,
    }
    return render(request, "catalogue/inventory.html", context)


@require_POST
@require_seller
def bulk(request: Request) -> HttpResponse:
    """One verb for the chosen rows. What is refused is said; the others are done."""
    request.caller.require_seller(Capability.EDIT_LISTINGS)
    ids = request.POST.getlist("offer")[:MOST_AT_ONCE]
    verb = _verb(request)
    if verb is None or not ids:
        messages.warning(request, _("Choose rows and what is to be done with them."))
        return redirect(way_back(request))
    done, refused = 0, []
    for offer_id in ids:
        try:
            verb(offer_id)
            done += 1
        except Refusal as refusal:
            refused.append(spoken(refusal).words)
    if done:
        messages.success(request, ngettext("%(n)s offer is changed.", "%(n)s offers are changed.", done) % {"n": done})
    for words_ in dict.fromkeys(refused):
        messages.error(request, words_)
    return redirect(way_back(request))


@require_seller
def edit(request: Request, offer_id: UUID) -> HttpResponse:
    """Price, quantity and the rest of one offer: a page, or a dialog over the list."""
    caller = request.caller
    caller.require_seller(Capability.EDIT_LISTINGS)
    offer = offer_for(caller, offer_id)
    form = EditOfferForm(request.POST or None, initial=_values(offer), currency=offer.currency)
    if request.method == "POST" and form.is_valid():
        try:
            change_offer(caller, offer_id=offer.pk, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("%(sku)s is saved.") % {"sku": offer.sku})
            return _done(request)
    context = {"form": form, "row": _row(offer, 0), "next": way_back(request)}
    template = "catalogue/inventory_edit_dialog.html" if _is_htmx(request) else "catalogue/inventory_edit.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_POST
@require_seller
def close_offer(request: Request, offer_id: UUID) -> HttpResponse:
    """Buyers cannot buy it any more; its page and its pictures stay."""
    offer = close(request.caller, offer_id=offer_id)
    messages.success(request, _("%(sku)s is closed. It can be taken up again at any time.") % {"sku": offer.sku})
    return redirect(way_back(request))


@require_POST
@require_seller
def reopen_offer(request: Request, offer_id: UUID) -> HttpResponse:
    """A closed offer, taken up again."""
    offer = reopen(request.caller, offer_id=offer_id)
    messages.success(request, _("%(sku)s can be bought again.") % {"sku": offer.sku})
    return redirect(way_back(request))


def _done(request: Request) -> HttpResponse:
    if _is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": way_back(request)})
    return redirect(way_back(request))


def _is_htmx(request: Request) -> bool:
    return bool(getattr(request, "htmx", False))


def _verb(request: Request) -> Callable[[str], Any] | None:
    caller, asked = request.caller, request.POST.get("verb", "")
    if asked == "close":
        return lambda offer_id: close(caller, offer_id=offer_id)
    if asked == "reopen":
        return lambda offer_id: reopen(caller, offer_id=offer_id)
    if asked == "handling" and (days := _number(request, "handling_days", MOST_HANDLING_DAYS)) is not None:
        return lambda offer_id: change_offer(caller, offer_id=offer_id, handling_days=days)
    if asked == "quantity" and (units := _number(request, "quantity", MOST_UNITS)) is not None:
        return lambda offer_id: change_offer(caller, offer_id=offer_id, quantity=units)
    return None


def _number(request: Request, name: str, most: int) -> int | None:
    raw = request.POST.get(name, "").strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 12 and int(raw) <= most else None


def _row(offer: Offer, reasons: int) -> Row:
    return Row(
        offer=offer,
        condition=words.CONDITIONS[offer.condition],
        channel=words.CHANNELS[offer.channel],
        status=words.STATUSES[offer.status],
        status_tone=words.STATUS_TONES[offer.status],  # type: ignore[index]
        image=words.IMAGE_STATUSES[offer.image_status],
        image_tone=words.IMAGE_STATUS_TONES[offer.image_status],  # type: ignore[index]
        reasons=reasons,
        held="" if offer.product.searchable else held_words(offer.product.held_reason),
    )


def _values(offer: Offer) -> dict[str, Any]:
    return {
        "price_minor": offer.price_minor,
        "quantity": offer.units_sellable,
        "handling_days": offer.handling_days,
        "channel": offer.channel,
        "condition_note": offer.condition_note,
        "restock_date": offer.restock_date,
    }


def _choices() -> dict[str, Any]:
    return {
        "channels": words.CHANNELS,
        "statuses": {**words.STATUSES, "all": _("All")},
        "images": words.IMAGE_STATUSES,
        "departments": shown_departments(),
    }


def _applied(filters: Filters) -> list[dict[str, Any]]:
    """The filters in force, each with the query key that takes it out."""
    found = [
        ("q", f"“{filters.text}”" if filters.text else ""),
        ("channel", words.CHANNELS.get(filters.channel, "")),
        ("status", "" if filters.status == OfferStatus.ACTIVE else words.STATUSES.get(filters.status, _("All states"))),
        ("image", words.IMAGE_STATUSES.get(filters.image_status, "")),
        ("type", type_name(filters.product_type)),
        ("held", _("Held out of search") if filters.held == "any" else held_words(filters.held)),
    ]
    return [{"key": key, "label": label} for key, label in found if label]
