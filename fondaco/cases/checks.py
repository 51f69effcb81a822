"""Where domains that stand above cases say what they know.

A domain calls `provide` once, from its application's `ready`: feeds know batch IDs, the catalogue ASINs, the
studio its orders. Each function takes the seller account first. What nobody provided is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType, Checks
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount

type Check = Callable[[SellerAccount | None, str], bool]
type Fault = Callable[[SellerAccount | None, str], str]
type Follower = Callable[[Caller, Case], object]

_provided: dict[str, Check | Fault] = {}
_followers: dict[CaseType, Follower] = {}


def provide(
    *,
    known_batch: Check | None = None,
    known_asin: Check | None = None,
    can_cancel_imaging: Check | None = None,
<<<<<<< HEAD
    sheet_date_fits: Check | None = None,
=======
    draft_fault: Fault | None = None,
    issue_date_fault: Fault | None = None,
>>>>>>> e182034 (makers: Applications, invitations, profiles, listings and announcements of handmade makers)
) -> None:
    """Answer one or more of the questions of `rules.Checks` from now on."""
    given = {
        "known_batch": known_batch,
        "known_asin": known_asin,
        "can_cancel_imaging": can_cancel_imaging,
<<<<<<< HEAD
        "sheet_date_fits": sheet_date_fits,
=======
        "draft_fault": draft_fault,
        "issue_date_fault": issue_date_fault,
>>>>>>> e182034 (makers: Applications, invitations, profiles, listings and announcements of handmade makers)
    }
    _provided.update({name: check for name, check in given.items() if check})


def checks_for(seller: SellerAccount | None) -> Checks:
    """The questions as they stand for this seller."""
    return Checks(**{name: partial(check, seller) for name, check in _provided.items()})  # type: ignore[arg-type]


def follow(case_type: CaseType, fn: Follower) -> None:
    """Be told of each new case of a type, in the transaction that opens it; refusing there opens no case."""
    _followers[case_type] = fn


def opened(caller: Caller, case: Case) -> None:
    """Tells who follows cases of this type."""
    if fn := _followers.get(CaseType(case.type)):
        fn(caller, case)
