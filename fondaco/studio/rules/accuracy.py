"""Whether a retouched picture still shows the product as the buyer will receive it (IMG-SVC-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What retouching changed that it must not change."""

    COLOUR = "colour"
    OUTLINE = "outline"
    MARKED = "marked"  # a person says so


@dataclass(frozen=True, slots=True)
class Measured:
    """On the product alone, brought to one size: ΔE mean and 95th percentile, overlap of the outlines (0 to 1).

    `is_known` is false where product and ground could not be told apart; then a person decides alone.
    """

    mean_delta_e: float
    p95_delta_e: float
    overlap: float
    is_known: bool = True


def faults_of(measured: Measured, limits: Mapping[str, object]) -> tuple[Fault, ...]:
    """What is beyond the limits of policy `imaging.accuracy`."""
    if not measured.is_known:
        return ()
    found = []
    if measured.mean_delta_e > float(str(limits["mean_delta_e"])) or measured.p95_delta_e > float(
        str(limits["most_delta_e"])
    ):
        found.append(Fault.COLOUR)
    if measured.overlap * 100 < float(str(limits["outline_overlap_pct"])):
        found.append(Fault.OUTLINE)
    return tuple(found)
