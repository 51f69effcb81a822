"""The requirements of SPEC.md, read from the document itself: sentence, source and place of every id. Plain Python.

The document is kept with the project (`docs/requirements/`); an installed package carries a copy inside this app. It
is in English. Translations of its sentences stand in `sentences/LANGUAGE.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLACES = (HERE.parent.parent / "docs" / "requirements", HERE / "requirements")
TRANSLATIONS = HERE / "sentences"

CLAUSE_ID = re.compile(r"\b(?:B-)?(?:PLAT|IMG-SVC|SVC|IMG|PRIME|PHOTO|HAND|Q)-\d{2}\b")
_ROW = re.compile(rf"^\|\s*(?P<id>{CLAUSE_ID.pattern})\s*\|(?P<rest>.*)\|\s*$")
_SECTION = re.compile(r"^##\s+(?P<number>\d\.\d)\s+(?P<title>.+)$")
_PART = re.compile(r"^#\s+Part\s+(?P<number>\d)\.\s+(?P<title>.+)$")
_SOURCE_KIND = re.compile(r"(?:^|[;,]\s*)(?P<kind>[OCT])\s+\S")
_CITED = re.compile(r"\s*\([OCT] [^()]*\)")
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:[-–](?:(?:0[1-9]|1[0-2])(?:-\d\d)?|\d{4}))?\b|\bundated\b|\bfooter \d{4}\b")

AREAS = ("PLAT", "IMG-SVC", "IMG", "PRIME", "PHOTO", "HAND", "B-SVC", "B-IMG", "B-PRIME", "B-PHOTO", "B-HAND", "Q")


@dataclass(frozen=True, slots=True)
class Clause:
    """One row of the document. `text` is Markdown.

    `area` is the part of the id before its number. `kind` is seed (Part 1), beyond (Part 2) or decision (Part 4).
    `who` is set for seed requirements, `handling` for public detail, `question` for decisions. `source` is a place in a
    seed document; `source_kinds` (O, C, T) and `source_years` describe public sources without their addresses.
    """

    id: str
    area: str
    kind: str
    text: str
    who: str = ""
    source: str = ""
    source_kinds: tuple[str, ...] = ()
    source_years: tuple[str, ...] = ()
    handling: str = ""
    question: str = ""


@lru_cache(maxsize=1)
def clauses() -> Mapping[str, Clause]:
    """Every requirement by id, in the order of the document. Empty where the document is not installed."""
    path = next((place / "SPEC.md" for place in PLACES if (place / "SPEC.md").exists()), None)
    return {clause.id: clause for clause in read(path.read_text(encoding="utf-8"))} if path else {}


def read(document: str) -> Iterator[Clause]:
    """The rows of the document that carry an id of their own."""
    part = ""
    for line in document.splitlines():
        if found := _PART.match(line):
            part = found["number"]
        elif found := _ROW.match(line):
            yield _clause(found["id"], _cells(found["rest"]), part)


def of_area(area: str) -> tuple[Clause, ...]:
    return tuple(clause for clause in clauses().values() if clause.area == area)


def neighbours(clause: Clause) -> tuple[Clause | None, Clause | None]:
    """The one before and the one after in the same area."""
    siblings = of_area(clause.area)
    at = siblings.index(clause)
    return siblings[at - 1] if at else None, siblings[at + 1] if at + 1 < len(siblings) else None


@lru_cache(maxsize=8)
def _translated(language: str) -> Mapping[str, Any]:
    path = TRANSLATIONS / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def translations(language: str) -> Mapping[str, str]:
    """Sentences in another language by id."""
    return {id: text for id, text in _translated(language).items() if isinstance(text, str)}


def questions(language: str) -> Mapping[str, str]:
    """What decisions answer, in another language by id."""
    return dict(_translated(language).get("questions", {}))


def handling(language: str) -> Mapping[str, str]:
    """How public detail is handled here, in another language by id."""
    return dict(_translated(language).get("handling", {}))


def _cells(rest: str) -> list[str]:
    """The cells of a row; addresses of public sources within a sentence are left to the document."""
    return [_CITED.sub("", cell).strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", rest)]


def _clause(id: str, cells: Sequence[str], part: str) -> Clause:
    area = id.rpartition("-")[0]
    if part == "1":
        who, text, source = cells
        return Clause(id, area, "seed", text, who=who, source=source)
    if part == "2":
        text, source, handling = cells
        kinds, years = _kinds(source), tuple(dict.fromkeys(_YEAR.findall(source)))
        handling = "" if handling == "—" else handling
        return Clause(id, area, "beyond", text, source_kinds=kinds, source_years=years, handling=handling)
    question, text = cells
    return Clause(id, area, "decision", text, question=question)


def _kinds(source: str) -> tuple[str, ...]:
    found = {match["kind"] for match in _SOURCE_KIND.finditer(source)}
    return tuple(kind for kind in "OCT" if kind in found)
