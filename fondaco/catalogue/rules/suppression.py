"""Why a listing is kept out of search (B-IMG-09). It can still be bought by its direct link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

IMAGE_MISSING = "image_missing"
IMAGE_PROCESSING = "image_processing"
MAIN_NOT_COMPLIANT = "main_not_compliant"

#: What the inspector calls a fault, and what policy `image.suppress_reasons` calls the reason that follows from it.
REASON_OF_FINDING = {
    "background_not_white": "not_on_white",
    "inset_rectangle": "not_on_white",
    "text_or_mark": "text_or_graphics",
    "border": "text_or_graphics",
    "touches_edge": "cropped",
    "product_too_small": "too_small_in_frame",
    "out_of_focus": "blurred",
    "motion_blur": "blurred",
    "enlarged": "blurred",
    "pixelated": "blurred",
}


@dataclass(frozen=True, slots=True)
class MainFacts:
    """What stands first in the gallery, if anything: whether it meets the main standards, and its finding codes.

    `meets_main` is None while that is not known yet.
    """

    shown: bool
    meets_main: bool | None = False
    codes: tuple[str, ...] = ()
    is_waiting: bool = False


def held_reason(facts: MainFacts, *, suppress_reasons: Iterable[str]) -> str:
    """The empty text when the listing may be found; otherwise one stable code.

    A picture that is shown first without meeting the standards gives the first reason of policy that one of its
    findings leads to.
    """
    if not facts.shown:
        return IMAGE_PROCESSING if facts.is_waiting else IMAGE_MISSING
    if facts.meets_main:
        return ""
    if facts.meets_main is None:
        return IMAGE_PROCESSING
    found = {REASON_OF_FINDING.get(code, code) for code in facts.codes}
    return next((reason for reason in suppress_reasons if reason in found), MAIN_NOT_COMPLIANT)
