"""How the timeline tells what happened to imaging orders and studio pictures."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "imaging.placed": Sentence(N_("Ordered imaging of %(asin)s for %(price)s."), "good"),
            "imaging.picked": N_("Picked the unit from its shelf."),
            "imaging.dispatched": N_("Sent the unit from the fulfilment centre to the studio."),
            "imaging.received": Sentence(N_("Received the unit at the studio."), "progress"),
            "imaging.decided_model": N_("Decided to shoot it with a model."),
            "imaging.decided_tabletop": N_("Decided to shoot it on a tabletop."),
            "imaging.researched": N_("Wrote down how products of this type are imaged."),
            "imaging.shot": N_("Took picture %(number)s; it meets the studio profile."),
            "imaging.shot_below": Sentence(N_("Took picture %(number)s; it does not meet the studio profile."), "warn"),
            "imaging.shot_dropped": N_("Took picture %(number)s out of the set."),
            "imaging.size_problem": Sentence(N_("Reported a problem with the size; the seller was contacted."), "warn"),
            "imaging.complete": Sentence(N_("Imaging complete: %(images)s pictures; the unit goes back."), "progress"),
            "imaging.sent_back": N_("Sent the unit back unphotographed."),
            "imaging.checked_in": N_("The unit is back in the fulfilment centre and on sale."),
            "imaging.unit_found": Sentence(
                N_("Found the unit that could not be located; it is on sale again."), "good"
            ),
            "imaging.not_photographed": Sentence(N_("Ended without photographs; nothing is charged."), "bad"),
            "imaging.cancellation_requested": Sentence(N_("Asked to cancel the order, case %(case)s."), "warn"),
            "imaging.cancellation_accepted": N_("Accepted the cancellation, case %(case)s."),
            "imaging.cancellation_refused": Sentence(N_("Refused the cancellation, case %(case)s."), "warn"),
            "imaging.cancelled": Sentence(N_("Cancelled; nothing is charged."), "warn"),
            "imaging.converted": N_("Changed to imaging without a model."),
            "imaging.edit_accepted": N_("Accepted an edit of picture %(number)s; mean difference of colour %(mean)s."),
            "imaging.edit_dropped": N_("Went back to the photograph of picture %(number)s."),
            "imaging.flaw_colour": Sentence(N_("Marked picture %(number)s: it changes the product's colour."), "bad"),
            "imaging.flaw_outline": Sentence(N_("Marked picture %(number)s: it changes the product's outline."), "bad"),
            "imaging.shot_passed": Sentence(N_("Picture %(number)s passed the accuracy check."), "good"),
            "imaging.released": N_("Released the set for publication."),
            "imaging.published": Sentence(N_("Published in the slots %(slots)s."), "good"),
            "imaging.billed": Sentence(N_("Billed %(price)s, as quoted."), "good"),
            "imaging.unit_lost": Sentence(N_("The unit was lost; reimbursed: %(amount)s."), "bad"),
            "imaging.unit_damaged": Sentence(N_("The unit was damaged; reimbursed: %(amount)s."), "bad"),
            "imaging_batch.submitted": N_("Asked for imaging of %(lines)s products."),
            "imaging_batch.done": Sentence(N_("Worked off: %(ordered)s ordered, %(refused)s refused."), "good"),
            "image.licence_notice": Sentence(N_("Told the seller that the licence ends on %(ends_on)s."), "warn"),
            "image.expired": Sentence(N_("Deleted: the licence of the model ended on %(ends_on)s."), "bad"),
            "image.offsite_withdrawn": Sentence(N_("Use outside the marketplace was withdrawn."), "warn"),
            "image.rights_withdrawn": Sentence(N_("The right of use was withdrawn; the picture was taken off."), "bad"),
            "image.removal_asked": Sentence(N_("Asked the seller to remove a use: %(use)s."), "warn"),
            "image.removal_done": Sentence(N_("The seller removed the use: %(use)s."), "good"),
            "guide.written": N_("Wrote edition %(edition)s of the style guide for %(type)s."),
        }
    )
