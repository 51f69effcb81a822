"""How the timeline tells what happened to applications and grants."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "application.registered": N_("Registered the application %(name)s."),
            "application.secret_rotated": N_("Made a new secret for the application."),
            "application.ended": Sentence(N_("Removed the application."), "warn"),
            "order.review_asked": N_("Asked the buyer for a review."),
            "supply_source.created": N_("Added the supply source %(code)s."),
            "supply_source.changed": N_("Changed a supply source."),
            "destination.created": N_("Added the destination %(name)s for notifications."),
            "destination.secret_rotated": N_("Made a new signing secret for the destination %(name)s."),
            "destination.ended": N_("Removed the destination %(name)s."),
            "subscription.made": N_("%(application)s subscribed to %(kind)s."),
            "subscription.ended": N_("%(application)s ended its subscription to %(kind)s."),
            "grant.given": Sentence(N_("Let the application %(application)s act for the account."), "good"),
            "grant.revoked": Sentence(N_("Ended the access of an application."), "warn"),
        }
    )
