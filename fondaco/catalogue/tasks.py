"""The catalogue's tasks: load by id, call one operation. The rows say what is due; a task is only a nudge."""

from __future__ import annotations

from collections.abc import Sequence

from fondaco.catalogue.operations import batch, looking, publish, sweeping
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import Retry, job
from fondaco.images import operations as pictures


@job(queue="fast")
def inspect_listing_image(image_id: str) -> None:
    """Inspect one uploaded picture, render it, and publish its product's gallery."""
    looking.look_at([image_id])


@job(queue="default")
def fetch_listing_image(image_id: str) -> None:
    """The same for a picture that has to be fetched first."""
    looking.look_at([image_id])


@job(queue="bulk", retry=Retry(attempts=3))
def fetch_and_inspect_batch(image_ids: Sequence[str]) -> None:
    """Many at once, side by side: what a feed nudges."""
    batch.look_at_many(image_ids)


@job(queue="fast")
def publish_gallery(product_id: str) -> None:
    """Choose a product's gallery anew."""
    publish.publish_galleries([publish.as_uuid(product_id)])


@job(queue="default")
def judge_as_main(image_id: str) -> None:
    """Hold a picture that moved up into first place to the standards for main pictures."""
    publish.judge_as_main(publish.as_uuid(image_id))


@job(queue="default")
def render_picture(sha256: str) -> None:
    """Make a picture's JPEG renditions and publish the galleries that wait for them."""
    pictures.render_picture(sha256)
    publish.publish_galleries(publish.products_with(sha256))


@job(queue="bulk")
def make_lean_pictures(sha256s: Sequence[str]) -> None:
    """WebP beside JPEG and the sizes for zoom, when there is nothing more urgent."""
    sweeping.make_lean(sha256s)


@sweep
def waiting_images() -> None:
    """Submitted pictures whose time has come, or whose worker died."""
    sweeping.free_images_of_the_dead()
    sweeping.nudge_waiting_images()


@sweep
def galleries_due() -> None:
    """Eligible pictures that no gallery has decided on yet."""
    sweeping.nudge_undecided_galleries()


@sweep
def lean_pictures_due() -> None:
    """Rendered pictures without WebP and sizes for zoom."""
    sweeping.nudge_lean_pictures()


@sweep
def staged_pictures_due() -> None:
    """Pictures that were sent ahead of a product which was never saved."""
    sweeping.forget_staged_pictures()
