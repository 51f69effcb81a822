"""How the timeline tells what happened in a conversation."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the application is ready."""
    speak(
        {
            "conversation.begun": N_("The conversation began."),
            "conversation.buyer_wrote": N_("The buyer wrote."),
            "conversation.seller_wrote": Sentence(N_("The seller wrote."), "progress"),
            "conversation.service_wrote": Sentence(N_("Customer service wrote."), "progress"),
            "conversation.closed": Sentence(N_("The conversation ended with an outcome."), "good"),
            "conversation.excused": N_("Marked: no response needed."),
            "photos.asked": Sentence(N_("Photos were requested."), "warn"),
            "photos.reminded": N_("The buyer was reminded of the photos."),
            "photos.reviewed": Sentence(N_("The photos were reviewed."), "progress"),
            "photos.shared": N_("%(photos)s photos were shared with the seller."),
            "photo_wishes.changed": N_("Changed what is asked of photos."),
            "evidence.taken": N_("The evidence file was taken, with %(photos)s photos."),
            "mail.bounced": Sentence(N_("A mail about it could not be delivered to the %(to)s."), "warn"),
            "message.reported": Sentence(N_("A message was reported."), "warn"),
            "photos.used": N_("Photos were put into %(into)s."),
        }
    )
