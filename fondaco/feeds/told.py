"""What feeds tell the catalogue's pages: which file a product's data came by, and how many files are under way."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.rules.troubleshoot import BatchFacts, Reason
from fondaco.engine import clock
from fondaco.feeds import context
from fondaco.feeds.models import Batch, RowIssue
from fondaco.feeds.rules import OPEN_STATES
from fondaco.feeds.words import said
from fondaco.sellers.models import SellerAccount
from fondaco.web import dates

MOST_ERRORS = 10


def newest_facts(seller: SellerAccount, product: Product) -> BatchFacts | None:
    """The newest file of the seller that brought a picture of the product or has an issue with one of its SKUs.

    Issues are looked for in the uploads that the page still lists. Errors are in the language that is active.
    """
    skus = list(Offer.objects.filter(seller=seller, product=product).values_list("sku", flat=True))
    latest = Batch.objects.filter(seller=seller).order_by("-submitted_at", "-id")
    at = clock.now()
    listed = list(latest.values_list("pk", flat=True)[: context.history_length(store=seller.store, at=at)])
    named = set(RowIssue.objects.filter(batch_id__in=listed, sku__in=skus).values_list("batch_id", flat=True))
    brought = ListingImage.objects.filter(product=product, seller=seller, batch_id__isnull=False)
    batch = latest.filter(pk__in=named | set(brought.values_list("batch_id", flat=True))).first()
    return _facts(batch, skus) if batch else None


def files_in_progress(request: HttpRequest) -> dict[str, Any] | None:
    """A tile for the seller's overview."""
    seller = request.caller.seller  # type: ignore[attr-defined]
    under_way = Batch.objects.filter(seller=seller, state__in=[s.value for s in OPEN_STATES]).count()
    return {
        "label": _("Inventory files in progress"),
        "value": dates.number(under_way),
        "tone": "progress" if under_way else "",
        "note": _("the page follows them live") if under_way else _("all are worked off"),
        "url": reverse("feeds:uploads"),
    }


def _facts(batch: Batch, skus: list[str]) -> BatchFacts:
    limits = context.stuck_limits(store=batch.store, at=batch.submitted_at)
    after = limits.large_after if batch.size_bytes > limits.large_from_bytes else limits.small_after
    rows = RowIssue.objects.filter(batch=batch, sku__in=skus).exclude(type="warning").order_by("record", "id")
    issues = [said(row) for row in rows[:MOST_ERRORS]]
    return BatchFacts(
        number=batch.number,
        is_done=not batch.is_open,
        submitted_at=batch.submitted_at,
        stuck_at=batch.submitted_at + after,
        errors=tuple(Reason(issue.code, issue.message, issue.fix) for issue in issues),
    )
