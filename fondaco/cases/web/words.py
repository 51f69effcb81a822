"""What the pages call the words of `rules`, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.cases.rules import QUEUES as queue_types
from fondaco.cases.rules import Author, CaseType, Method, Outcome, Queue, Sheet, State
from fondaco.web.programmes import late_name

TYPES: dict[str, Any] = {
    CaseType.MISSING_IMAGE: _("A product image is missing"),
    CaseType.IMAGING_QUALITY: _("Imaging: not happy with the images"),
    CaseType.IMAGING_CANCELLATION: _("Imaging: cancel an order"),
    CaseType.NO_MODEL_IMAGING: _("Imaging: images without a model"),
    CaseType.IMAGING_DELAYED: _("Imaging: an order is late"),
    CaseType.HAZMAT_DISPUTE: _("A product is wrongly classed as hazardous"),
    CaseType.LOST_INVITATION: format_lazy(_("{handmade}: the invitation is lost"), handmade=late_name("handmade")),
    CaseType.PR_REVIEW: format_lazy(_("{handmade}: review of an announcement"), handmade=late_name("handmade")),
    CaseType.OTHER: _("Something else"),
}

ABOUT: dict[str, Any] = {
    CaseType.MISSING_IMAGE: _("You followed the steps of the troubleshooter, and the image still does not show."),
    CaseType.IMAGING_QUALITY: _("The images of the studio do not show the product as it is."),
    CaseType.IMAGING_CANCELLATION: _("Possible until the product is received at the studio."),
    CaseType.NO_MODEL_IMAGING: _("Support places the order for you; the product is shot on a tabletop."),
    CaseType.IMAGING_DELAYED: _("The estimated date has passed."),
    CaseType.HAZMAT_DISPUTE: _("Say why, and attach a safety data sheet if you have one."),
    CaseType.LOST_INVITATION: _("You were approved, and the mail with the link is gone."),
    CaseType.PR_REVIEW: _("Two weeks before it is issued, as a Word document."),
    CaseType.OTHER: _("None of these fits."),
}

QUEUES: dict[str, Any] = {
    Queue.IMAGES: _("Product images"),
    Queue.IMAGING: _("Imaging services"),
    Queue.RETURNS: _("Returns and shipping"),
    Queue.HANDMADE: format_lazy(_("{handmade} Support"), handmade=late_name("handmade")),
    Queue.OTHER: _("Other"),
}

GROUPS: tuple[tuple[Any, tuple[CaseType, ...]], ...] = tuple(
    (QUEUES[queue], tuple(t for t in CaseType if t in types)) for queue, types in queue_types.items()
)

STATES: dict[str, Any] = {
    State.OPEN: pgettext_lazy("case", "Open"),
    State.WAITING_SELLER: _("Waiting for you"),
    State.WAITING_SUPPORT: _("Waiting for support"),
    State.CLOSED: pgettext_lazy("case", "Closed"),
}

DESK_STATES: dict[str, Any] = {**STATES, State.WAITING_SELLER: _("Waiting for the seller")}

STATE_TONES: dict[str, str] = {
    State.OPEN: "progress",
    State.WAITING_SELLER: "warn",
    State.WAITING_SUPPORT: "progress",
    State.CLOSED: "neutral",
}
DESK_TONES: dict[str, str] = {
    **STATE_TONES,
    State.OPEN: "warn",
    State.WAITING_SUPPORT: "warn",
    State.WAITING_SELLER: "progress",
}

WHOSE: dict[str, Any] = {"mine": _("Mine"), "nobody": _("Nobody’s yet")}
"""The desk's filter by who cares for a case."""

OUTCOMES: dict[str, Any] = {
    Outcome.SOLVED: _("Solved"),
    Outcome.EXPLAINED: _("Explained"),
    Outcome.DECLINED: _("Declined"),
    Outcome.WITHDRAWN: _("Withdrawn"),
}

METHODS: dict[str, Any] = {
    Method.PORTAL: _("The portal: Add a Product or Manage Inventory"),
    Method.INVENTORY_DATA: _("Inventory data: an uploaded file"),
}

AUTHORS: dict[str, Any] = {
    Author.OWN: _("We wrote it ourselves"),
    Author.AGENCY: _("A contracted agency wrote it"),
}

SHEETS: dict[str, Any] = {
    Sheet.SAFETY_DATA_SHEET: _("Safety data sheet (SDS)"),
    Sheet.EXEMPTION_SHEET: _("Exemption sheet"),
}

ITEMS: dict[str, Any] = {
    "steps_taken": _("Steps that you have taken"),
    "method": _("How you manage your products and inventory data"),
    "batch_id": _("Batch ID"),
    "asins": _("ASIN of each product"),
    "asin": _("ASIN"),
    "problems": _("The problems, in detail"),
    "reason": _("Reason"),
    "no_model_request": _("Your request for images without a model"),
    "account_name": _("Account name"),
    "order": _("Imaging order"),
    "grounds": _("Why the class is wrong"),
    "document": _("Document"),
    "document_kind": _("Kind of document"),
    "document_date": _("Date on the document"),
    "document_product": _("Product name on the document"),
    "document_brand": _("Brand or maker on the document"),
    "application_email": _("E-mail address of your application"),
    "draft": _("Draft as a Word document"),
    "issue_date": _("Planned date of issue"),
    "author": _("Who wrote it"),
    "subject": _("Subject"),
    "details": _("What happened"),
}

HELP: dict[str, Any] = {
    "steps_taken": _("What the troubleshooter had you check, and what you saw."),
    "batch_id": _("Needed if you used an inventory file: you find it in the list of uploads."),
    "asins": _("One or more, with spaces or line breaks between them."),
    "asin": _("Ten characters, on the product’s row in Manage Inventory."),
    "order": _("Instead of the ASIN, if you know its number."),
    "document": _("PDF, JPEG, PNG or Word, 10 MB at most."),
    "document_kind": _("A safety data sheet has 16 sections. One of the two is enough."),
    "document_date": _("A safety data sheet may be five years old at most."),
    "document_product": _("As it is written there; it must be the name of your listing."),
    "document_brand": _("As it is written there; it must be the brand of your listing."),
    "draft": _(".docx or .doc without macros, 10 MB at most."),
    "application_email": _("Exactly as you wrote it then, upper and lower case included."),
}

FAULTS: dict[str, Any] = {
    "case_item_missing": _("This is needed before the case can be opened."),
    "case_item_not_valid": _("This cannot be read. Look at the hint beside it."),
    "case_batch_unknown": _("None of your uploads has this batch ID."),
    "case_asin_unknown": _("There is no such product."),
    "case_date_refused": _("This day cannot be taken."),
    "case_document_refused": _("This file is not of the kind that is needed here."),
    "case_document_too_old": _("This document is too old, or its date lies ahead."),
    "case_not_cancellable": _(
        "Its imaging order can no longer be cancelled: the product was received at the studio, or there is no order."
    ),
}
