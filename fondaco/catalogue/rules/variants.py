"""Slots of a product's pictures, and the file names that say which slot a picture is for (B-IMG-06, B-IMG-07)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fondaco.kit.findings import Finding, Severity

MAIN = "MAIN"
SWATCH = "SWCH"

_ASIN = re.compile(r"[A-Z0-9]{10}")
_BARCODE = re.compile(r"\d{8}|\d{12,14}")
_SIMPLE = re.compile(r"[A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots that policy allows, in the order of the gallery, MAIN first; `gallery` are those that a page shows."""

    names: tuple[str, ...]
    gallery: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Slots:
        """From the policy table `image.variants`. MAIN always exists, comes first and is shown."""
        rest = [row for row in rows if row["code"] != MAIN]
        shown = [row["code"] for row in rest if row["in_gallery"]]
        return cls((MAIN, *(row["code"] for row in rest)), (MAIN, *shown))

    def has(self, name: str) -> bool:
        return name in self.names

    def place(self, name: str) -> int:
        """Where a slot comes in the gallery; a slot that policy no longer knows comes last."""
        return self.names.index(name) if name in self.names else len(self.names)

    def first_free(self, taken: set[str]) -> str | None:
        """The first slot of the gallery that nothing stands in, for an upload that names none."""
        return next((name for name in self.gallery if name not in taken), None)


@dataclass(frozen=True, slots=True)
class FileName:
    """What a file name says. `identifier` is an ASIN or a barcode as written, or "" when the name is at fault."""

    identifier: str = ""
    variant: str = MAIN
    extension: str = ""
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def is_valid(self) -> bool:
        return not self.findings


def parse_file_name(name: str, slots: Slots, *, extensions: Sequence[str]) -> FileName:
    """Read `ASIN.VARIANT.ext` or `ASIN.ext` (which means MAIN). Every fault is a finding of its own (B-IMG-06).

    Letter case does not matter. `extensions` are without a dot, aliases included. The extension is checked for being
    one of them only; what the file really is, its content decides (Q-18).
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    if not _SIMPLE.fullmatch(base):
        return FileName(findings=(_strange_characters(base),))
    parts = base.split(".")
    if len(parts) not in (2, 3) or not all(parts):
        return FileName(findings=(_fault("name_not_three_parts", measured=len(parts), limit=3),))
    identifier, variant, extension = parts[0].upper(), MAIN, parts[-1].lower()
    if len(parts) == 3:
        variant = parts[1].upper()
    faults = _faults(identifier, variant, extension, slots, extensions)
    return FileName("" if faults else identifier, variant, extension, tuple(faults))


def _faults(identifier: str, variant: str, extension: str, slots: Slots, extensions: Sequence[str]) -> list[Finding]:
    faults = []
    if not (_ASIN.fullmatch(identifier) or _BARCODE.fullmatch(identifier)):
        faults.append(_fault("name_without_asin", measured=identifier))
    if not slots.has(variant):
        faults.append(_fault("name_unknown_variant", measured=variant, limit=list(slots.names)))
    if extension not in {e.lower().lstrip(".") for e in extensions}:
        faults.append(_fault("name_unknown_extension", measured=extension, limit=sorted(extensions)))
    return faults


def _strange_characters(base: str) -> Finding:
    strange = sorted({c for c in base if not _SIMPLE.fullmatch(c)})
    return _fault("name_has_strange_characters", measured="".join(strange)[:40])


def _fault(code: str, *, measured: object = None, limit: object = None) -> Finding:
    return Finding(code, Severity.ERROR, clause="B-IMG-06", measured=measured, limit=limit)
