"""What a maker's page may not hold: other businesses, and ways around the marketplace (HAND-18). Plain Python."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import fold

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()]+|(?<![\w@.])(?:[a-z0-9-]{2,}\.)+"
    r"(?:com|net|org|shop|store|io|co|ca|mx|us|uk|de|fr|it|es|vn|tw|cn|jp|me|art|biz|info|studio|design)\b(?:/[^\s<>()]*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d\w])\+?\d(?:[\s().-]?\d){8,14}(?!\d)")
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{3,30}")


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to the maker: hosts of the marketplace itself, and names of other shops that must not be there."""

    hosts: frozenset[str] = frozenset()
    other_shops: frozenset[str] = frozenset()


def inspect(texts: Mapping[str, str], *, own: Own, barred: Collection[str]) -> tuple[Finding, ...]:
    """What must be taken out, by place (`texts`: place → text): `profile_link`, `profile_contact`, `profile_barred`,
    and, for a person to look at, `profile_other_shop` as a warning. `measured` is what was found."""
    found: list[Finding] = []
    for place, text in texts.items():
        for link in _links(text):
            if not any(_host(link) == h or _host(link).endswith(f".{h}") for h in own.hosts):
                found.append(_finding("profile_link", place, link))
        for pattern in (_EMAIL, _PHONE, _HANDLE):
            found += [_finding("profile_contact", place, m[0].strip()) for m in pattern.finditer(text)]
        folded = fold(text)
        found += [_finding("profile_barred", place, w) for w in barred if _says(folded, fold(w))]
        found += [
            _finding("profile_other_shop", place, shop, severity=Severity.WARNING)
            for shop in sorted(own.other_shops)
            if len(shop) > 4 and _says(folded, shop)
        ]
    return tuple(_once(found))


def _links(text: str) -> list[str]:
    without_mail = _EMAIL.sub(" ", text)
    return [m[0].rstrip(".,;:!?)") for m in _LINK.finditer(without_mail)]


def _host(link: str) -> str:
    bare = re.sub(r"^https?://", "", link, flags=re.IGNORECASE)
    return re.split(r"[/:?#]", bare)[0].lower().removeprefix("www.")


def _says(folded: str, words: str) -> bool:
    if not words.isascii():
        return words in folded
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", folded) is not None


def _once(found: Iterable[Finding]) -> list[Finding]:
    return list({(f.code, str(f.measured), str(f.limit)): f for f in found}.values())


def _finding(code: str, place: str, measured: str, *, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, severity=severity, clause="HAND-18", measured=measured[:120], limit=place)
