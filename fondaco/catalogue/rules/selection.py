"""Which pictures a product page shows, in which order, and why each of the others is not shown (IMG-04, IMG-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fondaco.catalogue.rules.ranking import Group, RankedImage, ScoreSheet
from fondaco.catalogue.rules.variants import SWATCH, Slots

OTHER_GROUP = "other_group_ranked_higher"
BEYOND_LIMIT = "more_images_than_shown"
SLOT_NOT_SHOWN = "slot_not_shown"


@dataclass(frozen=True, slots=True)
class NotSelected:
    """Why an eligible picture is not shown: a stable code and the facts behind it."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}


@dataclass(frozen=True, slots=True)
class Selection:
    """`gallery` in the order of display, the main picture first; `swatch` beside it; `left_out` says why.

    `winner` is the group that ranks highest, or None when there is nothing to show.
    """

    winner: ScoreSheet | None = None
    gallery: tuple[RankedImage, ...] = ()
    swatch: RankedImage | None = None
    left_out: dict[UUID, NotSelected] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[UUID, ...]:
        """Everything displayed, the gallery in order and then the swatch."""
        swatch = (self.swatch.id,) if self.swatch else ()
        return (*(image.id for image in self.gallery), *swatch)


def select(sheets: Sequence[ScoreSheet], *, slots: Slots, alternates: int, mix_groups: bool = False) -> Selection:
    """The gallery of a product from its ranked groups (best first).

    One group is shown: its pictures by slot, one main and at most `alternates` others; slots that policy keeps out
    of the gallery are not shown, the swatch stands beside it. Where no picture stands in MAIN, the next moves up. With `mix_groups`, slots that the winner leaves empty are filled from the groups
    below it. Pictures beyond the limit are kept and not displayed (Q-08).
    """
    if not sheets:
        return Selection()
    most = 1 + alternates
    candidates = _in_order(sheets[0].group, slots)
    if mix_groups:
        candidates = _filled(candidates, [sheet.group for sheet in sheets[1:]], slots)
    gallery = tuple(candidates[:most])
    swatch = next((image for image in sheets[0].group.images if image.variant == SWATCH), None)
    shown = {image.id for image in gallery} | ({swatch.id} if swatch else set())
    return Selection(sheets[0], gallery, swatch, _left_out(sheets, shown, most, slots))


def _in_order(group: Group, slots: Slots) -> list[RankedImage]:
    pictures = [image for image in group.images if image.variant in slots.gallery]
    return sorted(pictures, key=lambda image: (slots.place(image.variant), image.variant, str(image.id)))


def _filled(own: list[RankedImage], others: Sequence[Group], slots: Slots) -> list[RankedImage]:
    taken = {image.variant for image in own}
    extra: list[RankedImage] = []
    for group in others:
        for image in _in_order(group, slots):
            if image.variant not in taken:
                taken.add(image.variant)
                extra.append(image)
    return sorted(own + extra, key=lambda image: (slots.place(image.variant), image.variant, str(image.id)))


def _left_out(sheets: Sequence[ScoreSheet], shown: set[UUID], most: int, slots: Slots) -> dict[UUID, NotSelected]:
    winner = sheets[0]
    reasons: dict[UUID, NotSelected] = {}
    for sheet in sheets:
        for image in sheet.group.images:
            if image.id in shown:
                continue
            if sheet is not winner:
                reasons[image.id] = NotSelected(OTHER_GROUP, _compared(sheet, winner))
            elif image.variant not in slots.gallery:
                reasons[image.id] = NotSelected(SLOT_NOT_SHOWN, {"slot": image.variant})
            else:
                reasons[image.id] = NotSelected(BEYOND_LIMIT, {"limit": most})
    return reasons


def _compared(loser: ScoreSheet, winner: ScoreSheet) -> dict[str, Any]:
    """What decided: both scores, and the factors in which the winner was ahead, by how many points."""
    ahead = {
        str(theirs.factor): theirs.points - ours.points
        for ours, theirs in zip(loser.factors, winner.factors, strict=True)
        if theirs.points > ours.points
    }
    return {
        "score": loser.score,
        "shown_score": winner.score,
        "shown_source": winner.group.source,
        "decided_by": max(ahead, key=lambda name: ahead[name]) if ahead else "earlier",
    }
