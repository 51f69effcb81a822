"""A mail's bytes → who, about what, which words, which files. Nothing here knows conversations; nothing here raises for
what a mail holds, except `Unreadable`."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr

from fondaco.messaging.mail.tnef import unpack
from fondaco.messaging.rules.mailkind import Head
from fondaco.messaging.rules.mailtext import text_of_html, written

MOST_PARTS = 200
MOST_FILES = 30
SMALL_INLINE_BYTES = 6_000
_ID = re.compile(r"<[^<>\s]{1,250}>")


class Unreadable(Exception):
    """Not a mail."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail. `is_inline`: shown within the text, as phones do with photographs."""

    name: str
    data: bytes
    content_type: str
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """`text`: what was newly written, quotes and signature left out. `references`: ids of mails it answers."""

    head: Head
    author: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    text: str
    files: tuple[MailFile, ...]


def parse(raw: bytes, *, sender: str = "") -> ParsedMail:
    """`sender` is the envelope's. Raises Unreadable."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if not message.keys():
        raise Unreadable("no headers")
    headers = {name.lower(): _words(value) for name, value in reversed(message.items())}
    author = parseaddr(headers.get("from", ""))[1].strip()
    subject = headers.get("subject", "")
    head = Head(sender, author, subject, message.get_content_type(), headers)
    plain, html, files = _contents(message)
    body = written(plain) if plain.strip() else written(text_of_html(html)) if html else ""
    ids = _ID.findall(headers.get("references", "")) + _ID.findall(headers.get("in-reply-to", ""))
    own = _ID.search(headers.get("message-id", ""))
    return ParsedMail(
        head=head,
        author=author,
        subject=subject,
        message_id=own.group() if own else "",
        references=tuple(dict.fromkeys(reversed(ids)))[:50],
        text=_storable(body),
        files=tuple(files[:MOST_FILES]),
    )


def addresses_in(headers: str) -> list[str]:
    return [address for _name, address in getaddresses([headers]) if "@" in address]


def _contents(message: Message) -> tuple[str, str, list[MailFile]]:
    plain: list[str] = []
    html: list[str] = []
    files: list[MailFile] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        name = _words(part.get_filename() or "")
        is_attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not is_attached:
            plain.append(_text(part))
        elif kind == "text/html" and not is_attached:
            html.append(_text(part))
        elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
            body, inner = unpack(_bytes(part))
            plain += [body] if body and not plain else []
            files += [MailFile(n, data, "application/octet-stream") for n, data in inner]
        elif is_attached or part.get_content_maintype() in ("image", "application", "audio", "video"):
            data = _bytes(part)
            is_inline = part.get_content_disposition() != "attachment" and bool(part.get("Content-ID"))
            if data and not (is_inline and len(data) < SMALL_INLINE_BYTES):  # tracking dots and signature logos
                files.append(MailFile(name or f"file.{part.get_content_subtype()}", data, kind, is_inline))
    return "\n".join(plain), "\n".join(html), files


def _leaves(message: Message) -> Iterator[Message]:
    for count, part in enumerate(message.walk()):
        if count >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError):
        return b""
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    return text_of(_bytes(part), part.get_content_charset() or "")


def text_of(data: bytes, charset: str) -> str:
    """Bytes as text: UTF-8 where it fits, then what the mail says, then what it looks like."""
    shifted = charset.lower().startswith(("iso-2022", "hz"))  # seven bits: it would pass for ASCII
    for candidate in (charset, "utf-8") if shifted else ("utf-8", charset):
        try:
            return data.decode(candidate) if candidate else data.decode("ascii")
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    return data.decode(best.encoding if best else "latin-1", errors="replace")


def _words(value: object) -> str:
    """A header's words: encoded ones decoded, raw 8-bit ones guessed, on one line."""
    raw = str(value)
    if any("\udc80" <= c <= "\udcff" for c in raw):
        raw = text_of(raw.encode("utf-8", "surrogateescape"), "")
    try:
        raw = str(make_header(decode_header(raw)))
    except (ValueError, LookupError, UnicodeDecodeError):
        pass
    return " ".join(_storable(raw).split())[:2000]


def _storable(text: str) -> str:
    return re.sub("[\x00\ud800-\udfff]", "", text)
