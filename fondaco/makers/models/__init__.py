"""Tables of makers: applications, invitations, profiles, handmade listings, announcements."""

from fondaco.makers.models.announcement import Announcement, Comment, DraftRound, Routing
from fondaco.makers.models.application import Application, ApplicationMessage, ApplicationPhoto, Side
from fondaco.makers.models.guess import LinkGuess
from fondaco.makers.models.invitation import Maker, MakerInvitation
from fondaco.makers.models.listing import HandmadeListing, MakerFont, Relisting, Removal
from fondaco.makers.models.profile import MakerShop, ProfileVersion

__all__ = [
    "Announcement",
    "Application",
    "ApplicationMessage",
    "ApplicationPhoto",
    "Comment",
    "DraftRound",
    "HandmadeListing",
    "LinkGuess",
    "Maker",
    "MakerFont",
    "MakerInvitation",
    "MakerShop",
    "ProfileVersion",
    "Relisting",
    "Removal",
    "Routing",
    "Side",
]
