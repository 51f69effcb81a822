"""The studio's tasks: load by id, call one operation. The rows say what is due; a task is only a nudge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job
from fondaco.studio import nudges
from fondaco.studio.models import Batch, ImageRights, ImagingOrder
from fondaco.studio.operations import batch as batches
from fondaco.studio.operations import publish as publishing
from fondaco.studio.operations import rights
from fondaco.studio.rules.states import OrderState

TOGETHER = 200
MOST_A_SWEEP = 20_000


@job(queue="fast")
def publish_order(order_id: str) -> None:
    """Publish a released set."""
    publishing.publish(UUID(order_id))


@job(queue="fast")
def bill_order(order_id: str) -> None:
    """Bill a published set."""
    publishing.bill(UUID(order_id))


@job(queue="bulk")
def work_off_batch(batch_id: str) -> None:
    """Place the next orders of a batch."""
    batches.work_off(UUID(batch_id))


@job(queue="default")
def notice_licences(image_ids: Sequence[str]) -> None:
    """Tell sellers of pictures that will be deleted."""
    rights.notice([UUID(pk) for pk in image_ids])


@job(queue="default")
def expire_licences(image_ids: Sequence[str]) -> None:
    """Take pictures off whose licence has ended."""
    rights.expire([UUID(pk) for pk in image_ids])


@job(queue="bulk")
def wipe_pictures(image_ids: Sequence[str]) -> None:
    """Delete the files of pictures that are off."""
    rights.wipe_files([UUID(pk) for pk in image_ids])


@sweep
def sets_to_publish_and_bill() -> None:
    """Released and not published, or published and not billed."""
    due = ImagingOrder.objects.filter(state=OrderState.IMAGING_COMPLETE.value, release_at__isnull=False)
    for pk, published_at in due.order_by("release_at").values_list("pk", "published_at")[:500]:
        nudges.bill(pk) if published_at else nudges.publish(pk)


@sweep
def batches_to_work_off() -> None:
    """Batches that are not done."""
    for pk in Batch.objects.filter(done_at=None).order_by("at").values_list("pk", flat=True)[:100]:
        nudges.work_off(pk)


@sweep
def licences_due() -> None:
    """Notices, deletions and files that are due, in batches. One product's pictures stay in one batch."""
    at = clock.now()
    waiting = ImageRights.objects.filter(noticed_at=None, deleted_at=None, notice_at__lte=at, delete_at__gt=at)
    for some in batched(_ids(waiting.order_by("image__seller_id", "pk")), TOGETHER):
        nudges.notice(some)
    ending = ImageRights.objects.filter(deleted_at=None, delete_at__lte=at)
    for some in batched(_ids(ending.order_by("image__product_id", "pk")), TOGETHER):
        nudges.expire(some)
    files = ImageRights.objects.filter(deleted_at__isnull=False, wiped_at=None).order_by("pk")
    for some in batched(_ids(files), TOGETHER):
        nudges.wipe(some)


def _ids(rows) -> list[UUID]:  # type: ignore[no-untyped-def]
    return list(rows.values_list("pk", flat=True)[:MOST_A_SWEEP])
