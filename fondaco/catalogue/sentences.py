"""How the catalogue's events read on a timeline."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from fondaco.history import Sentence, speak


def teach() -> None:
    """Called once, when the app is loaded."""
    speak(
        {
            "product.added": Sentence(_("Added to the catalogue as %(asin)s."), "good"),
            "product.changed": _("Changed: %(changed)s."),
            "product.hazmat_classed": _("Hazard class changed from %(before)s to %(after)s."),
            "product.linked": _("Variations linked: %(asins)s."),
            "product.unlinked": _("Taken out of its family."),
            "product.held_back": Sentence(_("Held out of search: %(reason)s."), "warn"),
            "product.searchable": Sentence(_("Can be found in search."), "good"),
            "offer.created": Sentence(_("Offer %(sku)s created with %(quantity)s units."), "good"),
            "offer.changed": _("Offer changed."),
            "offer.closed": Sentence(_("Offer closed."), "neutral"),
            "offer.reopened": Sentence(_("Offer taken up again."), "good"),
            "image.submitted": Sentence(_("Picture submitted for the slot %(variant)s."), "progress"),
            "image.displayed": Sentence(_("Displayed in the slot %(variant)s."), "good"),
            "image.not_selected": Sentence(_("Not selected: %(code)s."), "warn"),
            "image.rejected": Sentence(_("Rejected: %(codes)s."), "bad"),
            "image.removed": _("Picture removed from the slot %(variant)s."),
            "image.restored": _("Picture brought back into the slot %(variant)s."),
        }
    )
