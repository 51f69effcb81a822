"""What the demo's sellers have asked support: a picture that does not appear, a hazard class, a question that was solved.
Doing it again adds only what is missing."""

from __future__ import annotations

from typing import Any

from fondaco.cases import operations
from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType, Outcome
from fondaco.catalogue.models import Offer
from fondaco.demo.goods import HARBOR, SWIFT
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership, Person
from fondaco.sellers.rules import MemberRole


def ensure_cases() -> int:
    """Returns how many were opened."""
    support = caller_for(Person.objects.get(email_folded="support@fondaco.example"))
    made = 0
    pictured, hazardous = _asin(HARBOR), _asin(SWIFT, hazmat_class="hazmat")
    missing = {
        "steps_taken": "1. The product stands in Manage Inventory.\n2. The file is a JPEG of 1,200 px.\n3. Sent again; 24 hours have passed.",
        "method": "portal",
        "asins": [pictured],
    }
    if pictured:
        made += _once(HARBOR, "demo:case:picture", CaseType.MISSING_IMAGE, missing) is not None
    hazard = {
        "asin": hazardous,
        "grounds": "The maker says that it is exempt; the class was taken over from another listing.",
    }
    if hazardous and (asked := _once(SWIFT, "demo:case:hazard", CaseType.HAZMAT_DISPUTE, hazard)):
        text = "Thank you. Please send the exemption sheet of the maker, so that we can decide."
        operations.reply(support, number=asked.number, text=text, request_key="demo:reply")
        made += 1
    question = {
        "subject": "Pay-out in two parts",
        "details": "Our last pay-out came in two parts. Is that as it should be?",
    }
    if solved := _once(HARBOR, "demo:case:question", CaseType.OTHER, question):
        text = "Yes: the second part was reserved for two returns and was free a day later."
        operations.close_case(
            support, number=solved.number, outcome=Outcome.EXPLAINED, text=text, request_key="demo:close"
        )
        made += 1
    return made


def _once(seller: str, key: str, case_type: CaseType, contents: dict[str, Any]) -> Case | None:
    """The case that was opened now; None when it stood there already."""
    caller = _owner(seller)
    if Case.objects.filter(opened_by=caller.require_person(), request_key=key).exists():
        return None
    return operations.open_case(caller, case_type=case_type, contents=contents, request_key=key)


def _asin(seller: str, *, hazmat_class: str = "none") -> str:
    """Of the first such product of a seller; empty where the store sells none (fewer wares)."""
    offers = Offer.objects.filter(seller__display_name=seller, product__hazmat_class=hazmat_class).order_by("sku")
    return offers.values_list("product__asin", flat=True).first() or ""


def _owner(name: str) -> Caller:
    owner = Membership.objects.select_related("person", "seller").get(seller__display_name=name, role=MemberRole.OWNER)
    return caller_for(owner.person, seller_number=owner.seller.number)
