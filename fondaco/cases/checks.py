"""Where domains that stand above cases say what they know.

A domain calls `provide` once, from its application's `ready`: feeds know batch IDs, the catalogue ASINs, the
studio its orders. Each function takes the seller account first. What nobody provided is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fondaco.cases.rules import Checks
from fondaco.sellers.models import SellerAccount

type Check = Callable[[SellerAccount | None, str], bool]
type Fault = Callable[[SellerAccount | None, str], str]

_provided: dict[str, Check | Fault] = {}


def provide(
    *,
    known_batch: Check | None = None,
    known_asin: Check | None = None,
    can_cancel_imaging: Check | None = None,
    sheet_date_fits: Check | None = None,
    draft_fault: Fault | None = None,
    issue_date_fault: Fault | None = None,
) -> None:
    """Answer one or more of the questions of `rules.Checks` from now on."""
    given = {
        "known_batch": known_batch,
        "known_asin": known_asin,
        "can_cancel_imaging": can_cancel_imaging,
        "sheet_date_fits": sheet_date_fits,
        "draft_fault": draft_fault,
        "issue_date_fault": issue_date_fault,
    }
    _provided.update({name: check for name, check in given.items() if check})


def checks_for(seller: SellerAccount | None) -> Checks:
    """The questions as they stand for this seller."""
    return Checks(**{name: partial(check, seller) for name, check in _provided.items()})  # type: ignore[arg-type]
