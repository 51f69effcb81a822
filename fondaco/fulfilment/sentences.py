"""How timelines tell what happened to labels and parcels, and in the programme."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "label.asked": Sentence(N_("Asked the carrier for a label: %(service)s, for %(for)s."), "progress"),
            "label.bought": Sentence(N_("Bought the label %(tracking)s for %(price)s, for %(for)s."), "good"),
            "label.refused": Sentence(N_("The carrier refused the label for %(for)s: %(reason)s."), "bad"),
            "label.printed": N_("Printed the label for the first time (%(format)s)."),
            "label.void_asked": N_("Asked for the label to be voided."),
            "label.voided": Sentence(N_("The label %(tracking)s is voided."), "warn"),
            "label.void_refused": Sentence(N_("The carrier did not void the label: %(reason)s."), "warn"),
            "label.scanned": Sentence(N_("The carrier reported on the parcel."), "progress"),
            "label.terms_accepted": N_("Accepted the terms %(version)s."),
            "carriers.moved": N_("Moved a simulated parcel by hand: %(what)s."),
            "carriers.fault_set": Sentence(N_("Let the simulated carriers fail: %(kind)s."), "warn"),
            "carriers.healed": N_("Mended the simulated carriers."),
            "prime.terms_accepted": Sentence(N_("Requirements accepted, version %(terms_version)s."), "progress"),
            "prime.activated": Sentence(N_("Enrolment is active."), "good"),
            "prime.left": Sentence(N_("Left the programme."), "neutral"),
            "prime.volume_changed": N_("Daily order limit: %(limit)s."),
            "prime.all_off": Sentence(N_("All programme offers switched off."), "warn"),
            "prime.all_on": Sentence(N_("Programme offers switched on again."), "good"),
            "prime.item_enrolled": Sentence(N_("Enrolled in the programme."), "good"),
            "prime.item_removed": N_("Taken out of the programme."),
            "prime.item_suspended": Sentence(N_("Suspended from the programme: %(reason_code)s."), "warn"),
            "prime.item_restored": Sentence(N_("Enrolled again, by itself."), "good"),
            "prime.offer_sanctioned": Sentence(N_("The marketplace removed this offer."), "bad"),
            "prime.eligibility_removed": Sentence(
                N_("The marketplace removed the eligibility for the programme."), "bad"
            ),
            "prime.sanction_lifted": Sentence(N_("The marketplace took a sanction back."), "good"),
            "prime.trial_begun": Sentence(N_("A trial began; it is judged after %(day)s."), "progress"),
            "prime.trial_passed": Sentence(N_("The trial is passed."), "good"),
            "prime.trial_failed": Sentence(N_("The trial did not reach its targets."), "bad"),
            "prime.notice_written": Sentence(N_("The marketplace wrote a notice. Missed: %(missed)s."), "warn"),
            "prime.exemption_begun": Sentence(N_("Second notice: nothing follows until %(until)s."), "warn"),
            "prime.became_ineligible": Sentence(N_("Not eligible any more. Missed: %(missed)s."), "bad"),
            "prime.plan_filed": Sentence(N_("A plan of action was filed."), "progress"),
            "prime.plan_accepted": Sentence(N_("The plan of action is accepted."), "good"),
            "prime.plan_declined": Sentence(N_("The plan of action is declined."), "bad"),
            "shipping.template_saved": N_("Shipping template “%(name)s” saved."),
            "shipping.template_removed": N_("Shipping template removed."),
            "shipping.template_chosen": N_("Another shipping template chosen."),
        }
    )
