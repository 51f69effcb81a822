"""The sections of the help centre, in the order of its front page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    """`title` and `about` may hold a programme's name as `%(prime)s` or `%(handmade)s`."""

    key: str
    title: Any
    about: Any
    icon: str


SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        Section(
            "images",
            _("Product images and inventory files"),
            _("Why a picture does not appear, what it must be, and how to read a report."),
            "picture",
        ),
        Section(
            "imaging",
            _("Imaging services"),
            _("Have your products photographed, or bring your own pictures."),
            "camera",
        ),
        Section(
            "prime",
            _("Seller-fulfilled %(prime)s"),
            _("Shipping, labels, limits, returns and refunds."),
            "truck",
        ),
        Section(
            "handmade",
            _("%(handmade)s"),
            _("Apply, list and sell what you make by hand."),
            "hand",
        ),
        Section(
            "photos",
            _("Photos and messages"),
            _("How buyers show a seller what is wrong."),
            "message",
        ),
    )
}
