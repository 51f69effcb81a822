"""JSON listing feeds, version 2: a document of messages, streamed into the rows of an inventory table.

After this, a JSON feed is an inventory file: the same chunks, checks and writing. `message-id` keeps the number that
the report answers with. Nothing is held but one message at a time.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from fondaco.feeds.errors import Issue, quoted
from fondaco.feeds.json_attributes import Malformed, cells_of
from fondaco.feeds.table import STRAY

MAX_MESSAGES = 25_000
MAX_MESSAGE_CHARS = 1 << 20
MAX_MESSAGE_ID = 2**31 - 1
VERSION = "2.0"
OPERATIONS = {"UPDATE": "update", "PARTIAL_UPDATE": "partial", "PATCH": "partial", "DELETE": "delete"}
REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")


class Unreadable(Exception):
    """The document is not JSON, or not an object: `reason` (English) and the letter where it went wrong."""

    def __init__(self, reason: str, offset: int) -> None:
        self.reason, self.offset = reason, offset
        super().__init__(reason, offset)


@dataclass(slots=True, kw_only=True)
class Header:
    """What the header says, once it has been met (it may stand after the messages)."""

    seller_id: str = ""
    version: str = ""
    issue_locale: str = ""
    included_data: tuple[str, ...] = ()
    found: bool = False
    is_object: bool = True


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was met on the way: the header, and the issues of messages that yield no row."""

    header: Header = field(default_factory=Header)
    issues: list[Issue] = field(default_factory=list)
    messages: int = 0

    @property
    def fatal(self) -> Issue | None:
        return next((i for i in self.issues if i.record == 0 and i.fault != "json-attribute-unknown"), None)


def rows(
    *, file: BinaryIO, reading: Reading, attributes: frozenset[str] = frozenset(), start: int = 0
) -> Iterator[dict[str, str]]:
    """The messages as cells by column key; `attributes` are the catalogue's own. Faults go to `reading.issues`; a fatal one ends the rows.

    Raises Unreadable where the document stops being JSON.
    """
    seen: set[int] = set()
    for key, value in _members(file, start):
        if key == "header":
            reading.header = _header(value)
        elif key == "messages[]":
            reading.messages += 1
            if reading.messages > MAX_MESSAGES:
                reading.issues.append(Issue(0, "", "json-too-many", args={"limit": MAX_MESSAGES}))
                return
            yield from _row(value, reading, seen, attributes)


def header_issues(*, reading: Reading, seller_id: str) -> list[Issue]:
    """What is wrong with the header; asked when the whole document was read."""
    header = reading.header
    if not header.found or not header.is_object:
        return [Issue(0, "", "json-header", args={"reason": "header" if not header.found else "not an object"})]
    if header.version != VERSION:
        return [Issue(0, "", "json-version", column="version", sent=quoted(header.version))]
    if not header.seller_id:
        return [Issue(0, "", "json-header", args={"reason": "sellerId"})]
    if header.seller_id != seller_id:
        return [Issue(0, "", "json-seller", column="sellerId", sent=quoted(header.seller_id))]
    if not reading.messages:
        return [Issue(0, "", "file-no-records")]
    return []


# --- messages ---------------------------------------------------------------------------------------------------------


def _header(value: Any) -> Header:
    if not isinstance(value, dict):
        return Header(found=True, is_object=False)
    report = value.get("report")
    included = report.get("includedData") if isinstance(report, dict) else None
    return Header(
        seller_id=str(value.get("sellerId") or ""),
        version=str(value.get("version") or ""),
        issue_locale=str(value.get("issueLocale") or ""),
        included_data=tuple(str(i) for i in included) if isinstance(included, list) else (),
        found=True,
    )


def one_row(message: Any, reading: Reading, own: frozenset[str]) -> Iterator[dict[str, str]]:
    """The cells of a single message; its faults go to `reading.issues`."""
    yield from _row(message, reading, set(), own)


def _row(message: Any, reading: Reading, seen: set[int], own: frozenset[str]) -> Iterator[dict[str, str]]:
    number = reading.messages
    reason = _schema_fault(message)
    if isinstance(message, dict) and _is_number(message.get("messageId")):
        number = message["messageId"]
    sku = quoted(str(message.get("sku") or ""))[:80] if isinstance(message, dict) else ""
    if reason:
        reading.issues.append(Issue(number, sku, "json-message", args={"reason": reason}))
        return
    if number in seen:
        reading.issues.append(Issue(number, sku, "json-message-twice", column="messageId", sent=str(number)))
        return
    seen.add(number)
    try:
        cells, unknown = cells_of(message, own=own)
    except Malformed as fault:
        args = {"reason": fault.reason}
        reading.issues.append(Issue(number, sku, "json-attribute-shape", column=fault.attribute, args=args))
        return
    reading.issues += [Issue(number, sku, "json-attribute-unknown", column=quoted(name)[:80]) for name in unknown]
    yield {"message-id": str(number), "sku": message["sku"].strip(), **cells}


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_MESSAGE_ID


def _schema_fault(message: Any) -> str:
    """The first breach of the published message schema, as `path: what`; "" when there is none."""
    if not isinstance(message, dict):
        return "message: object"
    if not _is_number(message.get("messageId")):
        return "messageId: integer, 1 … 2147483647"
    sku = message.get("sku")
    if not isinstance(sku, str) or not sku.strip():
        return "sku: string, not empty"
    operation = message.get("operationType")
    if operation not in OPERATIONS:
        return "operationType: " + " | ".join(OPERATIONS)
    if message.get("requirements", "LISTING") not in REQUIREMENTS:
        return "requirements: " + " | ".join(REQUIREMENTS)
    return _shape_of_operation(message, operation)


def _shape_of_operation(message: dict[str, Any], operation: str) -> str:
    needed = {"UPDATE": ("attributes",), "PARTIAL_UPDATE": ("attributes",), "PATCH": ("patches",), "DELETE": ()}[
        operation
    ]
    banned = {
        "UPDATE": ("patches",),
        "PARTIAL_UPDATE": ("requirements", "patches"),
        "PATCH": ("requirements", "attributes"),
        "DELETE": ("requirements", "attributes", "productType", "patches"),
    }[operation]
    for name in banned:
        if name in message:
            return f"{name}: not with {operation}"
    if operation != "DELETE" and not (isinstance(message.get("productType"), str) and message["productType"].strip()):
        return f"productType: needed with {operation}"
    for name in needed:
        kind: type = dict if name == "attributes" else list
        if not isinstance(message.get(name), kind) or not message[name]:
            return f"{name}: needed with {operation}"
    return ""


# --- streaming --------------------------------------------------------------------------------------------------------

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class _Text:
    """A window on the document: grows at the end, forgets what has been read."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        file.seek(start)
        mark = file.read(2)
        encoding = _ENCODINGS.get(mark, "utf-8")
        file.seek(start + (2 if mark in _ENCODINGS else 3 if mark == b"\xef\xbb" else 0))
        self._decode = codecs.getincrementaldecoder(encoding)("strict").decode
        self._file = file
        self.text, self.at, self.forgotten, self.ended = "", 0, 0, False

    def more(self) -> bool:
        """Reads on; False at the end of the document."""
        if self.ended:
            return False
        self.forgotten += self.at
        self.text, self.at = self.text[self.at :], 0
        block = self._file.read(1 << 18)
        self.ended = not block
        try:
            self.text += self._decode(block, self.ended)
        except UnicodeDecodeError as error:
            raise Unreadable("not UTF-8", self.forgotten + len(self.text) + error.start) from None
        return bool(block)

    def peek(self) -> str:
        """The next letter that is not a space, or "" at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, letters: str) -> str:
        letter = self.peek()
        if not letter or letter not in letters:
            raise self.fault(f"{' or '.join(letters)} expected")
        self.at += 1
        return letter

    def value(self) -> Any:
        """The JSON value that begins here. Refuses one longer than `MAX_MESSAGE_CHARS`."""
        if not self.peek():
            raise self.fault("the document ends too early")
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except (json.JSONDecodeError, RecursionError) as error:
                # A window that ends inside a value looks like a fault until the rest of it is there.
                if len(self.text) - self.at > MAX_MESSAGE_CHARS:
                    raise self.fault("a value is too long, or not JSON") from None
                if isinstance(error, RecursionError) or not self.more():
                    raise self.fault(getattr(error, "msg", "nested too deeply")) from None
                continue
            if end == len(self.text) and not self.ended and isinstance(value, int | float) and self.more():
                continue  # a number may go on in the next block
            self.at = end
            return value

    def fault(self, reason: str) -> Unreadable:
        return Unreadable(reason, self.forgotten + self.at)


def _members(file: BinaryIO, start: int) -> Iterator[tuple[str, Any]]:
    """`(key, value)` of the document's members; the elements of `messages` one by one, as `messages[]`."""
    text = _Text(file, start)
    text.take("{")
    yield from _separated(text, "}", lambda: _member(text))
    if text.peek():
        raise text.fault("text after the end of the document")


def _separated(text: _Text, end: str, item: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    if text.peek() == end:
        text.at += 1
        return
    while True:
        yield from item()
        if text.take("," + end) == end:
            return


def _member(text: _Text) -> Iterator[tuple[str, Any]]:
    if text.peek() != '"':
        raise text.fault('" expected')
    key = text.value()
    text.take(":")
    if key == "messages" and text.peek() == "[":
        text.at += 1
        yield from _separated(text, "]", lambda: iter([("messages[]", text.value())]))
    else:
        yield key, text.value()


# --- as a table -------------------------------------------------------------------------------------------------------


def table_line(*, cells: dict[str, str], keys: tuple[str, ...], keep_bytes: bool = False) -> str:
    """One record of a table. Cells with tabs, breaks or quotation marks are quoted. Halves of letters, which no file
    can hold, become a control character for the check to find; with `keep_bytes` damaged bytes stay as they were."""
    return "\t".join(_quoted_cell(cells.get(key, ""), keep_bytes) for key in keys) + "\n"


def _quoted_cell(cell: str, keep_bytes: bool) -> str:
    if not keep_bytes and STRAY.search(cell):
        cell = "".join(c if not "\ud800" <= c <= "\udfff" else "\x01" for c in cell)
    if any(c in cell for c in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
