"""Text to tokens, the same way for documents and queries. Plain Python.

Latin and other alphabetic words are folded (no case, no accents: "Áo sơ-mi" gives ao, so, mi); text without spaces
between words (Chinese, Japanese, Korean) gives its pairs of neighbouring characters and single characters, so that
any two characters of a title find it. Tokens hold letters, marks and digits only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from fondaco.kit.text import fold

LONGEST = 40
MOST_IN_DOCUMENT = 400
MOST_IN_QUERY = 8


def tokens_of(*texts: str) -> list[str]:
    """The tokens of a document, each once, in the order of the text; at most 400."""
    return list(dict.fromkeys(token for text in texts for token in _document_tokens(fold(text))))[:MOST_IN_DOCUMENT]


def query_tokens(query: str) -> list[str]:
    """The tokens that a document must all have to answer a query; at most eight, none for an empty query."""
    return list(dict.fromkeys(_query_tokens(fold(query))))[:MOST_IN_QUERY]


def _document_tokens(folded: str) -> Iterator[str]:
    for run, is_dense in _runs(folded):
        if is_dense:
            yield from run
            yield from _pairs(run)
        else:
            yield run[:LONGEST]


def _query_tokens(folded: str) -> Iterator[str]:
    for run, is_dense in _runs(folded):
        if not is_dense:
            yield run[:LONGEST]
        elif len(run) == 1:
            yield run
        else:
            yield from _pairs(run)


def _pairs(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(len(run) - 1))


def _runs(folded: str) -> Iterator[tuple[str, bool]]:
    """Stretches of letters and digits, and whether their script writes without spaces."""
    run, dense = "", False
    for character in folded:
        if not _belongs(character):
            if run:
                yield run, dense
            run = ""
            continue
        now_dense = _is_dense(character)
        if run and now_dense != dense:
            yield run, dense
            run = ""
        run, dense = run + character, now_dense
    if run:
        yield run, dense


def _belongs(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _is_dense(character: str) -> bool:
    """Han, kana and Hangul; ideographs beyond the first plane too."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
    )
