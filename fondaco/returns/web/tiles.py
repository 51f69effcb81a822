"""The seller's overview: refunds that are due."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.engine import clock
from fondaco.returns.queries.lists import count_due, next_due
from fondaco.web import dates


def due(request: HttpRequest) -> dict[str, Any] | None:
    """How many units wait for their refund, and when the first is due; red when one is due within a day."""
    seller = request.caller.seller  # type: ignore[attr-defined]
    if seller is None:
        return None
    number, first = count_due(seller), next_due(seller)
    soon = first is not None and (first - clock.now()).total_seconds() < 24 * 3600
    return {
        "label": _("Returns due"),
        "value": dates.number(number),
        "note": _("the first by %(due)s") % {"due": dates.at(first)} if first else _("nothing waits for a refund"),
        "tone": "bad" if soon else "warn" if number else "good",
        "url": f"{reverse('returns:seller_list')}?show=to_refund" if number else reverse("returns:seller_list"),
    }
