"""Photos of makers: the same intake and the same inspector as every other picture of the marketplace."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as N_

from fondaco import policy
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.operations import PictureTooBig, develop_file, record, rules_for, take_in
from fondaco.images.queries import shown_findings
from fondaco.kit.errors import Invalid
from fondaco.kit.facts import plain
from fondaco.kit.findings import Severity

PROFILE = "profile"
MOST_BYTES = 20 * 1024 * 1024


class PhotoNotAcceptable(Invalid):
    CODE = "photo_not_acceptable"
    WORDS = N_("%(name)s: %(words)s")
    FIX = N_("Choose another picture, or save this one again as JPEG.")
    CLAUSE = "B-HAND-08"


def take_photo(*, data: bytes, name: str) -> tuple[Picture, list[dict[str, Any]]]:
    """Keep and inspect one photo; the picture and what was found in it.

    Raises PictureEmpty, PictureTooBig, PhotoNotAcceptable (no picture, too small, a fault that is an error).
    """
    if len(data) > MOST_BYTES:
        raise PictureTooBig(size_bytes=len(data), limit_bytes=MOST_BYTES)
    at = clock.now()
    least = policy.value("handmade.profile", at=at)
    picture = take_in(data, at=at)
    short = least.value["image_min_shortest_px"]
    rules = rules_for(PROFILE, limits={"min_short_px": short, "min_px": short}, policy_version=least.version, at=at)
    developed = develop_file(data, [rules], name=name, sha256=picture.pk, keep_original=False)
    record([developed], at=at)
    report = developed.report
    serious = [f for f in report.findings if f.severity in (Severity.ERROR, Severity.FATAL)]
    if serious or report.verdict == "unreadable":
        said = shown_findings(plain(f.as_dict()) for f in serious or report.findings)
        raise PhotoNotAcceptable(name=name[:80] or "?", words=" ".join(f"{f.words} {f.fix}".strip() for f in said))
    picture.refresh_from_db()
    return picture, [plain(f.as_dict()) for f in report.findings]
