"""The studio's tasks: load by id, call one operation. The rows say what is due; a task is only a nudge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from django.db.models import QuerySet

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
ENDED_TOGETHER = 20  # their galleries are locked meanwhile
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
    """Notices, deletions and files that are due, in batches."""
    for some in notices_due():
        nudges.notice(some)
    for some in licences_ended():
        nudges.expire(some)
    for some in files_to_wipe():
        nudges.wipe(some)


def notices_due() -> list[tuple[UUID, ...]]:
    """Pictures whose sellers must be told that they will be deleted. One seller's stand together."""
    at = clock.now()
    waiting = ImageRights.objects.filter(noticed_at=None, deleted_at=None, notice_at__lte=at, delete_at__gt=at)
    return _batches(waiting.order_by("image__seller_id", "pk"), TOGETHER)


def licences_ended() -> list[tuple[UUID, ...]]:
    """Pictures whose licence has ended. One product's stand together."""
    ending = ImageRights.objects.filter(deleted_at=None, delete_at__lte=clock.now())
    return _batches(ending.order_by("image__product_id", "pk"), ENDED_TOGETHER)


def files_to_wipe() -> list[tuple[UUID, ...]]:
    """Pictures that are off and whose files are still there."""
    return _batches(ImageRights.objects.filter(deleted_at__isnull=False, wiped_at=None).order_by("pk"), TOGETHER)


def _batches(rows: QuerySet[ImageRights], size: int) -> list[tuple[UUID, ...]]:
    return list(batched(rows.values_list("pk", flat=True)[:MOST_A_SWEEP], size))
