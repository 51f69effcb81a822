"""Tasks of returns: load by id, call one operation. Each may run twice; the sweeps find what was lost."""

from __future__ import annotations

from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.images.models import Picture
from fondaco.returns import labels
from fondaco.returns.models import Return
from fondaco.returns.operations import hazmat, refund, warehouse, what_if
from fondaco.returns.rules.life import Acceptance


@job(queue="fast")
def settle_label(return_id: str) -> None:
    """Get or void the prepaid label."""
    labels.settle(UUID(return_id))


@job()
def refund_due(unit_id: str) -> None:
    """The due time has passed."""
    refund.refund_due(unit_id=UUID(unit_id))


@job()
def refund_scanned(return_id: str) -> None:
    """The carrier has it."""
    refund.refund_at_first_scan(return_id=UUID(return_id))


@job()
def look_at_photo(sha256: str) -> None:
    """Inspect an evidence photo and make its renditions."""
    picture = Picture.objects.filter(pk=sha256).first()
    if picture:
        warehouse.look_at(picture, at=clock.now())


@job(queue="bulk")
def run_what_if(what_if_id: str) -> None:
    """One stretch of a what-if."""
    what_if.advance(what_if_id=UUID(what_if_id))


@job()
def block_hazmat(return_id: str) -> None:
    """The class of something in it became hazmat before the first scan."""
    hazmat.block_return(return_id=UUID(return_id))


@sweep
def returns_due() -> None:
    """Refunds that are due, labels to ask for or void, what-ifs that stopped, classes that changed."""
    for unit_id in refund.due_units():
        nudge(refund_due, str(unit_id))
    for return_id in labels.undone():
        nudge(settle_label, str(return_id))
    for each in what_if.unfinished():
        nudge(run_what_if, str(each))
    for return_id in hazmat.to_block():
        nudge(block_hazmat, str(return_id))
    for return_id in _scanned_unrefunded():
        nudge(refund_scanned, str(return_id))


def _scanned_unrefunded() -> list[UUID]:
    """Scanned returns of orders under the first-scan policy that are not refunded yet."""
    from fondaco.returns.terms import terms_for

    rows = Return.objects.filter(
        acceptance=Acceptance.AUTHORISED.value, scanned_at__isnull=False, closed_at=None, label_id__isnull=False
    ).select_related("order")
    return [
        row.pk
        for row in rows.order_by("scanned_at")[:500]
        if terms_for(row.store, placed_at=row.order.placed_at, requested_at=row.requested_at).at_first_scan
    ]
