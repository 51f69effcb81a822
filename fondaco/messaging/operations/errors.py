"""What conversations refuse, each with its reason."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid, Refusal


class NothingSaid(Invalid):
    CODE = "message_empty"
    WORDS = N_("Write something, or attach a photo, before you send it.")


class NotAboutThis(Invalid):
    CODE = "subject_not_possible"
    WORDS = N_("This subject needs an order: choose another one, or write from Your Orders.")
    CLAUSE = "PHOTO-18"


class ContentBlocked(Invalid):
    """`blocked`: `rules.blocked.Blocked` of each thing found."""

    CODE = "message_content_blocked"
    WORDS = N_("This cannot be sent to a buyer: %(found)s.")
    FIX = N_("Take it out and send the rest.")
    CLAUSE = "B-PHOTO-04"


class PleaseCheck(Refusal):
    """Not a refusal for good: sent again with `confirmed`, it goes. `reminders`: code and facts of each."""

    CODE = "message_please_check"
    WORDS = N_("Please look at it once more before you send it.")
    FIX = N_("Change it, or send it as it is.")
    CLAUSE = "Q-51"


class AttachmentsRefused(Invalid):
    """`files`: name and findings of each file that was refused."""

    CODE = "attachments_refused"
    WORDS = N_("Not sent: %(count)s of the files cannot be taken.")
    FIX = N_("Take them out or choose others. Everything else you entered is kept.")
    CLAUSE = "Q-50"


class AttachmentsTooLarge(Invalid):
    CODE = "attachments_too_large"
    STATUS = 413
    WORDS = N_("The files of one message may have %(limit)s together; these have %(size)s.")
    FIX = N_("Send the rest in a second message.")
    CLAUSE = "B-PHOTO-01"


class LabelsRefused(Invalid):
    """`faults`: place and code of each label that is missing, wrong, or there twice."""

    CODE = "photo_labels_refused"
    WORDS = N_("Every photo needs a label of its own, such as %(example)s.")
    FIX = N_("Change the labels that are marked.")
    CLAUSE = "Q-50"


class NoSuchPhotoType(Invalid):
    CODE = "photo_type_unknown"
    WORDS = N_("There is no such kind of photo request.")
    CLAUSE = "PHOTO-03"


class WrongState(Refusal):
    CODE = "photo_request_state"
    WORDS = N_("The photo request is no longer where this could be done.")
    FIX = N_("Look at the conversation again.")


class TooLateToWrite(Refusal):
    CODE = "proactive_window_over"
    WORDS = N_("You may begin a conversation about an order until %(days)s days after it was completed.")
    CLAUSE = "B-PHOTO-04"


class OptedOut(Refusal):
    CODE = "buyer_wants_critical_only"
    WORDS = N_("This buyer wants no messages that they did not ask for, except critical ones.")
    FIX = N_("Mark it as critical only when the order cannot be completed without an answer.")
    CLAUSE = "B-PHOTO-03"


class AlreadyClosed(Refusal):
    CODE = "conversation_closed"
    WORDS = N_("This conversation is closed already.")


class UploadStopped(Invalid):
    """`received_bytes` says from where to go on."""

    CODE = "upload_out_of_step"
    STATUS = 409
    WORDS = N_("This part does not follow what has arrived (%(received_bytes)s bytes).")
    FIX = N_("Go on from there.")


class UploadNotReady(Invalid):
    CODE = "upload_not_ready"
    WORDS = N_("This file has not arrived whole.")
    FIX = N_("Send it again.")
