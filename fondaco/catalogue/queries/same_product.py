"""*Same product?* A picture that looks more like another product of its seller than like its own page: a question, no verdict.

It needs the optional model (`fondaco.images.pipeline.vision`), which gives each picture an embedding and the colours of its product
alone. By both, of 120 photographs of backs and sides the right product came first for 60 %: enough to rank, so the question
is asked only where the page's own pictures rank clearly behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.rules import states
from fondaco.images.queries import likenesses

MOST = 400  # of the seller's newest pictures are compared
CLOSE = 1.1  # of 1.5: so near that another view of one product would be no nearer
BEHIND = 0.15  # the page's own pictures come so much later


@dataclass(frozen=True, slots=True)
class Closer:
    """`image`: the seller's picture, of `product`, that looks most like the one asked about. `score` and `own_score`: 0 to
    1.5, of it and of the nearest picture on the page itself."""

    image: ListingImage
    product: Product
    score: float
    own_score: float


def closer_elsewhere(image: ListingImage) -> Closer | None:
    """None where nothing is to be asked: no model has looked, the page has no other picture, or its own are near enough.

    Variations of one family are not compared: they are meant to look alike. The caller has been let to `image` before.
    """
    if image.picture is None or image.picture.likeness_hash is None:
        return None
    from fondaco.images.pipeline.vision.likeness import same_product

    rows = (
        ListingImage.objects.filter(seller_id=image.seller_id, state__in=[s.value for s in states.LIVE])
        .exclude(picture=image.picture_id)
        .filter(picture__likeness_hash__isnull=False)
        .select_related("product", "picture")
    )
    own = list(rows.filter(product=image.product_id))
    if not own:
        return None
    family = {image.product_id, image.product.parent_id} - {None}
    others = rows.exclude(product__in=family).exclude(product__parent__in=family).order_by("-submitted_at", "pk")[:MOST]
    seen = likenesses([image.picture_id or "", *(row.picture_id or "" for row in (*own, *others))])
    if image.picture_id not in seen:
        return None

    def score(row: ListingImage) -> float:
        known = seen.get(row.picture_id or "")
        return same_product(seen[image.picture_id or ""], known) if known else 0.0

    nearest = max(others, key=score, default=None)
    own_score = max(score(row) for row in own)
    if nearest is None or score(nearest) < CLOSE or score(nearest) - own_score < BEHIND:
        return None
    return Closer(nearest, nearest.product, score(nearest), own_score)
