"""Search over the help centre: folded text, whole Chinese words as substrings, best first. Plain Python.

A search forgives case, accents and width (`kit.text.fold`): "hinh anh" finds "hình ảnh". Chinese has no spaces, so a
run of it is looked for as it stands, and if that finds nothing, by its pairs of letters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from fondaco.kit.text import fold

WEIGHTS: Mapping[str, float] = {"title": 12.0, "keywords": 7.0, "headings": 5.0, "summary": 4.0, "body": 1.0}
SNIPPET_CHARS = 180
MAX_QUERY_CHARS = 200
MAX_TERMS = 12

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*", re.UNICODE)


@dataclass(frozen=True)
class Document:
    """Something that can be found. `fields` are plain text by name of `WEIGHTS`."""

    key: str
    fields: Mapping[str, str]

    @cached_property
    def folded(self) -> Mapping[str, str]:
        return {name: fold(text) for name, text in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `snippet` is parts of its text, each with whether it was searched for."""

    key: str
    score: float
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Index:
    """Documents of one language."""

    documents: Sequence[Document]

    def find(self, query: str, *, limit: int = 20) -> list[Hit]:
        """The best documents first; those that hold every term, or else those that hold most."""
        terms = terms_of(query)
        if not terms:
            return []
        strengths = [[_strength(document, term) for term in terms] for document in self.documents]
        needed = max((sum(1 for s in row if s > 0) for row in strengths), default=0) or 1
        rarity = [self._rarity(sum(1 for row in strengths if row[i] > 0)) for i in range(len(terms))]
        found = [
            (sum(s * r for s, r in zip(row, rarity, strict=True)), document)
            for row, document in zip(strengths, self.documents, strict=True)
            if sum(1 for s in row if s > 0) >= needed
        ]
        best = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].key))[:limit]
        return [Hit(document.key, score, snippet(document, terms)) for score, document in best]

    def _rarity(self, holding: int) -> float:
        return math.log(1 + (len(self.documents) + 1) / (holding + 0.5))


def terms_of(query: str) -> list[str]:
    """The folded words of a query, each once; a run of Chinese is one term."""
    text = fold(query[:MAX_QUERY_CHARS])
    spaced = _HAN.sub(lambda run: f" {run[0]} ", text)
    return list(dict.fromkeys(_WORD.findall(spaced)))[:MAX_TERMS]


def _strength(document: Document, term: str) -> float:
    return sum(weight * _in_field(document.folded.get(name, ""), term) for name, weight in WEIGHTS.items())


def _in_field(text: str, term: str) -> float:
    """How well the term stands in a text, 0…about 3: whole words count double, repetition a little."""
    if _HAN.fullmatch(term):
        return _han_in(text, term)
    count = max(_words_in(text, form) for form in _forms(term))
    return 0.0 if count == 0 else 1.0 + math.log2(1 + count) / 2


def _han_in(text: str, term: str) -> float:
    count = text.count(term)
    if count:
        return 1.5 + math.log2(1 + count) / 2
    pairs = [term[i : i + 2] for i in range(len(term) - 1)]
    held = sum(1 for pair in pairs if pair in text)
    return held / len(pairs) * 0.8 if len(pairs) > 1 and held * 2 >= len(pairs) else 0.0


def _words_in(text: str, form: str) -> float:
    """Whole words count one, beginnings of words a half; inside a word only from four letters on, a quarter."""
    whole, begun = _patterns(form)
    count = len(whole.findall(text)) + 0.5 * len(begun.findall(text))
    if not count and len(form) >= 4:
        count = 0.25 * text.count(form)
    return count


@lru_cache(maxsize=2048)
def _patterns(form: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    begin = rf"(?<![^\W_]){re.escape(form)}"
    return re.compile(rf"{begin}(?![^\W_])"), re.compile(rf"{begin}(?=[^\W_])")


def _forms(term: str) -> tuple[str, ...]:
    """The word, and without the plural ending that only English has."""
    return (term, term[:-1]) if len(term) > 3 and term.isascii() and term.endswith("s") else (term,)


def snippet(document: Document, terms: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The part of the body, or else of the summary, that holds most terms, with the terms marked."""
    source = document.fields.get("body", "")
    text, places = _mapped(source)
    spans = _spans(text, terms)
    if not spans:
        source = document.fields.get("summary", source)
        text, places = _mapped(source)
        spans = _spans(text, terms)
    start = _best_window(spans)
    return _cut(source, [(places[a], places[b - 1] + 1) for a, b in spans], places[start] if spans else 0)


def _mapped(source: str) -> tuple[str, list[int]]:
    """Folded letter by letter, with the place in the source that each folded letter came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(source):
        folded = " " if char.isspace() else _fold_letter(char)
        letters.append(folded)
        places.extend([place] * len(folded))
    return "".join(letters), places


@lru_cache(maxsize=8192)
def _fold_letter(char: str) -> str:
    return "" if unicodedata.combining(char) else fold(char)


def _spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where terms stand, from left to right, none overlapping."""
    found = sorted(
        (match.start(), match.end())
        for term in terms
        for form in _forms(term)
        for match in re.finditer(re.escape(form) if _HAN.match(form) else rf"(?<![^\W_]){re.escape(form)}[^\W_]*", text)
    )
    kept: list[tuple[int, int]] = []
    for begin, end in found:
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def _best_window(spans: Sequence[tuple[int, int]]) -> int:
    """Where to begin, so that most spans are seen."""
    if not spans:
        return 0
    return max(spans, key=lambda span: (sum(1 for s in spans if span[0] <= s[0] < span[0] + SNIPPET_CHARS), -span[0]))[
        0
    ]


def _cut(source: str, marks: Sequence[tuple[int, int]], around: int) -> tuple[tuple[str, bool], ...]:
    begin = max(0, around - SNIPPET_CHARS // 4)
    while 0 < begin < around and not source[begin - 1].isspace() and not _HAN.match(source[begin]):
        begin += 1
    end = min(len(source), begin + SNIPPET_CHARS)
    while end < len(source) and end > begin + SNIPPET_CHARS - 20 and not source[end].isspace():
        end -= 1
    parts: list[tuple[str, bool]] = [("… ", False)] if begin else []
    at = begin
    for a, b in marks:
        if a >= at and b <= end:
            parts += [(source[at:a], False), (source[a:b], True)]
            at = b
    parts.append((source[at:end] + (" …" if end < len(source) else ""), False))
    return tuple((text.replace("\n", " · "), marked) for text, marked in parts if text)
