"""What the operator looks at; the pages' decorators have checked the role."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.rules.states import WAITING
from fondaco.engine.models import JobFailure


def counts(*, at: datetime) -> dict[str, int]:
    """The figures of the overview."""
    waiting = ListingImage.objects.filter(state__in=WAITING)
    held = Product.objects.filter(searchable=False).values("held_reason").annotate(n=Count("id"))
    return {
        "searchable": Product.objects.filter(searchable=True).count(),
        "held": sum(row["n"] for row in held),
        "waiting": waiting.count(),
        "overdue": waiting.filter(due_at__lt=at).count(),
        "put_aside": JobFailure.objects.filter(dead=True).count(),
        "retrying": JobFailure.objects.filter(dead=False).count(),
    }


def failures(*, only_dead: bool) -> list[JobFailure]:
    """Tasks that have failed and not succeeded since, the latest first; at most 200."""
    rows = JobFailure.objects.filter(dead=True) if only_dead else JobFailure.objects.all()
    return list(rows.order_by("-last_at")[:200])
