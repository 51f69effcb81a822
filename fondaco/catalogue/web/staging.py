"""Pictures sent ahead of a product that is still being described.

Each is looked at as it arrives, so that a breach of the standards is told before anything is saved. What cannot be used
at all is refused; what would be rejected is kept with a warning, for the seller may still want to save. A kept
picture comes back with the form as a signed token: content, name, and whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_noop as _

from fondaco.catalogue.models import StagedPicture
from fondaco.catalogue.operations import NewImage
from fondaco.catalogue.terms import MAIN_PROFILE, OTHER_PROFILE
from fondaco.catalogue.web.standards import Standards
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.operations import PictureTooBig, develop_file, original, record, rules_for, take_in
from fondaco.images.queries import shown_findings
from fondaco.kit.errors import Invalid, NotFound
from fondaco.kit.findings import Severity
from fondaco.sellers.models import SellerAccount
from fondaco.web.pictures import ShownFinding

_SALT = "fondaco.catalogue.staging"
_GOOD_FOR_S = 2 * 86400

#: What no setting of a camera mends: the file itself must be another one.
_UNUSABLE = frozenset({"format_not_accepted", "extension_mismatch", "animated", "multi_page", "file_too_big"})


class PictureNotAcceptable(Invalid):
    CODE = "picture_not_acceptable"
    WORDS = _("%(name)s: %(words)s %(fix)s")
    CLAUSE = "IMG-20"


@dataclass(frozen=True, slots=True)
class Staged:
    """A picture at hand: content, name, token, and what would get it rejected."""

    picture: Picture
    name: str
    token: str
    faults: tuple[ShownFinding, ...] = ()

    @property
    def words(self) -> str:
        return " ".join(fault.words for fault in self.faults)


def stage(seller: SellerAccount, upload: UploadedFile, *, is_main: bool, standards: Standards) -> Staged:
    """Keep and judge one file. Raises PictureTooBig, PictureEmpty, PictureNotAcceptable."""
    data, name = checked(upload, standards), upload.name or ""
    at = clock.now()
    picture = take_in(data, at=at)
    if picture.created_at == at:  # not one that was here before
        StagedPicture.objects.get_or_create(picture=picture, defaults={"staged_at": at})
    else:
        StagedPicture.objects.filter(picture=picture).update(staged_at=at)
    profile = MAIN_PROFILE if is_main else OTHER_PROFILE
    terms = standards.terms
    rules = rules_for(profile, limits=terms.limits(profile), policy_version=terms.version, at=at)
    developed = develop_file(data, [rules], name=name, sha256=picture.pk, keep_original=False)
    record([developed], at=at)
    report = developed.report
    serious = [f for f in report.findings if f.severity in (Severity.ERROR, Severity.FATAL)]
    shown = shown_findings(finding.as_dict() for finding in serious)
    unusable = [f for f in shown if report.verdict == "unreadable" or f.code in _UNUSABLE]
    if unusable:
        raise PictureNotAcceptable(name=name[:80], words=unusable[0].words, fix=unusable[0].fix)
    picture.refresh_from_db()
    return Staged(picture, name, _token(seller, picture.pk, name), shown)


def opened(seller: SellerAccount, tokens: Iterable[str], *, most: int) -> list[Staged]:
    """The pictures behind the tokens that are this seller's and not stale, each once, in order."""
    found: dict[str, Staged] = {}
    for token in list(tokens)[:most]:
        try:
            number, sha256, name = signing.loads(token, salt=_SALT, max_age=_GOOD_FOR_S)
        except (signing.BadSignature, ValueError):
            continue
        picture = Picture.objects.filter(pk=sha256).first() if number == seller.number else None
        if picture is not None:
            found.setdefault(sha256, Staged(picture, name, token))
    return list(found.values())


def as_new_images(staged: Iterable[Staged]) -> list[NewImage]:
    """What `add_product` takes: the first free slots in order, the main one first. What is gone is left out."""
    images = []
    for each in staged:
        try:
            images.append(NewImage(data=original(each.picture.pk), file_name=each.name, variant=""))
        except NotFound:
            continue
    return images


def checked(upload: UploadedFile, standards: Standards) -> bytes:
    """The file's bytes, unless it is longer than any picture may be. Raises PictureTooBig before reading it."""
    size = upload.size or 0
    if size > standards.max_bytes:
        raise PictureTooBig(size_bytes=size, limit_bytes=standards.max_bytes)
    return upload.read()


def _token(seller: SellerAccount, sha256: str, name: str) -> str:
    return signing.dumps([seller.number, sha256, name[:200]], salt=_SALT)
