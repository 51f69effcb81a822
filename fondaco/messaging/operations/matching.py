"""A buyer's photograph beside the listing's picture: compared once, kept with the photograph."""

from __future__ import annotations

from typing import Any

from fondaco.engine import files
from fondaco.images import operations as images
from fondaco.images.models import Picture
from fondaco.images.pipeline import vision
from fondaco.images.pipeline.bounds import BUDGET_S, Deadline
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.header import read as read_header
from fondaco.images.pipeline.inspect import inspect
from fondaco.images.pipeline.render import encode, pixels_at
from fondaco.images.queries import likenesses
from fondaco.kit.errors import NotFound
from fondaco.messaging.evidence.match import match
from fondaco.messaging.models import Attachment

LOOKS_SAME, LOOKS_OTHER = (
    1.1,
    0.6,
)  # of 1.5; views of one product mostly reach the first, unlike things stay below the other


def match_of(photo: Attachment) -> dict[str, Any]:
    """Similarity, colour and number of agreeing points; empty where the listing has no picture.

    Kept under the listing picture's hash: another picture is compared anew.
    """
    listing = _listing_picture(photo)
    if listing is None:
        return {}
    if photo.match.get("with") == listing.pk:
        return dict(photo.match)
    try:
        found = match(files.read("documents", photo.preview), _jpeg(listing))
    except (ValueError, NotFound, CorruptPixels, FileNotFoundError):
        return {}
    kept = {
        "with": listing.pk,
        "similarity": found.similarity,
        "colour": found.colour,
        "points": len(found.points),
        "verdict": found.verdict,
        "drawn": files.put("documents", found.drawn),
        "looks": _looks(files.read("documents", photo.preview), listing),
    }
    Attachment.objects.filter(pk=photo.pk).update(match=kept)
    photo.match = kept
    return dict(kept)


def drawn_of(photo: Attachment) -> bytes:
    """Both pictures with the agreeing points drawn, JPEG. Raises NotFound."""
    kept = match_of(photo)
    if not kept:
        raise NotFound(what="match")
    return files.read("documents", kept["drawn"])


def _looks(photo: bytes, listing: Picture) -> dict[str, Any]:
    """*Same product?* by the optional model, from whatever side: `score` 0 to 1.5 of shape and colours, and a verdict.

    Empty where no model has looked at the listing's picture, which is the operator's choice, or none is here.
    """
    known = likenesses([listing.pk]).get(listing.pk)
    if known is None or "likeness" not in vision.present():
        return {}
    from fondaco.images.pipeline.vision import likeness

    report = inspect(photo, "evidence", models=True)
    if not report.measures.get("seen_likeness"):
        return {}
    own = likeness.unpacked(report.measures["seen_likeness"]), likeness.shares(report.measures["seen_colours"])
    score = likeness.same_product(own, known)
    verdict = "same" if score >= LOOKS_SAME else "unclear" if score >= LOOKS_OTHER else "other"
    return {"score": round(score, 2), "verdict": verdict}


def _listing_picture(photo: Attachment) -> Picture | None:
    conversation = photo.message.conversation
    product = (conversation.item.product if conversation.item else None) or conversation.product
    return product.main_picture if product else None


def _jpeg(picture: Picture) -> bytes:
    data = images.original(picture.pk)
    header = read_header(data)
    if header is None:
        raise NotFound(what="picture")
    width, height = header.upright_size
    scale = min(1.0, 800 / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return encode(pixels_at(data, header, *size, above=None, deadline=Deadline.after(4 * BUDGET_S)), "jpeg", 88)
