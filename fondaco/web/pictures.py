"""A picture with what was found on it, ready to be shown: regions drawn, numbered, listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fondaco.kit.findings import Finding
from fondaco.web.refusals import filled
from fondaco.web.tones import tone_of

type Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding in the reader's language. `number` is drawn on the picture when there is a region.

    `documented`: the error reference of the help centre has a page for the code.
    """

    code: str
    severity: str
    words: str
    fix: str = ""
    clause: str = ""
    measured: str = ""
    limit: str = ""
    region: Box | None = None
    number: int = 0
    documented: bool = True

    @property
    def tone(self) -> str:
        return tone_of(self.severity)

    @property
    def icon(self) -> str:
        return {"fatal": "stop", "error": "cross", "warning": "warning", "info": "info"}[self.severity]

    @property
    def severity_words(self) -> str:
        return {"fatal": _("Fatal"), "error": _("Error"), "warning": _("Warning"), "info": _("Advice")}[self.severity]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for `picture_viewer.html`. Width and height are those of the upright original: regions are in its
    pixels, whatever size of rendition `src` leads to. No size, no drawing."""

    src: str
    alt: str
    width: int = 0
    height: int = 0
    findings: tuple[ShownFinding, ...] = ()
    srcset: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())

    @property
    def marks(self) -> list[dict[str, Any]]:
        """Region, number and where the number's disc stands: the region's corner, kept inside the picture."""
        disc = self.disc
        return [
            {
                "finding": finding,
                "box": finding.region,
                "x": min(max(finding.region[0], disc), self.width - disc),
                "y": min(max(finding.region[1], disc), self.height - disc),
            }
            for finding in self.findings
            if finding.region
        ]

    @property
    def disc(self) -> int:
        """Radius of a number's disc, in pixels of the picture."""
        return max(6, round(max(self.width, self.height) / 36))


def shown_findings(findings: Iterable[Finding]) -> tuple[ShownFinding, ...]:
    """Findings with words from the messages they carry; those with a region first, numbered from 1."""
    ordered = sorted(findings, key=lambda finding: finding.region is None)
    return tuple(
        ShownFinding(
            code=finding.code,
            severity=str(finding.severity),
            words=filled(finding.message, {"measured": finding.measured, "limit": finding.limit}),
            fix=filled(finding.fix, {"measured": finding.measured, "limit": finding.limit}),
            clause=finding.clause,
            measured=_written(finding.measured),
            limit=_written(finding.limit),
            region=finding.region,
            number=number,
        )
        for number, finding in enumerate(ordered, start=1)
    )


def _written(value: Any) -> str:
    if value is None or value == "":
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
