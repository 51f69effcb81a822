"""How the timeline tells what happened to applications, stores, profiles, listings and announcements."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "application.begun": N_("Began an application."),
            "application.submitted": Sentence(N_("Sent the application."), "progress"),
            "application.taken": Sentence(N_("Began the review."), "progress"),
            "application.taken_over": N_("Took the review over."),
            "application.asked": Sentence(N_("Asked for information."), "warn"),
            "application.answered": Sentence(N_("Answered the question."), "progress"),
            "application.approved": Sentence(N_("Approved the application."), "good"),
            "application.declined": Sentence(N_("Declined the application."), "bad"),
            "application.invited": Sentence(N_("Sent the invitation to %(email)s."), "good"),
            "application.reissued": Sentence(N_("Sent a new invitation to %(email)s; the old one is dead."), "warn"),
            "maker.registered": Sentence(N_("Registered as a maker; open stores: %(stores)s."), "good"),
            "seller.plan_changed": N_("Moved to the plan %(plan)s."),
            "profile.sent": Sentence(N_("Sent version %(number)s of the profile."), "progress"),
            "profile.at_desk": Sentence(N_("A person has to look at the profile."), "warn"),
            "profile.shown": Sentence(N_("Version %(number)s of the profile is shown."), "good"),
            "profile.refused": Sentence(N_("The profile was refused."), "bad"),
            "handmade.marked": N_("Changed the marks “private” and “adult”."),
            "handmade.customised": Sentence(N_("Saved what buyers may customise."), "progress"),
            "handmade.customisation_ended": N_("Ended the customisation."),
            "handmade.relisting": Sentence(N_("Moves into the handmade store as %(to)s, SKU %(sku)s."), "progress"),
            "handmade.relisted_from": N_("Moved here from %(from)s."),
            "offer.relisted": Sentence(N_("Ended: it goes on in the handmade store as %(to)s."), "good"),
            "handmade.removed": Sentence(N_("Removed by the marketplace."), "bad"),
            "handmade.appealed": Sentence(N_("The maker appealed."), "warn"),
            "handmade.restored": Sentence(N_("Restored."), "good"),
            "handmade.upheld": Sentence(N_("The removal stands."), "bad"),
            "announcement.submitted": Sentence(N_("Sent in the draft, to be issued on %(issue_date)s."), "progress"),
            "announcement.short_notice": Sentence(
                N_("Sent in the draft on short notice, to be issued on %(issue_date)s."), "warn"
            ),
            "announcement.issue_date": N_("Moved the day of issue from %(before)s to %(issue_date)s."),
            "announcement.connected": Sentence(N_("Connected with %(reviewer)s."), "progress"),
            "announcement.begun": Sentence(N_("Began to read."), "progress"),
            "announcement.routed": Sentence(N_("Asked %(stakeholder)s."), "progress"),
            "announcement.answered": N_("Has nothing to add."),
            "announcement.recalled": N_("Waits for nobody any longer."),
            "announcement.shared": N_("Passed a remark on to the maker."),
            "announcement.changes_requested": Sentence(N_("Requested changes."), "warn"),
            "announcement.round": Sentence(N_("Sent round %(round)s."), "progress"),
            "announcement.cleared": Sentence(N_("Cleared it for issue."), "good"),
        }
    )
