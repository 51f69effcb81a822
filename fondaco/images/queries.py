"""Reads about pictures: the addresses of their renditions, their findings in words, and pictures that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models.fields.json import KT
from django.utils.translation import gettext

from fondaco.images.develop import page_recipes
from fondaco.images.models import LOOKS_QUARTERS, Inspection, Picture
from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.findings import CATALOGUE, spoken
from fondaco.images.pipeline.renditions import plan
from fondaco.web.addresses import address
from fondaco.web.pictures import ShownFinding

_MOST_CANDIDATES = 10_000
_MOST_SHOWN = 50
ALIKE_BITS = 6  # found: all padded copies, 97 in 100 made smaller and saved again; of other goods 1 pair in 10,000
LIKENESS_BITS, COPY = 7, 0.93  # of the embedding's hash; cosine: mirrored copies 0.96 and more


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


def large_url(picture: Picture | None) -> str:
    """The address of the largest rendition alone; empty while there is none."""
    if picture is None or not picture.rendered or not picture.width:
        return ""
    page, every = _widths(picture.width, picture.height)
    wide = every[len(page) :] if picture.lean else ()
    widest = max(*page, *wide)
    return address(
        "images:rendition", picture.pk, f"v{picture.lean if widest in wide else picture.rendered}.w{widest}", "jpg"
    )


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
    so in a quarter. Where the optional model has looked, mirrored and turned copies are found too. Same content is the
    same picture. At most 50.
    """
    near = _near("box_hash", picture.pk, picture.box_hash, bits)
    for sha256, differing in _of_like_embedding(picture).items():
        near.setdefault(sha256, differing)
    chosen = sorted(near, key=lambda sha256: (near[sha256], sha256))[:_MOST_SHOWN]
    found = Picture.objects.in_bulk(chosen)
    return [(found[sha256], near[sha256]) for sha256 in chosen if sha256 in found]


def likenesses(sha256s: Iterable[str]) -> dict[str, tuple[Array, Array]]:
    """Embedding and colours of the product in each picture at which the optional model has looked."""
    from fondaco.images.pipeline.vision import likeness

    seen = Inspection.objects.filter(picture__in=list(sha256s), picture__likeness_hash__isnull=False)
    rows = seen.order_by("inspected_at")
    kept = rows.annotate(embedding=KT("measures__seen_likeness"), colours=KT("measures__seen_colours"))
    return {
        sha256: (likeness.unpacked(embedding), likeness.shares(colours))
        for sha256, embedding, colours in kept.values_list("picture_id", "embedding", "colours")
        if embedding and colours
    }


def _of_like_embedding(picture: Picture) -> dict[str, int]:
    """By the embedding's hash, and then by the embedding itself: a hash alone knows only angles."""
    near = _near("likeness_hash", picture.pk, picture.likeness_hash, LIKENESS_BITS)
    if not near:
        return {}
    known = likenesses([picture.pk, *near])
    if picture.pk not in known:
        return {}
    own = known[picture.pk][0]
    return {sha256: bits for sha256, bits in near.items() if sha256 in known and own @ known[sha256][0] >= COPY}


def _near(column: str, sha256: str, looks: int | None, bits: int) -> dict[str, int]:
    """Other pictures whose hash in `column` differs in at most so many bits."""
    near: dict[str, int] = {}
    for shift in LOOKS_QUARTERS if looks is not None else ():  # one query a quarter: each walks its own index
        value = ((looks or 0) >> shift) & 0xFFFF
        nearly = [value, *(value ^ (1 << bit) for bit in range(16))]
        # Whole numbers in the text, no parameters: SQLite uses an index of an expression only where it reads the same.
        agree = f'(("images_picture"."{column}" >> {shift}) & 65535) IN ({", ".join(map(str, nearly))})'
        quarter = Picture.objects.filter(**{f"{column}__isnull": False}).extra(where=[agree])
        for other, theirs in quarter.values_list("sha256", column)[:_MOST_CANDIDATES]:
            differing = _differing(looks or 0, theirs)
            if differing <= bits and other != sha256:
                near[other] = differing
    return near


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
