"""The catalogue of feed errors: code, type, words and what to do.

One entry a *fault*. Several faults may share the published code that integrators know: `15` (invalid image
URL), `20000` (image cannot be accessed) and `20005` (images could not be associated) are documented
elsewhere (B-IMG-14), as are `90220` and the `4002…` of JSON feeds; everything of our own is `LOCAL-…`. What a picture's
host or its content was at fault with has its words in the catalogues of `engine.fetch` and `images` (see `words.py`).

`MESSAGE` and `FIX` are English msgids with `%(name)s` placeholders; the shells translate them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class ErrorType(StrEnum):
    """`error-type` of the report (B-IMG-12). `FATAL` stops the file and stands at record 0."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault.

    `key` is ours and unique; `code` is what the report prints. `stops_row` tells whether the row is left
    out; an error without it (a bad picture address) still lets the rest of the row in. `help` is the slug
    of a help page, `clause` the requirement.
    """

    key: str
    code: str
    type: ErrorType
    message: str
    fix: str
    clause: str = ""
    help: str = "processing-report"
    stops_row: bool = True


class Issue(NamedTuple):
    """A fault at a place: record (0 = whole file), SKU, column, what was sent, and facts for the words.

    A tuple and not a dataclass: a bad file may hold a million of them.
    """

    record: int
    sku: str
    fault: str
    column: str = ""
    sent: str = ""
    args: Mapping[str, Any] = {}


MAX_SENT_CHARS = 200
"""What a report quotes of a value: enough to recognise it."""


def quoted(value: str) -> str:
    """`value` cut to what a report quotes, control characters made visible."""
    shown = value if value.isprintable() else "".join(_visible(c) for c in value[: MAX_SENT_CHARS * 2])
    return shown if len(shown) <= MAX_SENT_CHARS else shown[: MAX_SENT_CHARS - 1] + "…"


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not text, kept by surrogateescape
        return f"<{code - 0xDC00:02X}>"
    return {"\t": "⇥", "\n": "⏎", "\r": "␍", "\0": "␀"}.get(char, f"<U+{code:04X}>")


def fault(key: str) -> Fault:
    """The entry of the catalogue. Raises KeyError for an unknown key."""
    return CATALOGUE[key]


def is_known(key: str) -> bool:
    return key in CATALOGUE


def all_faults() -> Iterator[Fault]:
    """Every entry, in the order of the catalogue: the error-code reference is made from this."""
    yield from CATALOGUE.values()


def words(issue: Issue, *, message: str | None = None) -> str:
    """The public sentence of an issue. `message` is the translated msgid where there is one.

    A missing fact leaves the sentence unfilled rather than raising: a report must come out.
    """
    text = message if message is not None else CATALOGUE[issue.fault].message
    facts = {"column": issue.column, "sent": issue.sent, "sku": issue.sku, "record": issue.record, **issue.args}
    try:
        return text % facts
    except (KeyError, TypeError, ValueError):
        return text


def gettext_noop(message: str) -> str:
    """Marks a msgid for the extractor; translated where it is shown."""
    return message


_ = gettext_noop

F, E, W = ErrorType.FATAL, ErrorType.ERROR, ErrorType.WARNING


def _catalogue(*faults: Fault) -> dict[str, Fault]:
    made = {f.key: f for f in faults}
    if len(made) != len(faults):
        raise ValueError("two faults share a key")
    return made


_FILE = (
    Fault(
        key="file-empty",
        code="LOCAL-FILE-01",
        type=F,
        message=_("The file is empty."),
        fix=_("Save the inventory file again and look at its size before you send it."),
    ),
    Fault(
        key="file-not-text",
        code="LOCAL-FILE-02",
        type=F,
        message=_("This is not a text file but %(looks_like)s."),
        fix=_(
            "In the spreadsheet choose “Save as”, then “Text (tab delimited)” or “Unicode text”, and send that file."
        ),
        help="inventory-file-format",
    ),
    Fault(
        key="file-separator",
        code="LOCAL-FILE-03",
        type=F,
        message=_("The columns are separated by %(separator)s; an inventory file separates them by tabs."),
        fix=_("Save the file as “Text (tab delimited)”."),
        help="inventory-file-format",
    ),
    Fault(
        key="file-header-missing",
        code="LOCAL-FILE-04",
        type=F,
        message=_("The template line is missing: line 1 already holds column names."),
        fix=_(
            "Keep both header lines of the template: line 1 names the template, line 2 the columns. Data start at line 3."
        ),
        clause="B-IMG-12",
        help="inventory-file-format",
    ),
    Fault(
        key="file-columns-missing",
        code="LOCAL-FILE-05",
        type=F,
        message=_("Line 2 does not name the columns: “%(missing)s” was not found in it."),
        fix=_("Copy the two header lines of the template into the file unchanged."),
        clause="B-IMG-12",
        help="inventory-file-format",
    ),
    Fault(
        key="file-column-twice",
        code="LOCAL-FILE-06",
        type=F,
        message=_("The column “%(column)s” stands twice in line 2."),
        fix=_("Remove one of the two columns."),
        help="inventory-file-format",
    ),
    Fault(
        key="file-column-unknown",
        code="LOCAL-FILE-07",
        type=W,
        message=_("The column “%(column)s” is not known and was left out."),
        fix=_("Compare the name with the template. Remove the column if it is not meant for us."),
        stops_row=False,
        help="inventory-file-format",
    ),
    Fault(
        key="file-encoding-unknown",
        code="LOCAL-FILE-08",
        type=F,
        message=_("The letters of this file could not be recognised with certainty (best guess: %(guess)s)."),
        fix=_("Save the file as UTF-8 (“Unicode text”), or choose the encoding when you send it again."),
        help="inventory-file-format",
    ),
    Fault(
        key="file-encoding-unsupported",
        code="LOCAL-FILE-09",
        type=F,
        message=_("The file is encoded as %(encoding)s, which is not accepted."),
        fix=_("Save the file as UTF-8 (“Unicode text”) and send it again."),
        help="inventory-file-format",
    ),
    Fault(
        key="file-encoding-broken",
        code="LOCAL-FILE-10",
        type=F,
        message=_("The file says it is %(encoding)s, but byte %(offset)s cannot be read as that."),
        fix=_("Choose another encoding when you send it, or save the file as UTF-8."),
        help="inventory-file-format",
    ),
    Fault(
        key="file-too-large",
        code="LOCAL-FILE-11",
        type=F,
        message=_("The file has %(size_mb)s MB; at most %(limit_mb)s MB are accepted."),
        fix=_("Split the file. Every part needs the two header lines."),
    ),
    Fault(
        key="file-no-records",
        code="LOCAL-FILE-12",
        type=F,
        message=_("The file holds header lines but no records."),
        fix=_("Put the first record on line 3."),
        clause="B-IMG-12",
    ),
    Fault(
        key="file-half-uploaded",
        code="LOCAL-FILE-13",
        type=F,
        message=_("The upload broke off: %(received)s of %(expected)s bytes arrived."),
        fix=_("Send the file again. Nothing of it was used."),
    ),
    Fault(
        key="file-internal",
        code="LOCAL-FILE-14",
        type=F,
        message=_("Something went wrong on our side while this file was read. It is being looked at."),
        fix=_("Send the file again; contact support with the batch ID if it happens twice."),
    ),
    Fault(
        key="rows-internal",
        code="LOCAL-FILE-15",
        type=E,
        message=_("Records %(first)s to %(last)s could not be processed because of a fault on our side."),
        fix=_("Use “Retry failed rows”; contact support with the batch ID if it happens twice."),
    ),
    Fault(
        key="batch-cancelled",
        code="LOCAL-FILE-16",
        type=W,
        message=_("The batch was cancelled. Records already processed stay as they are."),
        fix=_("Send the file again to process the others."),
        stops_row=False,
    ),
    Fault(
        key="seller-not-active",
        code="LOCAL-FILE-18",
        type=F,
        message=_("This seller account cannot list goods now (%(status)s)."),
        fix=_("See the account's page for the reason and the way back, then send the file again."),
    ),
    Fault(
        key="file-setting-unknown",
        code="LOCAL-FILE-17",
        type=W,
        message=_("The setting “%(sent)s” in line 1 is not known and was left out."),
        fix=_("Compare line 1 with the template."),
        stops_row=False,
        help="inventory-file-format",
    ),
)

_JSON = (
    Fault(
        key="json-unreadable",
        code="4002001",
        type=F,
        message=_("The feed is not valid JSON: %(reason)s at byte %(offset)s."),
        fix=_("Check the document with a JSON validator and send it again."),
        help="json-feeds",
    ),
    Fault(
        key="json-version",
        code="4002006",
        type=F,
        message=_("The header's “version” is “%(sent)s”; it must be “2.0”."),
        fix=_("Set header.version to “2.0”."),
        help="json-feeds",
    ),
    Fault(
        key="json-header",
        code="4002002",
        type=F,
        message=_("The feed has no usable header: %(reason)s."),
        fix=_("Send a header with sellerId and version."),
        help="json-feeds",
    ),
    Fault(
        key="json-seller",
        code="LOCAL-JSON-01",
        type=F,
        message=_("The header names seller “%(sent)s”, but the feed was sent for another seller."),
        fix=_("Put your own seller ID into header.sellerId."),
        help="json-feeds",
    ),
    Fault(
        key="json-too-many",
        code="LOCAL-JSON-02",
        type=F,
        message=_("The feed holds more than %(limit)s messages."),
        fix=_("Split it into several feeds."),
        help="json-feeds",
    ),
    Fault(
        key="json-message",
        code="4002008",
        type=E,
        message=_("The message does not follow the feed's schema: %(reason)s."),
        fix=_("Compare the message with the published schema of listing feeds, version 2."),
        help="json-feeds",
    ),
    Fault(
        key="json-message-twice",
        code="LOCAL-JSON-03",
        type=E,
        message=_("The messageId %(sent)s was used before in this feed."),
        fix=_("Give every message its own messageId."),
        help="json-feeds",
    ),
    Fault(
        key="json-attribute-unknown",
        code="LOCAL-JSON-04",
        type=W,
        message=_("The attribute “%(column)s” is not used here and was left out."),
        fix=_("Nothing needs to be done, unless the name is misspelt."),
        stops_row=False,
        help="json-feeds",
    ),
    Fault(
        key="json-attribute-shape",
        code="99022",
        type=E,
        message=_("The attribute “%(column)s” does not have the shape it must have: %(reason)s."),
        fix=_("Send a list of objects, each with the fields of that attribute."),
        help="json-feeds",
    ),
)

_ROW = (
    Fault(
        key="row-too-long",
        code="LOCAL-ROW-01",
        type=E,
        message=_("The record has more than %(limit)s characters."),
        fix=_("Look for a missing line break, or a quotation mark that is never closed."),
    ),
    Fault(
        key="row-too-many-fields",
        code="LOCAL-ROW-02",
        type=E,
        message=_("The record has %(fields)s fields, but line 2 names %(columns)s columns."),
        fix=_("Look for a tab inside a text. Put the text in quotation marks or remove the tab."),
    ),
    Fault(
        key="row-bytes",
        code="LOCAL-ROW-03",
        type=E,
        message=_("“%(column)s” holds bytes that are not text in %(encoding)s: %(sent)s"),
        fix=_("Type this value again and save the file as UTF-8."),
        help="inventory-file-format",
    ),
    Fault(
        key="row-control",
        code="LOCAL-ROW-04",
        type=E,
        message=_("“%(column)s” holds a control character: %(sent)s"),
        fix=_("Delete the value and type it again."),
    ),
    Fault(
        key="row-quote",
        code="LOCAL-ROW-05",
        type=W,
        message=_("A quotation mark at the start of “%(column)s” is never closed; it was taken as part of the text."),
        fix=_("Double quotation marks inside a quoted text, or leave them out."),
        stops_row=False,
    ),
    Fault(
        key="sku-missing",
        code="LOCAL-ROW-06",
        type=E,
        message=_("The record has no SKU."),
        fix=_("Give every record your own SKU."),
    ),
    Fault(
        key="sku-twice",
        code="LOCAL-ROW-07",
        type=E,
        message=_("The SKU “%(sku)s” already stands in record %(first)s of this file. Only that record was used."),
        fix=_("Keep one record for each SKU."),
    ),
    Fault(
        key="sku-unknown",
        code="LOCAL-ROW-08",
        type=E,
        message=_("There is no listing with the SKU “%(sku)s” to change."),
        fix=_("Check the SKU, or send the full record with operation “update”."),
    ),
    Fault(
        key="value-missing",
        code="90220",
        type=E,
        message=_("“%(column)s” is required but not supplied."),
        fix=_("Fill in the value."),
    ),
    Fault(
        key="value-too-long",
        code="LOCAL-VAL-01",
        type=E,
        message=_("“%(column)s” has %(length)s characters; at most %(limit)s are allowed."),
        fix=_("Shorten the value."),
    ),
    Fault(
        key="value-not-allowed",
        code="LOCAL-VAL-02",
        type=E,
        message=_("“%(sent)s” is not a value of “%(column)s”. Allowed: %(allowed)s"),
        fix=_("Choose one of the allowed values."),
    ),
    Fault(
        key="value-not-number",
        code="LOCAL-VAL-03",
        type=E,
        message=_("“%(sent)s” in “%(column)s” is not a whole number."),
        fix=_("Write digits only, for example 12."),
    ),
    Fault(
        key="value-range",
        code="LOCAL-VAL-04",
        type=E,
        message=_("“%(column)s” is %(sent)s; it must be between %(min)s and %(max)s."),
        fix=_("Correct the number."),
    ),
    Fault(
        key="price-unreadable",
        code="LOCAL-VAL-05",
        type=E,
        message=_("“%(sent)s” is not a price."),
        fix=_("Write the amount with a point before the cents and without a currency sign, for example 1299.90."),
    ),
    Fault(
        key="price-comma",
        code="LOCAL-VAL-06",
        type=E,
        message=_("“%(sent)s” has a comma, which can be read in two ways."),
        fix=_(
            "Write the amount with a point and without thousands separators, or set Decimal=, in line 1 of the file."
        ),
    ),
    Fault(
        key="price-decimals",
        code="LOCAL-VAL-07",
        type=E,
        message=_("“%(sent)s” has more decimals than %(currency)s has."),
        fix=_("Round the price to at most %(decimals)s decimals."),
    ),
    Fault(
        key="currency-wrong",
        code="LOCAL-VAL-08",
        type=E,
        message=_("Prices here are in %(currency)s, not in “%(sent)s”."),
        fix=_("Convert the price, or leave the column empty."),
    ),
    Fault(
        key="date-unreadable",
        code="LOCAL-VAL-09",
        type=E,
        message=_("“%(sent)s” in “%(column)s” is not a date."),
        fix=_("Write year-month-day, for example 2026-12-24."),
    ),
    Fault(
        key="product-id-wrong",
        code="LOCAL-VAL-10",
        type=E,
        message=_("“%(sent)s” is not a valid %(type)s."),
        fix=_("Compare the number with the package. The last digit of a barcode number is a check digit."),
    ),
    Fault(
        key="product-id-unknown",
        code="LOCAL-VAL-11",
        type=E,
        message=_("No product with the identifier “%(sent)s” was found."),
        fix=_("Check the ASIN, or leave it empty and fill in item-name and product-type to create a new product."),
    ),
    Fault(
        key="product-type-unknown",
        code="LOCAL-VAL-12",
        type=E,
        message=_("The product type “%(sent)s” is not known."),
        fix=_("Choose a type from the list in the template's guide."),
    ),
    Fault(
        key="parent-missing",
        code="LOCAL-VAR-01",
        type=E,
        message=_("A record with parentage “child” needs the SKU of its parent."),
        fix=_("Fill in parent-sku."),
    ),
    Fault(
        key="parent-unknown",
        code="LOCAL-VAR-02",
        type=E,
        message=_("The parent SKU “%(sent)s” was not found in your listings or in this file."),
        fix=_("Send the parent in the same file, with parentage “parent”."),
    ),
    Fault(
        key="parent-self",
        code="LOCAL-VAR-03",
        type=E,
        message=_("The record names itself as its parent."),
        fix=_("Put the SKU of the parent into parent-sku, or leave parentage empty."),
    ),
    Fault(
        key="theme-missing",
        code="LOCAL-VAR-04",
        type=E,
        message=_("A parent needs a variation-theme, so that buyers can choose."),
        fix=_("Fill in variation-theme, for example colour, size or size-colour."),
    ),
    Fault(
        key="theme-value-missing",
        code="LOCAL-VAR-05",
        type=E,
        message=_("The theme of this family needs a value in “%(column)s”."),
        fix=_("Fill in the value."),
    ),
    Fault(
        key="theme-unknown",
        code="LOCAL-VAR-06",
        type=E,
        message=_("Products of type “%(type)s” cannot vary by “%(sent)s”. Allowed: %(allowed)s"),
        fix=_("Choose one of the allowed themes."),
    ),
    Fault(
        key="attribute-missing",
        code="LOCAL-VAL-16",
        type=W,
        message=_("%(count)s records of type “%(type)s” do not state “%(column)s”."),
        fix=_("Add a column of that name; buyers compare products by it."),
        stops_row=False,
    ),
    Fault(
        key="sku-other-product",
        code="LOCAL-VAL-17",
        type=E,
        message=_("Your SKU “%(sku)s” belongs to the product %(asin)s, not to “%(sent)s”."),
        fix=_("Leave product-id empty, or use another SKU for the other product."),
    ),
    Fault(
        key="product-id-other-type",
        code="LOCAL-VAL-18",
        type=E,
        message=_("The barcode “%(sent)s” belongs to %(other)s, which is of the type “%(type)s”."),
        fix=_("Compare the number with the package, and the product-type with the product."),
    ),
    Fault(
        key="variation-same",
        code="LOCAL-VAR-08",
        type=E,
        message=_("%(other)s of the same family states the same: %(sent)s."),
        fix=_("Give each member of a family its own size, colour and the like, or send the record without a parent."),
    ),
    Fault(
        key="parent-other-type",
        code="LOCAL-VAR-07",
        type=E,
        message=_("The parent “%(sent)s” is of another product type."),
        fix=_("Give parent and children the same product-type."),
    ),
    Fault(
        key="offer-removed",
        code="LOCAL-ROW-10",
        type=E,
        message=_("The listing “%(sku)s” was removed by the marketplace and cannot be changed by a file."),
        fix=_("Open a support case."),
    ),
    Fault(
        key="note-ignored",
        code="LOCAL-VAL-13",
        type=W,
        message=_("A condition note on a new item is not shown and was left out."),
        fix=_("Remove the note, or correct the condition."),
        stops_row=False,
    ),
    Fault(
        key="quantity-ignored",
        code="LOCAL-VAL-14",
        type=W,
        message=_("The quantity was left out: for stock in our fulfilment centre we count it ourselves."),
        fix=_("Leave quantity empty for this fulfilment channel."),
        stops_row=False,
    ),
    Fault(
        key="facts-not-yours",
        code="LOCAL-VAL-15",
        type=W,
        message=_("The product's facts were left as they are: the product was created by another seller."),
        fix=_("Your offer was saved. Ask support if a fact of the product is wrong."),
        stops_row=False,
    ),
    Fault(
        key="operation-refused",
        code="LOCAL-ROW-09",
        type=E,
        message=_("The record was refused: %(reason)s"),
        fix=_("Correct the record and send it again."),
    ),
)

_IMAGE = (
    Fault(
        key="image-url-invalid",
        code="15",
        type=E,
        message=_("Invalid image URL: “%(sent)s” is not a complete address of a picture."),
        fix=_("Give the full address, beginning with https:// or http://."),
        clause="B-IMG-14",
        help="invalid-image-urls",
        stops_row=False,
    ),
    Fault(
        key="image-url-scheme",
        code="15",
        type=E,
        message=_("Invalid image URL: “%(sent)s” does not begin with https:// or http://."),
        fix=_("Put the picture on a web server and give its https:// address."),
        clause="B-IMG-14",
        help="invalid-image-urls",
        stops_row=False,
    ),
    Fault(
        key="image-url-credentials",
        code="15",
        type=E,
        message=_("Invalid image URL: the address holds a user name or password."),
        fix=_("Give an address that opens without signing in."),
        clause="Q-17",
        help="invalid-image-urls",
        stops_row=False,
    ),
    Fault(
        key="image-rejected",
        code="LOCAL-IMG-01",
        type=E,
        message=_("The picture was rejected: %(reason)s"),
        fix=_("Mend the picture and send it again. Manage Images shows the place in the picture."),
        clause="IMG-19",
        help="image-requirements",
        stops_row=False,
    ),
    Fault(
        key="image-still-trying",
        code="LOCAL-IMG-02",
        type=W,
        message=_("The picture has not arrived yet; its host is slow. We go on trying until %(until)s."),
        fix=_("Nothing needs to be done now. Look at Manage Images later."),
        clause="IMG-03",
        help="invalid-image-urls",
        stops_row=False,
    ),
    Fault(
        key="image-no-listing",
        code="20005",
        type=E,
        message=_(
            "Images could not be associated with this SKU. Addressing the other errors of the record may resolve this."
        ),
        fix=_("Correct the other errors of this SKU first, then send the record again."),
        clause="B-IMG-14",
        help="processing-report",
    ),
)

CATALOGUE: Mapping[str, Fault] = _catalogue(*_FILE, *_JSON, *_ROW, *_IMAGE)
