"""Reads about pictures: the addresses of their renditions, their findings in words, and pictures that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext

from fondaco.images.develop import page_recipes
from fondaco.images.models import LOOKS_QUARTERS, Inspection, Picture
from fondaco.images.pipeline.findings import CATALOGUE, spoken
from fondaco.images.pipeline.renditions import plan
from fondaco.web.addresses import address
from fondaco.web.pictures import ShownFinding

_MOST_CANDIDATES = 10_000
_MOST_SHOWN = 50
ALIKE_BITS = 6  # found: all padded copies, 97 in 100 made smaller and saved again; of other goods 1 pair in 10,000


@dataclass(frozen=True, slots=True)
class PictureUrls:
    """Where the renditions of a picture are. `width` and `height` are those of the upright picture.

    `srcset` (JPEG) and `srcset_webp` are ready for the attribute; `src` is of middle size, `thumb` the smallest,
    `large` the largest. All are empty while no rendition exists.
    """

    src: str = ""
    thumb: str = ""
    large: str = ""
    srcset: str = ""
    srcset_webp: str = ""
    width: int = 0
    height: int = 0


def picture_urls(picture: Picture | None) -> PictureUrls:
    """The addresses of what is rendered already; an empty set for None and for a picture without renditions."""
    if picture is None or not picture.rendered or not picture.width:
        return PictureUrls()
    page, every = _widths(picture.width, picture.height)
    wide = every[len(page) :] if picture.lean else ()
    jpeg = _urls(picture, picture.rendered, "jpg", page) | _urls(picture, picture.lean, "jpg", wide)
    webp = _urls(picture, picture.lean, "webp", every) if picture.lean else {}
    widths = sorted(jpeg)
    middle = next((w for w in widths if w >= 400), widths[-1])
    return PictureUrls(
        src=jpeg[middle],
        thumb=jpeg[widths[0]],
        large=jpeg[widths[-1]],
        srcset=_srcset(jpeg),
        srcset_webp=_srcset(webp),
        width=picture.width,
        height=picture.height,
    )


def thumb_url(picture: Picture | None) -> str:
    """The address of the smallest rendition alone, for long lists; empty while there is none."""
    if picture is None or not picture.rendered or not picture.width:
        return ""
    smallest = _widths(picture.width, picture.height)[0][0]
    return address("images:rendition", picture.pk, f"v{picture.rendered}.w{smallest}", "jpg")


def stored_name(sha256: str, *, version: int, width: int, ext: str) -> str:
    """Where a rendition lies in its store (`images.operations.rendition_name` makes the same from a recipe)."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.v{version}.w{width}.{ext}"


def latest_inspection(picture: Picture | None, *, profile: str = "", rules: str = "") -> Inspection | None:
    """The newest inspection of a picture; by one profile or one set of rules where given."""
    if picture is None:
        return None
    found = Inspection.objects.filter(picture=picture)
    found = found.filter(profile=profile) if profile else found
    found = found.filter(rules=rules) if rules else found
    return found.order_by("-inspected_at").first()


def shown_findings(findings: Iterable[Mapping[str, Any]]) -> tuple[ShownFinding, ...]:
    """Stored findings in the reader's language, those with a region first and numbered from 1."""
    ordered = sorted((f for f in findings if f["code"] in CATALOGUE), key=lambda f: not f.get("region"))
    return tuple(shown_finding(finding, number=n) for n, finding in enumerate(ordered, start=1))


def shown_finding(finding: Mapping[str, Any], *, number: int = 0) -> ShownFinding:
    """One stored finding in the reader's language."""
    kind = CATALOGUE[finding["code"]]
    measured, limit = spoken(kind.unit, finding.get("measured")), spoken(kind.unit, finding.get("limit"))
    region = finding.get("region")
    return ShownFinding(
        code=kind.code,
        severity=finding["severity"],
        words=gettext(kind.message) % {"measured": measured, "limit": limit},
        fix=gettext(kind.fix) % {"measured": measured, "limit": limit},
        clause=finding.get("clause") or kind.clause,
        measured="" if finding.get("measured") is None else measured,
        limit="" if finding.get("limit") is None else limit,
        region=tuple(region) if region else None,
        number=number,
    )


def looking_like(picture: Picture, *, bits: int = ALIKE_BITS) -> list[tuple[Picture, int]]:
    """Other pictures whose product looks the same, with the number of differing bits, nearest first.

    Complete up to seven of 64 bits, for these leave a quarter with at most one, unless more than `_MOST_CANDIDATES` agree
    so in a quarter. Same content is the same picture. At most 50.
    """
    if picture.box_hash is None:
        return []
    near: dict[str, int] = {}
    for shift in LOOKS_QUARTERS:  # one query a quarter: each walks its own index and reads two columns
        value = (picture.box_hash >> shift) & 0xFFFF
        nearly = [value, *(value ^ (1 << bit) for bit in range(16))]
        # Whole numbers in the text, no parameters: SQLite uses an index of an expression only where it reads the same.
        agree = f'(("images_picture"."box_hash" >> {shift}) & 65535) IN ({", ".join(map(str, nearly))})'
        quarter = Picture.objects.extra(where=[agree])
        for sha256, looks in quarter.values_list("sha256", "box_hash")[:_MOST_CANDIDATES]:
            differing = _differing(picture.box_hash, looks)
            if differing <= bits and sha256 != picture.pk:
                near[sha256] = differing
    chosen = sorted(near, key=lambda sha256: (near[sha256], sha256))[:_MOST_SHOWN]
    found = Picture.objects.in_bulk(chosen)
    return [(found[sha256], near[sha256]) for sha256 in chosen if sha256 in found]


def _differing(one: int, other: int | None) -> int:
    return ((one ^ (other or 0)) & (2**64 - 1)).bit_count()


def _urls(picture: Picture, version: int, ext: str, widths: Sequence[int]) -> dict[int, str]:
    return {w: address("images:rendition", picture.pk, f"v{version}.w{w}", ext) for w in widths}


@lru_cache(maxsize=4096)
def _widths(width: int, height: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of a picture of this size: the widths that pages need, and all."""
    every = plan(width, height, formats=("jpeg",))
    return tuple(r.width for r in page_recipes(width, height)), tuple(r.width for r in every)


def _srcset(urls: Mapping[int, str]) -> str:
    return ", ".join(f"{url} {width}w" for width, url in sorted(urls.items()))
