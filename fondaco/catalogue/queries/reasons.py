"""Reasons of submitted pictures in the reader's words: findings, fetch faults, and what the selection says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fondaco.catalogue import holds
from fondaco.catalogue.rules.ranking import WORDS as FACTOR_WORDS
from fondaco.catalogue.rules.ranking import Factor
from fondaco.catalogue.rules.troubleshoot import Reason
from fondaco.engine.fetch import FetchFault, every_fault
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.queries import shown_finding
from fondaco.web.pictures import ShownFinding

#: Codes of our own: words, fix, clause.
_OWN = {
    "could_not_inspect": (
        _("The picture could not be inspected, although this was tried several times."),
        _("Save it again as a plain JPEG and submit the new file."),
        "IMG-19",
    ),
    "other_group_ranked_higher": (
        _("The pictures of another contributor rank higher: %(shown_score)s points against %(score)s."),
        _("Compare the score sheets: more pictures, a larger main picture and newer ones raise the rank."),
        "IMG-SVC-50",
    ),
    "more_images_than_shown": (
        _("The page shows at most %(limit)s pictures; this one comes after them."),
        _("Give it an earlier slot if it matters more than one of those shown."),
        "B-IMG-05",
    ),
    "slot_not_shown": (
        _("Pictures of the slot %(slot)s are kept and not shown in the gallery."),
        _("Submit it for one of the gallery's slots, such as PT01."),
        "B-IMG-07",
    ),
}

#: The same codes as a few words, for a line of a history.
_TITLES = {
    "could_not_inspect": _("the picture could not be inspected"),
    "other_group_ranked_higher": _("another group ranks higher"),
    "more_images_than_shown": _("the page shows no more pictures"),
    "slot_not_shown": _("its slot is not part of the gallery"),
}

#: Why a listing is held out of search.
_HELD = {
    "image_missing": _("There is no main picture."),
    "image_processing": _("The main picture is still being processed."),
    "main_not_compliant": _("The picture that stands first does not meet the standards for main pictures."),
    "text_or_graphics": _("The main picture shows text, a logo, graphics or a watermark."),
    "not_on_white": _("The background of the main picture is not white."),
    "additional_items": _("The main picture shows additional items."),
    "cropped": _("The product is cut off in the main picture."),
    "in_packaging": _("The product is shown in its packaging or with tags."),
    "props": _("The main picture shows props."),
    "blurred": _("The picture is blurred or pixelated."),
    "too_small_in_frame": _("The product is too small in the frame of the main picture."),
}


def shown_reasons(reasons: Iterable[Mapping[str, Any]]) -> tuple[ShownFinding, ...]:
    """The reasons of one submission, ready for `findings.html`; those with a region first, numbered from 1."""
    ordered = sorted(reasons, key=lambda reason: not reason.get("region"))
    return tuple(shown_reason(reason, number=n) for n, reason in enumerate(ordered, start=1))


def shown_reason(reason: Mapping[str, Any], *, number: int = 0) -> ShownFinding:
    """One reason in the reader's language, whatever kind of code it is."""
    code = reason["code"]
    if code in _OWN:
        return _own(reason, number)
    if code in _faults() and "facts" in reason:
        return _fetch_fault(reason, number)
    if code in CATALOGUE:
        return shown_finding(reason, number=number)
    return ShownFinding(code=code, severity="error", words=code, number=number, documented=False)


def as_reasons(reasons: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """The same for the troubleshooter; warnings about a good picture are left out."""
    shown = [shown_reason(reason) for reason in reasons if reason.get("severity") != "warning"]
    return tuple(Reason(each.code, each.words, each.fix) for each in shown)


def title_of(code: str) -> str:
    """A code in a few words of the reader's language; the code itself where nobody gave it any."""
    if code in _TITLES:
        return gettext(_TITLES[code])
    if code in CATALOGUE:
        return gettext(CATALOGUE[code].title)
    return gettext(_faults()[code].WORDS).partition("%")[0].strip() or code if code in _faults() else code


def held_words(code: str) -> str:
    """Why a listing is held out of search, in the reader's language; empty when it is not."""
    words = _HELD.get(code) or holds.words_of(code)
    return gettext(words) if words else code


def factor_words(factor: str) -> str:
    """What one factor of the ranking measures, in the reader's language."""
    return gettext(FACTOR_WORDS[Factor(factor)])


def _own(reason: Mapping[str, Any], number: int) -> ShownFinding:
    words, fix, clause = _OWN[reason["code"]]
    severity = reason.get("severity", "info")
    return ShownFinding(
        code=reason["code"],
        severity=severity,
        words=_filled(gettext(words), reason),
        fix=gettext(fix),
        clause=clause,
        number=number,
        documented=False,
    )


def _fetch_fault(reason: Mapping[str, Any], number: int) -> ShownFinding:
    kind = _faults()[reason["code"]]
    return ShownFinding(
        code=kind.code,
        severity=reason.get("severity", "error"),
        words=_filled(gettext(kind.WORDS), reason["facts"]),
        fix=gettext(kind.FIX),
        clause=kind.CLAUSE,
        number=number,
    )


@cache
def _faults() -> dict[str, type[FetchFault]]:
    return every_fault()


def _filled(words: str, facts: Mapping[str, Any]) -> str:
    try:
        return words % facts
    except (KeyError, TypeError, ValueError):
        return words
