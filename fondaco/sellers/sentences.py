"""How the timeline tells what happened to accounts and people."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "seller.registered": Sentence(N_("Registered to sell; terms %(terms)s accepted."), "good"),
            "seller.profile_changed": N_("Changed the profile."),
            "seller.vacation_started": Sentence(N_("Went on vacation."), "warn"),
            "seller.vacation_ended": N_("Came back from vacation."),
            "seller.status_active": Sentence(N_("The account is active."), "good"),
            "seller.status_under_review": Sentence(N_("The account is under review."), "warn"),
            "seller.status_suspended": Sentence(N_("The account is suspended."), "bad"),
            "seller.status_closed": N_("The account is closed."),
            "seller.brand_claimed": N_("Recorded as owner of the brand %(brand)s."),
            "seller.brand_released": N_("No longer recorded as owner of the brand %(brand)s."),
            "seller.ship_from_chosen": N_("Chose the address that parcels leave from."),
            "seller.return_address_chosen": N_("Chose the address that returns come back to."),
            "address.added": N_("Added an address."),
            "address.changed": N_("Changed an address."),
            "address.removed": N_("Removed an address."),
            "card.added": N_("Put the card %(card)s on file."),
            "card.made_default": N_("Made the card %(card)s the first to be charged."),
            "card.removed": N_("Took the card %(card)s off the file."),
            "member.invited": N_("Invited %(email)s."),
            "member.invitation_withdrawn": N_("Withdrew the invitation to %(email)s."),
            "member.joined": N_("Joined the account."),
            "member.role_changed": N_("Changed the role of %(email)s."),
            "member.removed": N_("Removed %(email)s from the account."),
            "token.made": N_("Made the API token %(name)s."),
            "token.withdrawn": N_("Withdrew the API token %(name)s."),
            "staff.role_granted": N_("Gave a role of the marketplace."),
            "staff.role_revoked": N_("Took a role of the marketplace away."),
        }
    )
