"""Manage Inventory: the list, what is done to many rows at once, and the small pages of one offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
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
from fondaco.images.templatetags.pictures import thumb
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.addresses import address
from fondaco.web.dates import day, money, number
from fondaco.web.forms import refuse_with
from fondaco.web.frames import fill
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken
from fondaco.web.templatetags.web_components import pill

PAGE = 25
MOST_AT_ONCE = 200
_MORE = '<br><span class="soft small">{}</span>'
_SORTS: dict[str, Sequence[str]] = {
    "": ORDERS["newest"],
    "sku": ORDERS["sku"],
    "-sku": tuple(f"-{name}" for name in ORDERS["sku"]),
}


@require_seller
def listing(request: Request) -> HttpResponse:
    """The seller's offers, filtered, a page at a time (IMG-08, IMG-09, IMG-SVC-11)."""
    caller = request.caller
    filters = Filters.of(request.GET)
    sort = request.GET.get("sort", "") if request.GET.get("sort", "") in _SORTS else ""
    page = page_of(inventory(caller, filters), request=request, order=_SORTS[sort], size=PAGE)
    counts = reason_counts(page.items)
    may_edit = caller.may(Capability.EDIT_LISTINGS)
    back = urlencode({"next": request.get_full_path()})
    context = {
        "page": page,
        "rows": [_row(offer, counts.get(offer.pk, 0), back=back, may_edit=may_edit) for offer in page],
        "filters": filters,
        "choices": _choices(filters),
        "applied": _applied(filters),
        "may_edit": may_edit,
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
    context = {
        "form": form,
        "offer": offer,
        "condition": words.CONDITIONS[offer.condition],
        "status": words.STATUSES[offer.status],
        "status_tone": words.STATUS_TONES[offer.status],  # type: ignore[index]
        "next": way_back(request),
    }
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


def _row(offer: Offer, reasons: int, *, back: str, may_edit: bool) -> SafeString:
    product = offer.product
    image, price = words.IMAGE_STATUSES[offer.image_status], money(offer.price_minor, offer.currency)
    values = {
        "offer": offer.pk,
        "sku": offer.sku,
        "asin": product.asin,
        "title": product.title,
        "thumb": thumb(product.main_picture),
        "status_words": words.STATUSES[offer.status],
        "condition": words.CONDITIONS[offer.condition],
        "channel": words.CHANNELS[offer.channel],
        "image": image,
        "pill": pill(
            _with_reasons(image, reasons) if reasons else image,
            tone=words.IMAGE_STATUS_TONES[ImageStatus(offer.image_status)],
        ),
        "held": "" if product.searchable else held_words(product.held_reason),
        "sellable": _("%(n)s sellable") % {"n": number(offer.units_sellable)},
        "more_stock": format_html_join("", _MORE, ((each,) for each in _more_stock(offer))),
        "price": price,
        "choose_words": _("Choose %(sku)s") % {"sku": offer.sku},
        "change_words": _("%(price)s, change price or quantity of %(sku)s") % {"price": price, "sku": offer.sku},
        "product_url": address("catalogue:product", product.asin),
        "images_url": address("catalogue:manage_images", product.asin),
        "edit_url": address("catalogue:edit_offer", offer.pk),
        "close_url": address("catalogue:close_offer", offer.pk),
        "reopen_url": address("catalogue:reopen_offer", offer.pk),
        "troubleshoot_url": address("catalogue:troubleshoot"),
        "back": back,
    }
    return fill(
        "catalogue/inventory_row.html",
        values,
        may_edit=may_edit,
        status=offer.status,
        is_held=bool(values["held"]),
        lacks_picture=offer.image_status != ImageStatus.SHOWN,
    )


def _with_reasons(state: Any, reasons: int) -> str:
    return ngettext("%(state)s: %(n)s reason", "%(state)s: %(n)s reasons", reasons) % {"state": state, "n": reasons}


def _more_stock(offer: Offer) -> list[str]:
    found = []
    if offer.units_reserved:
        found.append(_("%(n)s reserved") % {"n": number(offer.units_reserved)})
    if offer.units_away:
        found.append(_("%(n)s at imaging") % {"n": number(offer.units_away)})
    if offer.restock_date:
        found.append(_("again on %(date)s") % {"date": day(offer.restock_date)})
    return found


def _values(offer: Offer) -> dict[str, Any]:
    return {
        "price_minor": offer.price_minor,
        "quantity": offer.units_sellable,
        "handling_days": offer.handling_days,
        "channel": offer.channel,
        "condition_note": offer.condition_note,
        "restock_date": offer.restock_date,
    }


def _choices(filters: Filters) -> dict[str, Any]:
    return {
        "channels": words.CHANNELS,
        "statuses": {**words.STATUSES, "all": _("All")},
        "images": words.IMAGE_STATUSES,
        "types": _type_options(get_language() or "", filters.product_type),
    }


@lru_cache(maxsize=512)
def _type_options(language: str, chosen: str) -> SafeString:
    """The options of all product types in the language that is in force: many, and the same on every page."""
    option = '<option value="{}"{}>{}</option>'
    selected = mark_safe(" selected")
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (
                department.name,
                format_html_join(
                    "", option, ((key, selected if key == chosen else "", name) for key, name in department.types)
                ),
            )
            for department in shown_departments()
        ),
    )


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
