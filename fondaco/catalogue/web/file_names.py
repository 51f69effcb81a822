"""File names that name a slot: `ASIN.VARIANT.ext` (B-IMG-06).

A camera's name (`IMG_2041.jpg`) says nothing and is fine: the picture takes the next free slot. A name that has an
ASIN in it means to say where the picture goes; then it must say so correctly, and every fault is named.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fondaco.catalogue.models import Product
from fondaco.catalogue.rules.variants import parse_file_name
from fondaco.catalogue.terms import SubmissionTerms
from fondaco.kit.errors import Invalid

_MEANT = re.compile(r"\bF0[0-9A-Z]{8}\b", re.IGNORECASE)

_FAULTS = {
    "name_has_strange_characters": _("“%(measured)s” may not stand in it."),
    "name_not_three_parts": _("It has %(measured)s parts between full stops."),
    "name_without_asin": _("“%(measured)s” is neither an ASIN nor a barcode."),
    "name_unknown_variant": _("There is no slot called “%(measured)s”."),
    "name_unknown_extension": _("Files that end in “%(measured)s” are not accepted."),
}


class NameNotUnderstood(Invalid):
    CODE = "file_name_not_understood"
    WORDS = _("The file name %(name)s cannot be read: %(fault)s")
    FIX = _(
        "Name it ASIN.VARIANT.ext, for example %(example)s, without spaces, dashes or brackets; or leave the ASIN out."
    )
    CLAUSE = "B-IMG-06"


class NameOfAnother(Invalid):
    CODE = "file_name_of_another_product"
    WORDS = _("The file name %(name)s is for the product %(named)s, and this page is for %(asin)s.")
    FIX = _("Upload it on the page of its own product, or rename it. A wrong ASIN may also not be active yet.")
    CLAUSE = "B-IMG-06"


def slot_of(name: str, *, product: Product, terms: SubmissionTerms) -> str:
    """The slot that a file name asks for; empty when it asks for none. Raises NameNotUnderstood, NameOfAnother."""
    named = _MEANT.search(name.upper())
    if named is None:
        return ""
    if named[0] != product.asin:
        raise NameOfAnother(name=name[:80], named=named[0], asin=product.asin)
    read = parse_file_name(name, terms.slots, extensions=terms.extensions)
    if read.is_valid:
        return read.variant
    fault = read.findings[0]
    raise NameNotUnderstood(
        name=name[:80],
        fault=gettext(_FAULTS[fault.code]) % {"measured": fault.measured},
        example=f"{product.asin}.PT01.{terms.extensions[0]}",
    )
