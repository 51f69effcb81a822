"""The picture requirements in short, with the operator's numbers: they stand beside every place to upload (IMG-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from fondaco.catalogue.terms import SubmissionTerms, submission_terms
from fondaco.engine import clock
from fondaco.sellers.models import SellerAccount
from fondaco.web import dates


@dataclass(frozen=True, slots=True)
class Standards:
    """What holds for a picture sent in now. `main` and `every` are sentences; `formats` reads `JPG, TIF or GIF`."""

    terms: SubmissionTerms
    formats: str
    max_bytes: int
    most: int
    main: tuple[str, ...]
    every: tuple[str, ...]
    accept: str
    within_hours: int

    @property
    def in_short(self) -> str:
        """One line for the drop zone."""
        return _("%(formats)s, at most %(size)s each") % {"formats": self.formats, "size": dates.size(self.max_bytes)}


def standards_for(seller: SellerAccount, *, at: datetime | None = None) -> Standards:
    """The requirements of the seller's store."""
    terms = submission_terms(store=seller.store, at=at or clock.now())
    px, values = terms.values["image.px"], terms.values
    formats = ", ".join(row["format"].upper() for row in values["image.formats"])
    facts = {
        "min": dates.number(px["min"]),
        "max": dates.number(px["max"]),
        "zoom": dates.number(px["zoom"]),
        "advised": dates.number(px["advised"]),
        "fill": values["image.main.min_fill_pct"],
        "size": dates.size(values["image.max_bytes"]),
        "formats": formats,
    }
    return Standards(
        terms=terms,
        formats=formats,
        max_bytes=values["image.max_bytes"],
        most=1 + values["image.alternates"],
        main=(
            _("Pure white background, the real product only: no text, logo, watermark or frame."),
            _("The product fills at least %(fill)s %% of the frame.") % facts,
        ),
        every=(
            _("%(formats)s, at most %(size)s each. The content decides, not the name.") % facts,
            _(
                "At least %(min)s px on the longest side; zoom from %(zoom)s px, best with %(advised)s px; at most %(max)s px."
            )
            % facts,
            _("In focus, evenly lit, neither enlarged nor pixelated."),
        ),
        accept=",".join(f".{ending}" for ending in terms.extensions),
        within_hours=values["image.display_sla_hours"],
    )
