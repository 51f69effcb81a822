"""An address of a picture, looked at before it is taken: what can never be fetched is told at once (Q-17)."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fondaco.catalogue.operations.fetching import policy_of
from fondaco.catalogue.terms import SubmissionTerms
from fondaco.engine.fetch import FetchFault
from fondaco.engine.fetch.target import read_url
from fondaco.kit.errors import Invalid


class AddressWrong(Invalid):
    CODE = "picture_address_wrong"
    WORDS = _("%(words)s %(fix)s")
    CLAUSE = "IMG-22"


def plausible(url: str, terms: SubmissionTerms) -> str:
    """The address, when it can be fetched as far as its text tells; nothing is asked of any host. Raises AddressWrong."""
    try:
        read_url(url, policy_of(terms))
    except FetchFault as fault:
        words = _filled(gettext(fault.WORDS), fault)
        raise AddressWrong(words=words, fix=_filled(gettext(fault.FIX), fault), fault=fault.code) from fault
    return url


def _filled(words: str, fault: FetchFault) -> str:
    try:
        return words % fault.facts
    except (KeyError, TypeError, ValueError):
        return words
