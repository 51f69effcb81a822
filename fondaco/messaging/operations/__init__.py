"""Writes of conversations, photo requests and uploads."""

from fondaco.messaging.operations.begin import ASK, SEND, About, begin, begin_as_seller
from fondaco.messaging.operations.files import Kept, NewFile, keep
from fondaco.messaging.operations.requests import ask_for_photos, remind, review_photos, wish_photos
from fondaco.messaging.operations.say import send, send_photos
from fondaco.messaging.operations.settle import (
    close,
    excuse,
    mark_read,
    report,
    settle_report,
    share_own_photos,
    share_photos,
    wish_contact,
)
from fondaco.messaging.operations.uploads import Chosen, add_part, begin_upload, kept_of

__all__ = [
    "ASK",
    "SEND",
    "About",
    "Chosen",
    "Kept",
    "NewFile",
    "add_part",
    "ask_for_photos",
    "begin",
    "begin_as_seller",
    "begin_upload",
    "close",
    "excuse",
    "keep",
    "kept_of",
    "mark_read",
    "remind",
    "report",
    "review_photos",
    "send",
    "send_photos",
    "settle_report",
    "share_own_photos",
    "share_photos",
    "wish_contact",
    "wish_photos",
]
