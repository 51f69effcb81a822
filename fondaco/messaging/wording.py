"""What pages and mails call the words of `rules`, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.messaging.rules.words import Filter, Outcome, ReportReason, RequestState, Subject

SUBJECTS: dict[str, Any] = {
    Subject.PRODUCT_QUESTION: _("Question about the product"),
    Subject.PRODUCT_DEFECT: _("Product defect"),
    Subject.SHIPPING_DAMAGE: _("Damaged in shipping"),
    Subject.MISMATCHED_PRODUCT: _("Not what was described"),
    Subject.PROOF_OF_PURCHASE: _("Proof of purchase"),
    Subject.CUSTOMISATION: _("Customisation"),
    Subject.DELIVERY: _("Delivery"),
    Subject.RETURN: _("Return or refund"),
    Subject.INVOICE: _("Invoice"),
    Subject.OTHER: pgettext_lazy("subject", "Something else"),
}

ROUTES: dict[str, Any] = {
    "before_order": _("You have not bought it yet, so the seller answers."),
    "no_prime_item": _("The seller ships and answers this order."),
    "product_question": _("Questions about the product go to the seller."),
    "prime_item": _("Customer service answers for this item."),
    "seller_began": _("The seller wrote first."),
}

REQUEST_STATES: dict[str, Any] = {
    RequestState.OPEN: _("Waiting for instructions"),
    RequestState.INSTRUCTED: _("Waiting for photos"),
    RequestState.SUBMITTED: _("Photos sent"),
    RequestState.REVIEWED: _("Photos reviewed"),
    RequestState.RESOLVED: pgettext_lazy("photo request", "Resolved"),
}

REQUEST_TONES: dict[str, str] = {
    RequestState.OPEN: "warn",
    RequestState.INSTRUCTED: "warn",
    RequestState.SUBMITTED: "progress",
    RequestState.REVIEWED: "progress",
    RequestState.RESOLVED: "good",
}

OUTCOMES: dict[str, Any] = {
    Outcome.REPLACEMENT: _("A replacement is on its way"),
    Outcome.REFUND: pgettext_lazy("outcome", "Refunded"),
    Outcome.RETURN: _("To be returned"),
    Outcome.REPAIR: _("To be repaired"),
    Outcome.EXPLAINED: pgettext_lazy("outcome", "Explained"),
    Outcome.DECLINED: pgettext_lazy("outcome", "Declined"),
    Outcome.WITHDRAWN: pgettext_lazy("outcome", "Withdrawn by the buyer"),
}

FILTERS: dict[str, Any] = {
    Filter.RESPONSE_NEEDED: _("Response needed"),
    Filter.UNREAD: _("Unread"),
    Filter.WAITING: _("Waiting for the buyer"),
    Filter.PHOTOS: _("Photo requests"),
    Filter.CLOSED: pgettext_lazy("conversations", "Closed"),
    Filter.ALL: _("All"),
}

REPORTS: dict[str, Any] = {
    ReportReason.ABUSE: _("Insulting or threatening"),
    ReportReason.SPAM: _("Advertising"),
    ReportReason.FRAUD: _("An attempt to cheat"),
    ReportReason.PERSONAL_DATA: _("Asks for or shows personal data"),
    ReportReason.OTHER: pgettext_lazy("report", "Something else"),
}

BLOCKED: dict[str, Any] = {
    "marketing": _("Marketing"),
    "review_pressure": _("Incentives or pressure for reviews"),
    "external_links": _("Links to other sites"),
    "contact_details": _("Contact details"),
    "logos": _("Logos"),
    "thanks_only": _("Messages that only say thanks"),
    "confirmations": _("Order or shipping confirmations"),
}

FINDINGS: dict[str, Any] = {
    "file_empty": _("The file is empty."),
    "attachment_too_large": _("The file is larger than %(limit)s."),
    "photo_format_refused": _("This kind of file (%(measured)s) is not accepted; %(limit)s are."),
    "hidden_content": _("Behind the picture the file holds something else, which could be a program or an archive."),
    "pdf_unreadable": _("The PDF cannot be read: it is damaged, locked or too large."),
    "pdf_parts_removed": _("The PDF held parts that act by themselves; only pictures of its pages are passed on."),
    "photo_too_bright": _("%(measured)s %% of the picture is burnt out to white. Turn away from the light."),
    "harsh_shadow": _("A hard shadow lies across the picture. Soft daylight shows more."),
    "photo_small": _("The picture is small (%(measured)s px); more detail can be seen from %(limit)s px on."),
    "photo_blurred": _("The picture is blurred. Hold still, rest the phone, and tap on the subject."),
    "duplicate_of_shot": _("This looks like the same picture as %(measured)s."),
    "label_missing": _("With two or more photos each needs a label."),
    "photo_label_missing": _("With two or more photos each needs a label."),
    "photo_label_not_valid": _("Write the label as type and view, such as ProductDefect_FrontView."),
    "photo_label_twice": _("Another photo has this label already."),
}

REMINDERS: dict[str, Any] = {
    "tone": _("Some words may hurt. A respectful, professional tone leads to a solution sooner."),
    "shot_missing": _("One of the required photos is missing: %(shot)s."),
    "photo_format_not_preferred": _("The seller asked for %(limit)s."),
    "photo_smaller_than_asked": _("The seller asked for at least %(limit)s px on the longer side."),
    "fewer_photos_than_asked": _("The seller asked for %(limit)s photos; these are %(measured)s."),
    "language": _("The buyer reads %(language)s. Write in the buyer’s language."),
}

LANGUAGES: dict[str, Any] = {"en": _("English"), "vi": _("Vietnamese"), "zh-hant": _("Chinese (traditional)")}

MAIL_REFUSALS: dict[str, Any] = {
    "alias_unknown": _("Nobody has this address."),
    "sender_unknown": _("The sender is not one of the two who write through this address."),
    "sender_forged": _("The sending server could not prove that it may use this sender’s address."),
    "mail_loop": _("One of our own mails came back."),
    "auto_reply": _("An automatic answer."),
    "bounce": _("A mail could not be delivered."),
    "bulk_mail": _("A mailing list or advertising."),
    "mail_too_large": _("The mail is too large."),
    "mail_empty": _("Neither words nor files."),
    "mail_unreadable": _("The mail cannot be read."),
    "mail_twice": _("The same mail came before."),
    "no_order": _("There is no order between the two to write about."),
    "content_blocked": _("It held something that sellers may not send."),
    "attachments_refused": _("The files cannot be taken, and there were no words."),
    "not_permitted": _("The sender may not write for this account."),
}
