"""The seller's front door: how listings and pictures stand, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fondaco.catalogue.models import ImageStatus, Offer
from fondaco.catalogue.queries.overview import Count, Overview, first_reasons, overview_of
from fondaco.catalogue.queries.reasons import held_words, shown_reasons
from fondaco.catalogue.web.tiles import tiles_for
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web import dates
from fondaco.web.access import require_seller
from fondaco.web.nav import url_or_none


@require_seller
def portal(request: Request) -> HttpResponse:
    """Tiles, what is held out of search and why, and the next things to do."""
    overview = overview_of(request.caller)
    context = {
        "overview": overview,
        "stats": [*_stats(overview), *tiles_for(request)],
        "held": [
            {"words": held_words(code), "count": n, "url": _inventory(held=code)} for code, n in overview.held if code
        ],
        "to_mend": _to_mend(overview.to_mend),
        "to_picture": overview.to_picture,
        "rejected_url": _inventory(image=ImageStatus.REJECTED),
        "missing_url": _inventory(image=ImageStatus.MISSING),
        "feeds_url": url_or_none("feeds:uploads", "feeds:list", "feeds:home"),
        "may_edit": request.caller.may(Capability.EDIT_LISTINGS),
    }
    return render(request, "catalogue/portal.html", context)


def _stats(overview: Overview) -> list[dict[str, Any]]:
    due = overview.next_due
    return [
        {
            "label": _("Listings that buyers find"),
            "value": _number(overview.searchable),
            "note": _("of %(n)s active") % {"n": _number(overview.listings)},
            "url": _inventory(),
        },
        {
            "label": _("Held out of search"),
            "value": _number(overview.held_total),
            "tone": "warn" if overview.held_total.number else "good",
            "note": _("can be bought by direct link only") if overview.held_total.number else _("nothing held back"),
            "url": _inventory(held="any"),
        },
        {
            "label": _("Pictures being processed"),
            "value": _number(overview.processing),
            "tone": "progress" if overview.processing.number else "",
            "note": _("the first is due by %(due)s") % {"due": dates.at(due)} if due else _("none under way"),
            "url": _inventory(image=ImageStatus.PROCESSING),
        },
        {
            "label": _("Listings with a rejected picture"),
            "value": _number(overview.rejected),
            "tone": "bad" if overview.rejected.number else "good",
            "note": _("each says why") if overview.rejected.number else _("none"),
            "url": _inventory(image=ImageStatus.REJECTED),
        },
    ]


def _to_mend(offers: tuple[Offer, ...]) -> list[dict[str, Any]]:
    reasons = first_reasons(offers)
    return [{"offer": offer, "reasons": shown_reasons(reasons.get(offer.product_id, []))[:2]} for offer in offers]


def _number(count: Count) -> str:
    return f"{dates.number(count.number)}{'+' if count.is_more else ''}"


def _inventory(**query: str) -> str:
    path = reverse("catalogue:inventory")
    return f"{path}?{urlencode(query)}" if query else path
