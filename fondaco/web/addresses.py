"""Addresses for rows of lists. A page of fifty rows has some four hundred, and `reverse` takes longer than the query."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, reverse

_SAFE = "!$&'()*+,;=:@~-._"  # as `reverse` leaves them in a path; a slash it leaves too, and no part of ours has one
_PLAIN = re.compile(r"[\w.~-]*", re.ASCII).fullmatch  # nothing to quote
_SHA256 = 64


def address(name: str, *parts: Any) -> str:
    """What `reverse(name, args=parts)` answers, where the parts are texts, slugs, UUIDs and sha-256.

    The parts are not held to the pattern again: they come from our own rows.
    """
    texts = [str(part) for part in parts]
    kinds = tuple([len(text) == _SHA256 for text in texts])
    made, *rest = _pieces(name, kinds, settings.ROOT_URLCONF, get_script_prefix())
    for text, piece in zip(texts, rest, strict=True):
        made += (text if _PLAIN(text) else quote(text, safe=_SAFE)) + piece
    return made


@cache
def _pieces(name: str, kinds: tuple[bool, ...], urlconf: str, prefix: str) -> list[str]:
    """The address, cut where the parts go. A UUID fits every kind of part but a sha-256."""
    marks = [UUID(int=0xF0DACC0 << 96 | number) for number in range(len(kinds))]
    stand_ins = [mark.hex * 2 if is_sha else str(mark) for mark, is_sha in zip(marks, kinds, strict=True)]
    rest, pieces = reverse(name, urlconf, args=stand_ins), []
    for stand_in in stand_ins:
        piece, found, rest = rest.partition(stand_in)
        assert found, f"{name} does not take its parts in this order"
        pieces.append(piece)
    return [*pieces, rest]
