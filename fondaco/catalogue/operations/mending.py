"""Proposed mends of a submitted picture: what it would look like, and taking the mended one in (issue "Seen, not read").

The original stays what it was. A mended picture is a new one, judged like any other, and submitted only when the
seller says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop as _

from fondaco.catalogue.models import ListingImage, Method
from fondaco.catalogue.operations.images import submit_image
from fondaco.catalogue.queries.access import image_for
from fondaco.catalogue.terms import profile_for, submission_terms
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.operations import Rules, develop_file, original, record, rules_for, take_in
from fondaco.images.pipeline import fixes
from fondaco.images.pipeline.bounds import TooSlow
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.pipeline.fixes import Fix
from fondaco.images.pipeline.inspect import Report, inspect
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.findings import Finding, Severity
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

SERIOUS = (Severity.ERROR, Severity.FATAL)


class NothingToMend(Refusal):
    CODE = "nothing_to_mend"
    WORDS = _("For this picture no mend can be proposed.")
    FIX = _("Take a new picture that meets the requirements, and submit it in Manage Images.")
    CLAUSE = "IMG-13"


@dataclass(frozen=True, slots=True)
class Mend:
    """A preview. `proposed` are all mends, `chosen` the kinds that are applied; `after` is the picture they give.

    `left` are the serious findings that remain, `gone` the codes that went. `after` is None where every proposed mend
    would need a cut-out, or none is chosen.
    """

    image: ListingImage
    proposed: tuple[Fix, ...]
    chosen: tuple[str, ...]
    before: Picture
    after: Picture | None
    gone: tuple[str, ...] = ()
    left: tuple[Finding, ...] = ()

    @property
    def is_clean(self) -> bool:
        return self.after is not None and not self.left


def preview_mend(caller: Caller, *, image_id: str | UUID, kinds: Iterable[str] | None = None) -> Mend:
    """What the proposed mends, or those of these `kinds`, would make of a picture, judged by today's policy.

    Keeps the mended picture on file, so that it can be shown and then accepted. Raises NotFound, Denied, NothingToMend.
    """
    image = image_for(caller, image_id)
    caller.require(Capability.EDIT_LISTINGS, seller=image.seller)
    if image.picture is None:
        raise NothingToMend
    data, rules = original(image.picture.pk), _rules(image)
    report = inspect(data, rules.profile, name=image.file_name or None, sha256=image.picture.pk)
    proposed = tuple(fixes.propose(data, report))
    if not proposed:
        raise NothingToMend
    wanted = {fix.kind for fix in proposed if not fix.needs_cutout} & (
        {f.kind for f in proposed} if kinds is None else set(kinds)
    )
    chosen = tuple(fix for fix in proposed if fix.kind in wanted)
    kept = tuple(fix.kind for fix in chosen)
    if not chosen:
        return Mend(image, proposed, kept, image.picture, None)
    try:
        better = fixes.apply(data, chosen)
    except (CorruptPixels, TooSlow) as fault:
        raise NothingToMend from fault
    after, again = _kept(better, rules)
    return Mend(image, proposed, kept, image.picture, after, _gone(report, again), _serious(again))


def accept_mend(caller: Caller, *, image_id: str | UUID, sha256: str, request_key: str = "") -> ListingImage:
    """Submit a previewed picture for the slot of the one it was made from. Raises NotFound, Denied."""
    image = image_for(caller, image_id)
    caller.require(Capability.EDIT_LISTINGS, seller=image.seller)
    if not Picture.objects.filter(pk=sha256).exists():
        raise NotFound(what="picture")
    return submit_image(
        caller,
        asin=image.product.asin,
        data=original(sha256),
        file_name=f"{image.product.asin}.{image.variant}.jpg",
        variant=image.variant,
        method=Method.PORTAL,
        request_key=request_key,
    )


def can_be_mended(codes: Iterable[str]) -> bool:
    """Whether a mend is worth proposing for pictures with these findings; the preview knows for sure."""
    return not MENDABLE.isdisjoint(codes)


MENDABLE = frozenset(
    {"background_not_white", "inset_rectangle", "border", "product_too_small", "not_square", *fixes.CONVERSION_MENDS}
) & frozenset(CATALOGUE)


def _rules(image: ListingImage) -> Rules:
    at = clock.now()
    terms = submission_terms(store=image.seller.store, at=at)
    profile = profile_for(image.variant)
    return rules_for(profile, limits=terms.limits(profile), policy_version=terms.version, at=at)


def _kept(data: bytes, rules: Rules) -> tuple[Picture, Report]:
    at = clock.now()
    picture = take_in(data, at=at)
    developed = develop_file(data, [rules], sha256=picture.pk, keep_original=False)
    record([developed], at=at)
    picture.refresh_from_db()
    return picture, developed.report


def _serious(report: Report) -> tuple[Finding, ...]:
    return tuple(finding for finding in report.findings if finding.severity in SERIOUS)


def _gone(before: Report, after: Report) -> tuple[str, ...]:
    still = {finding.code for finding in _serious(after)}
    return tuple(dict.fromkeys(f.code for f in _serious(before) if f.code not in still))
