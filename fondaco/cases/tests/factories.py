"""Small makers of cases."""

from __future__ import annotations

from typing import Any

from fondaco.cases import operations
from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType, Checks, Document
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.tests.factories import make_caller, make_seller

WORD_DRAFT = Document("draft.docx", "a" * 64, "docx", 1200)

COMPLETE: dict[CaseType, dict[str, Any]] = {
    CaseType.MISSING_IMAGE: {"steps_taken": "Looked at the page", "method": "portal", "asins": ["F012345678"]},
    CaseType.IMAGING_QUALITY: {"asin": "F012345678", "problems": "The red is orange."},
    CaseType.IMAGING_CANCELLATION: {"asin": "F012345678", "reason": "Ordered twice"},
    CaseType.NO_MODEL_IMAGING: {
        "no_model_request": "Tabletop, please",
        "account_name": "Harbor Goods",
        "asins": "F012345678 F0ABCDEFGH",
    },
    CaseType.IMAGING_DELAYED: {"asin": "F012345678"},
    CaseType.HAZMAT_DISPUTE: {"asin": "F012345678", "grounds": "It is water."},
    CaseType.LOST_INVITATION: {"application_email": "June@Clay.example"},
    CaseType.PR_REVIEW: {"draft": WORD_DRAFT, "issue_date": "2022-05-20", "author": "own"},
    CaseType.OTHER: {"subject": "Hello", "details": "A question"},
}


def make_case(
    caller: Caller | None = None, *, case_type: CaseType = CaseType.MISSING_IMAGE, seller: SellerAccount | None = None
) -> Case:
    """A complete case; by default of a new account's owner."""
    caller = caller or make_caller(seller=seller or make_seller())
    return operations.open_case(caller, case_type=case_type, contents=COMPLETE[case_type], checks=Checks())
