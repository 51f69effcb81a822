"""What is due, for the sweep."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fondaco.service.models import GuaranteeClaim, Reimbursement
from fondaco.service.rules.claims import GuaranteeState


def replies_over(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Reimbursement claims that a seller did not answer in time."""
    due = Reimbursement.objects.filter(reply_due_at__lt=at).order_by("reply_due_at")
    return list(due.values_list("pk", flat=True)[:limit])


def sellers_over(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Guarantee claims that a seller did not answer in time."""
    due = GuaranteeClaim.objects.filter(state=GuaranteeState.AWAITING_SELLER.value, seller_due_at__lt=at)
    return list(due.order_by("seller_due_at").values_list("pk", flat=True)[:limit])
