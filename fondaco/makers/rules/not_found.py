"""Why a handmade listing is not found: the common reasons, asked of what is on record (HAND-22, B-HAND-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fondaco.kit.diagnosis import Check, FactMissing, Link, Outcome, failed, passed, waiting
from fondaco.makers.rules.marked import _


@dataclass(frozen=True, slots=True)
class NotFound:
    """What is known of one listing. `asked` is what was searched for; `found_at` its place for that, 0 when it is not
    among the results, None when nothing was asked. `other_hits` are results for the same words."""

    asin: str
    sku: str
    offer_id: str
    now: datetime
    due_at: datetime
    searchable: bool
    held_reason: str
    held_words: str
    seller_status: str
    on_vacation: bool
    offer_status: str
    units_sellable: int
    units_reserved: int
    is_private: bool
    is_adult: bool
    file_errors: int
    asked: str = ""
    found_at: int | None = None
    other_hits: int = 0
    found_by_title: bool = False


def _account(facts: NotFound) -> Outcome:
    if facts.seller_status == "active":
        return passed()
    return failed(
        message=_("The seller account is not active, so that none of its listings is shown."),
        fix=_("Read the message about it on the account’s page and answer it."),
        link=Link("sellers:account", label=_("Account")),
        evidence={"status": facts.seller_status},
    )


def _vacation(facts: NotFound) -> Outcome:
    if not facts.on_vacation:
        return passed()
    return failed(
        message=_("Vacation mode is on: all your handmade listings are hidden."),
        fix=_("Switch vacation mode off when you are back."),
        link=Link("makers:vacation", label=_("Vacation mode")),
    )


def _ended(facts: NotFound) -> Outcome:
    if facts.offer_status == "active":
        return passed()
    if facts.offer_status == "removed":
        return failed(
            message=_("The marketplace removed this product."),
            fix=_("Read what to supply and by when, or appeal."),
            link=Link("makers:listing", {"asin": facts.asin}, _("The listing")),
        )
    return failed(
        message=_("You closed this offer."),
        fix=_("Take it up again in Manage Inventory."),
        link=Link("catalogue:edit_offer", {"offer_id": facts.offer_id}, _("Edit the offer")),
    )


def _private(facts: NotFound) -> Outcome:
    if not (facts.is_private or facts.is_adult):
        return passed()
    words = (
        _("The listing is marked as private: only who has its link sees it.")
        if facts.is_private
        else _("The listing is marked as adult: search leaves it out.")
    )
    return failed(
        message=words,
        fix=_("Take the mark away if it is wrong."),
        link=Link("makers:listing", {"asin": facts.asin}, _("The listing")),
    )


def _stock(facts: NotFound) -> Outcome:
    if facts.units_sellable > 0:
        return passed(evidence={"units": facts.units_sellable})
    words = (
        _("The stock is 0: every unit is ordered (%(reserved)s in orders).")
        if facts.units_reserved
        else _("The stock is 0: sold out, or no quantity was given.")
    )
    return failed(
        message=words,
        fix=_("Enter a quantity in Manage Inventory."),
        link=Link("catalogue:edit_offer", {"offer_id": facts.offer_id}, _("Enter a quantity")),
        evidence={"units": 0, "reserved": facts.units_reserved},
    )


def _file(facts: NotFound) -> Outcome:
    if not facts.file_errors:
        return passed()
    return failed(
        message=_("Your last inventory file had errors in %(errors)s records of this SKU."),
        fix=_("Correct them and upload the file again; the report names each."),
        link=Link("feeds:uploads", label=_("Inventory files")),
        evidence={"errors": facts.file_errors, "sku": facts.sku},
    )


def _picture(facts: NotFound) -> Outcome:
    if facts.held_reason in ("", "image_processing") or facts.held_reason.startswith("handmade_"):
        return passed()
    return failed(
        message=_("It is held out of search: %(why)s"),
        fix=_("Submit a main picture that meets the requirements."),
        link=Link("catalogue:manage_images", {"asin": facts.asin}, _("Manage Images")),
        evidence={"why": facts.held_words, "code": facts.held_reason},
    )


def _synchronised(facts: NotFound) -> Outcome:
    if facts.searchable:
        return passed()
    if facts.now <= facts.due_at:
        return waiting(
            until=facts.due_at,
            message=_("A new product can take until then to appear."),
            fix=_("Look again after that time."),
        )
    return failed(
        message=_("The time in which it should have appeared is over, and nothing on record explains it."),
        fix=_("Write to support with the ASIN and the SKU."),
        link=Link("cases:contact", label=_("Contact Us")),
        goes_on=True,
    )


def _search(facts: NotFound) -> Outcome:
    if not facts.asked:
        raise FactMissing("what was searched for")
    if facts.found_at:
        return passed(
            ends=True,
            message=_("It is number %(place)s for “%(asked)s”."),
            evidence={"place": facts.found_at, "asked": facts.asked},
        )
    if not facts.found_by_title:
        return passed()
    return failed(
        message=_(
            "“%(asked)s” is too general: it leads to %(hits)s other listings. Your listing is found by its title."
        ),
        fix=_("Search for its title, SKU or ASIN, and put the words that buyers type into the title."),
        link=Link("makers:suggestions", label=_("Suggestions")),
        evidence={"asked": facts.asked, "hits": facts.other_hits},
    )


TREE = (
    Check("account_under_review", _("Is the seller account active?"), _account, clause="B-HAND-09"),
    Check("existing_account_issue", _("Is the offer active?"), _ended, clause="B-HAND-09"),
    Check("vacation_mode", _("Is vacation mode off?"), _vacation, clause="B-HAND-09"),
    Check("private_or_adult", _("Is the listing for everybody?"), _private, clause="B-HAND-09"),
    Check("out_of_stock", _("Is a unit in stock?"), _stock, clause="B-HAND-09"),
    Check("inventory_file_errors", _("Was the inventory file without errors?"), _file, clause="B-HAND-09"),
    Check("picture", _("Is there a good main picture?"), _picture, clause="B-IMG-09"),
    Check("not_yet_synchronised", _("Has it had time to appear?"), _synchronised, clause="HAND-21"),
    Check("search_too_generic", _("Does your search lead to it?"), _search, clause="B-HAND-09"),
)
"""In this order, so that what hides everything is told before what hides one listing."""
