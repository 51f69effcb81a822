"""XML feeds about orders, read as a stream of messages, and the processing report that answers them.

The parser fetches nothing, expands no entity, and refuses a document that declares a type of its own: such a document can
only be an attack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.sax.saxutils import escape

from lxml import etree

MOST_MESSAGES = 25_000
MOST_NUMBER = 10**18


class NotReadable(Exception):
    """The document as a whole cannot be used; the words say why."""


@dataclass(slots=True)
class Message:
    """One message: its number in the feed, and its element (`OrderAdjustment`, …)."""

    number: int
    body: Any

    def text(self, path: str, at: Any = None) -> str:
        """The text at a path of element names, "" when it is not there."""
        found = (self.body if at is None else at).find(path)
        return (found.text or "").strip() if found is not None else ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message: no `code` when it was done."""

    number: int
    code: str = ""
    words: str = ""


def messages(source: IO[bytes], *, message_type: str, seller: str) -> Iterator[Message]:
    """The messages of an envelope in order. Raises NotReadable, also half way; what came before has been given out."""
    try:
        yield from _messages(source, message_type, seller)
    except etree.XMLSyntaxError as e:
        raise NotReadable(f"The document is not well-formed XML: {str(e)[:200]}") from None


def _messages(source: IO[bytes], message_type: str, seller: str) -> Iterator[Message]:
    reader = etree.iterparse(
        source, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root, said_type, count, seen = None, "", 0, set()
    for event, element in reader:
        if not isinstance(element.tag, str):
            continue
        element.tag = etree.QName(element).localname
        if root is None:
            root = element
            if element.getroottree().docinfo.doctype:
                raise NotReadable("The document declares a document type. Send it without DOCTYPE.")
            if element.tag != "AmazonEnvelope":
                raise NotReadable("The document is no AmazonEnvelope.")
        if event == "start" or element.getparent() is not root:
            continue
        if element.tag == "Header":
            _require_seller((element.findtext("MerchantIdentifier") or "").strip(), seller)
        elif element.tag == "MessageType":
            said_type = (element.text or "").strip()
            if said_type != message_type:
                raise NotReadable(f"MessageType is {said_type[:60]!r}; this feed takes {message_type}.")
        elif element.tag == "Message":
            count += 1
            if count > MOST_MESSAGES:
                raise NotReadable(f"The document has more than {MOST_MESSAGES} messages.")
            if not said_type:
                raise NotReadable(f"MessageType is missing; it stands before the messages and says {message_type}.")
            number = _number(element.findtext("MessageID"), count)
            if number in seen:
                raise NotReadable(f"MessageID {number} stands twice.")
            seen.add(number)
            body = element.find(message_type)
            yield Message(number, etree.Element("none") if body is None else body)
            element.clear()
            while element.getprevious() is not None:
                del root[0]
    if root is None or not count:
        raise NotReadable("The document has no messages.")


def _require_seller(said: str, seller: str) -> None:
    if said and said not in (seller, "M_IDENTIFIER"):
        raise NotReadable("MerchantIdentifier names another seller.")


def _number(text: str | None, count: int) -> int:
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) <= MOST_NUMBER:
        raise NotReadable(f"The MessageID of message {count} is no number.")
    return int(text)


def report(*, seller: str, feed: str, results: Iterable[Result], trouble: str = "") -> Iterator[str]:
    """The processing report, piece by piece. `trouble` is what ended the reading of the document."""
    results = list(results)
    failed = [each for each in results if each.code]
    done = len(results) - len(failed)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion>'
    yield f"<MerchantIdentifier>{escape(seller)}</MerchantIdentifier></Header><MessageType>ProcessingReport</MessageType>"
    yield f"<Message><MessageID>1</MessageID><ProcessingReport><DocumentTransactionID>{escape(feed)}</DocumentTransactionID>"
    yield "<StatusCode>Complete</StatusCode><ProcessingSummary>"
    yield f"<MessagesProcessed>{len(results)}</MessagesProcessed><MessagesSuccessful>{done}</MessagesSuccessful>"
    yield f"<MessagesWithError>{len(failed) + bool(trouble)}</MessagesWithError>"
    yield "<MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>"
    for each in [*([Result(0, "document_not_readable", trouble)] if trouble else []), *failed]:
        said = escape(f"[{each.code}] {each.words}".strip())
        yield f"<Result><MessageID>{each.number}</MessageID><ResultCode>Error</ResultCode>"
        yield f"<ResultMessageCode>0</ResultMessageCode><ResultDescription>{said}</ResultDescription></Result>"
    yield "</ProcessingReport></Message></AmazonEnvelope>\n"
