"""The notice that a feed or a report is over."""

from __future__ import annotations

from fondaco.engine import clock
from fondaco.spapi.models import Document, FeedRequest, ReportRequest
from fondaco.spapi.operations import documents, notices


def tell(
    row: FeedRequest | ReportRequest, *, kind: str, what: str, of_type: str, result: tuple[str, Document | None]
) -> None:
    """In the transaction that says so. `what`: feed or report, as the notice's names begin; `result`: what the notice calls
    the document that came of it, and that document if there is one."""
    said = {
        "sellerId": row.seller.number,
        "accountId": row.seller.number,
        f"{what}Id": row.number,
        f"{what}Type": of_type,
        "processingStatus": str(row.status),
    }
    name, document = result
    if document is not None:
        said[name] = documents.public_id(document)
    notices.tell(
        row.seller_id,
        kind,
        event_key=f"{what}:{row.pk}",
        at=row.ended_at or clock.now(),
        payload=lambda: {f"{what}ProcessingFinishedNotification": said},
    )
