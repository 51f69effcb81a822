"""Sentences said by the plain-Python parts of policy, which know no translation, and by its timeline."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak

REFUSALS = (
    N_("There is no policy called %(key)s."),
    N_("There is no policy version called %(version)s."),
    N_("%(key)s has no value for %(store)s at that time."),
    N_("A new version cannot begin in the past: decisions already made keep the version they used."),
    N_("Choose a time that is still to come."),
    N_("The end must come after the beginning."),
    N_("%(version)s has begun to apply and cannot be withdrawn."),
    N_("Publish another version instead."),
    N_("In the store %(store)s this is the value that would be in force anyway."),
    N_("The value does not fit: %(first)s"),
    N_("Correct the places named and try again."),
    N_("There is no store called %(store)s."),
)

PROBLEMS = (
    N_("%(given)s is not written in the form needed here."),
    N_("%(key)s stands here twice."),
    N_("A date is needed, for example 2026-02-16."),
    N_("A list is needed."),
    N_("A percentage is needed, written as text, for example 93.5."),
    N_("A text is needed."),
    N_("A time of day is needed, for example 14:00."),
    N_("A whole number is needed."),
    N_("An amount is needed: whole minor units and a currency."),
    N_("An entry stands here twice."),
    N_("An object with named fields is needed."),
    N_("At most %(limit)s characters are allowed."),
    N_("At most two decimals are kept."),
    N_("From %(min)s to %(max)s entries are needed."),
    N_("It must be from %(min)s to %(max)s."),
    N_("One of these is needed: %(options)s."),
    N_("The amount must not be negative."),
    N_("There is no such field."),
    N_("This field is missing."),
    N_("Yes or no is needed."),
)


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "policy.published": Sentence(N_("Version %(version)s was published"), "good"),
            "policy.withdrawn": Sentence(N_("Version %(version)s was withdrawn"), "warn"),
        }
    )
