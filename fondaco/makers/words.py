"""What pages, mails and refusals call the words of the rules, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fondaco.makers.models.listing import RemovalState
from fondaco.makers.models.profile import ProfileState
from fondaco.makers.rules import announcement as pr
from fondaco.makers.rules.application import Option, PhotoKind, State

STATES: dict[str, Any] = {
    State.DRAFT: pgettext_lazy("application", "Draft"),
    State.SUBMITTED: pgettext_lazy("application", "Submitted"),
    State.IN_REVIEW: pgettext_lazy("application", "In review"),
    State.INFO_REQUESTED: pgettext_lazy("application", "Information requested"),
    State.DECLINED: pgettext_lazy("application", "Declined"),
    State.APPROVED: pgettext_lazy("application", "Approved"),
    State.INVITED: pgettext_lazy("application", "Invited"),
    State.REGISTERED: pgettext_lazy("application", "Registered"),
}

TONES: dict[str, str] = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "progress",
    State.IN_REVIEW: "progress",
    State.INFO_REQUESTED: "warn",
    State.DECLINED: "bad",
    State.APPROVED: "good",
    State.INVITED: "good",
    State.REGISTERED: "good",
}

WHY: dict[str, Any] = {
    State.DRAFT: _("Nothing has been sent yet. What you fill in is kept until you send it."),
    State.SUBMITTED: _("We have your application. It waits for a reviewer; the oldest is taken first."),
    State.IN_REVIEW: _("A reviewer is reading your application."),
    State.INFO_REQUESTED: _("The reviewer has a question. The review goes on when you have answered it."),
    State.DECLINED: _("Your application was not approved. The reason stands below."),
    State.APPROVED: _("Your application is approved. The mail with your invitation is on its way."),
    State.INVITED: _("Your invitation was sent. Open the link in that mail to set up your store."),
    State.REGISTERED: _("Your store is set up."),
}

OPTIONS: dict[str, Any] = {
    Option.PROFESSIONAL: _("An existing professional account"),
    Option.INDIVIDUAL: _("An existing individual account"),
    Option.NEW: _("A new seller account"),
}

OPTION_HELP: dict[str, Any] = {
    Option.PROFESSIONAL: _("It becomes your handmade store; what it sells already goes on."),
    Option.INDIVIDUAL: _("It moves to the professional plan, which handmade needs. The plan’s fee is waived."),
    Option.NEW: _("Opened here with your invitation, on the professional plan. The plan’s fee is waived."),
}

PHOTO_KINDS: dict[str, Any] = {PhotoKind.WORKSPACE: _("Workspace"), PhotoKind.PROCESS: _("At work")}

FAULTS: dict[str, Any] = {
    "answer_missing": _("This is needed before the application can be sent."),
    "answer_not_valid": _("This cannot be read. Look at the hint beside it."),
    "country_not_served": _("The handmade store does not serve this country."),
    "documents_missing": _("Organisations add a document about themselves."),
    "team_over_preference": _("%(measured)s people make the products; preferred are at most %(limit)s."),
    "not_all_by_hand": _("%(measured)s %% is made by hand."),
}

PROFILE_STATES: dict[str, Any] = {
    ProfileState.CHECKING: _("Being checked"),
    ProfileState.AT_DESK: _("Being looked at by a reviewer"),
    ProfileState.SHOWN: pgettext_lazy("profile", "Shown"),
    ProfileState.REFUSED: pgettext_lazy("profile", "Refused"),
    ProfileState.REPLACED: pgettext_lazy("profile", "Replaced"),
}

PROFILE_TONES: dict[str, str] = {
    ProfileState.CHECKING: "progress",
    ProfileState.AT_DESK: "progress",
    ProfileState.SHOWN: "good",
    ProfileState.REFUSED: "bad",
    ProfileState.REPLACED: "neutral",
}

REMOVAL_STATES: dict[str, Any] = {
    RemovalState.REMOVED: pgettext_lazy("removal", "Removed"),
    RemovalState.APPEALED: pgettext_lazy("removal", "Appealed"),
    RemovalState.RESTORED: pgettext_lazy("removal", "Restored"),
    RemovalState.UPHELD: pgettext_lazy("removal", "Stays removed"),
}

PR_STATES: dict[str, Any] = {
    pr.State.SUBMITTED: pgettext_lazy("announcement", "Submitted"),
    pr.State.ASSIGNED: pgettext_lazy("announcement", "Assigned"),
    pr.State.IN_REVIEW: pgettext_lazy("announcement", "In review"),
    pr.State.ROUTED: pgettext_lazy("announcement", "Routed"),
    pr.State.CHANGES_REQUESTED: pgettext_lazy("announcement", "Changes requested"),
    pr.State.CLEARED: pgettext_lazy("announcement", "Cleared"),
}

PR_TONES: dict[str, str] = {
    pr.State.SUBMITTED: "progress",
    pr.State.ASSIGNED: "progress",
    pr.State.IN_REVIEW: "progress",
    pr.State.ROUTED: "progress",
    pr.State.CHANGES_REQUESTED: "warn",
    pr.State.CLEARED: "good",
}

PR_WHY: dict[str, Any] = {
    pr.State.SUBMITTED: _("We have the draft. Support connects it with somebody of the announcements team."),
    pr.State.ASSIGNED: _("A reviewer has it and will read it."),
    pr.State.IN_REVIEW: _("The reviewer is reading it."),
    pr.State.ROUTED: _("Others who are concerned were asked for comments."),
    pr.State.CHANGES_REQUESTED: _("Please send a new version. What should change stands beside the paragraphs."),
    pr.State.CLEARED: _("It may be issued as it stands."),
}

PR_AUTHORS: dict[str, Any] = {pr.Author.OWN: _("The maker"), pr.Author.AGENCY: _("A contracted agency")}


def said(msgid: str) -> str:
    """A sentence that stands in data, in the reader's language."""
    return gettext(msgid)
