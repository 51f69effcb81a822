"""Tables of the messaging domain."""

from fondaco.messaging.models.conversation import Conversation, Message, Report
from fondaco.messaging.models.mail import Alias, InboundMail
from fondaco.messaging.models.photos import Attachment, PhotoRequest, Sighting, Upload, UploadPart
from fondaco.messaging.models.wishes import ContactWish, PhotoWish

__all__ = [
    "Alias",
    "Attachment",
    "ContactWish",
    "Conversation",
    "InboundMail",
    "Message",
    "PhotoRequest",
    "PhotoWish",
    "Report",
    "Sighting",
    "Upload",
    "UploadPart",
]
