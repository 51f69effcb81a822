"""From the letters of one cell to its value: money, counts, dates, product numbers, addresses of pictures.

Each reader takes the cell without spaces around it and returns the value, or a `Bad` with the fault and its facts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from fondaco.feeds.columns import MAX_PRICE_MINOR, Column, folded_name


class Bad(NamedTuple):
    """Why a cell is refused."""

    fault: str
    args: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """How prices are written: the store's currency, its decimals, and the decimal mark of this file."""

    currency: str = "USD"
    decimals: int = 2
    mark: str = "."


_PLAIN_PRICE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(\.[0-9]{1,6})?")
_COUNT = re.compile(r"[+-]?[0-9]{1,12}(?:\.0+)?")


def price(text: str, money: Money) -> int | Bad:
    """Minor units. `1,299.90` is clear; `1,299` is not; with `Decimal=,` the marks change places."""
    match = _PLAIN_PRICE.fullmatch(text) if money.mark == "." else None
    if match is None:
        text = unicodedata.normalize("NFKC", text).strip()
        if money.mark == ",":
            text = text.translate(str.maketrans(",.", ".,"))
        if "," in text and _GROUPED.fullmatch(text) and ("." in text or text.count(",") > 1):
            text = text.replace(",", "")
        match = _PLAIN_PRICE.fullmatch(text)
    if match is None:
        return Bad("price-comma" if "," in text and re.fullmatch(r"[0-9.,]+", text) else "price-unreadable")
    whole, part = match[1], (match[2] or "").rstrip("0")
    if len(part) > money.decimals:
        return Bad("price-decimals", {"currency": money.currency, "decimals": money.decimals})
    minor = int(whole + part.ljust(money.decimals, "0"))
    if not 0 < minor <= MAX_PRICE_MINOR:
        scale = 10**money.decimals
        return Bad("value-range", {"min": f"{1 / scale:.{money.decimals}f}", "max": f"{MAX_PRICE_MINOR // scale}"})
    return minor


def count(text: str, column: Column) -> int | Bad:
    """A whole number in the column's range. Spreadsheets write `12.0` for 12; that is accepted."""
    if not (text.isascii() and text.isdecimal()):
        text = unicodedata.normalize("NFKC", text)
        if not _COUNT.fullmatch(text):
            return Bad("value-not-number")
        text = text.partition(".")[0]
    number = int(text) if len(text) <= 12 else column.most + 1
    if not column.least <= number <= column.most:
        return Bad("value-range", {"min": column.least, "max": column.most})
    return number


def choice(text: str, column: Column) -> str | Bad:
    """The choice that the cell means, whatever its case and hyphens."""
    assert column.choices is not None
    key = re.sub(r"[\s\-_]+", "_", text.casefold())
    found = column.choices.get(key) or column.choices.get(folded_name(text))
    return found if found else Bad("value-not-allowed", {"allowed": ", ".join(column.allowed)})


_ISO_DATE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[T ].*)?")


def day(text: str) -> date | Bad:
    """Year-month-day. Other orders are ambiguous between countries and refused."""
    match = _ISO_DATE.fullmatch(text)
    if match is None:
        return Bad("date-unreadable")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return Bad("date-unreadable")


# --- product numbers --------------------------------------------------------------------------------------------------

_ASIN = re.compile(r"[A-Z][A-Z0-9]{9}")
_LENGTHS = {"upc": (12,), "ean": (8, 13), "gtin": (8, 12, 13, 14), "isbn": (10, 13)}


def product_number(text: str, kind: str) -> tuple[str, str] | Bad:
    """`(kind, number)`: kind `asin` or `gtin`; the number of a barcode with 14 digits. `kind` may be empty: then the
    form of the number decides."""
    number = text.replace("-", "").replace(" ", "").upper()
    kind = kind or _kind_of(number)
    if kind == "asin":
        return ("asin", number) if _ASIN.fullmatch(number) else Bad("product-id-wrong", {"type": "ASIN"})
    if kind == "isbn" and len(number) == 10:
        return ("gtin", _isbn13(number).zfill(14)) if _isbn10_ok(number) else Bad("product-id-wrong", {"type": "ISBN"})
    fits = number.isascii() and number.isdigit() and len(number) in _LENGTHS[kind] and check_digit_ok(number)
    return ("gtin", number.zfill(14)) if fits else Bad("product-id-wrong", {"type": kind.upper()})


def _kind_of(number: str) -> str:
    if len(number) == 10 and not number.isdigit():
        return "isbn" if number[:9].isdigit() else "asin"
    return "gtin"


def check_digit_ok(number: str) -> bool:
    """GS1's rule: weights 3 and 1 in turn from the right; with the last digit the sum ends in 0."""
    digits = [ord(c) - 48 for c in reversed(number)]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _isbn10_ok(number: str) -> bool:
    if not re.fullmatch(r"[0-9]{9}[0-9X]", number):
        return False
    return sum((10 if c == "X" else int(c)) * (10 - i) for i, c in enumerate(number)) % 11 == 0


def _isbn13(isbn10: str) -> str:
    body = "978" + isbn10[:9]
    digits = [int(c) for c in reversed(body)]
    return body + str(-(3 * sum(digits[0::2]) + sum(digits[1::2])) % 10)


# --- addresses of pictures --------------------------------------------------------------------------------------------

_USUAL_URL = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::[0-9]{1,4})?/[!-~]*", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def address(text: str, schemes: frozenset[str]) -> str | Bad:
    """The address of a picture, letters beyond ASCII percent-encoded. Only its form is judged here (code 15); whether
    the host may be asked at all is the fetcher's to say."""
    scheme = text.partition(":")[0].lower()
    if scheme in schemes and "@" not in text and "\\" not in text and _USUAL_URL.fullmatch(text):
        return text
    match = _SCHEME.match(text)
    if match and match[1].lower() not in schemes and not re.match(r"[0-9]", text[match.end() :]):
        return Bad("image-url-scheme")
    if scheme not in schemes or any(c.isspace() or not c.isprintable() for c in text) or "\\" in text:
        return Bad("image-url-invalid")
    return _unusual(text)


def _unusual(text: str) -> str | Bad:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        if parts.username is not None or parts.password is not None:
            return Bad("image-url-credentials")
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return Bad("image-url-invalid")
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:.]+\]?", ascii_host):
        return Bad("image-url-invalid")
    port = f":{parts.port}" if parts.port else ""
    netloc = f"[{ascii_host}]{port}" if ":" in ascii_host else f"{ascii_host}{port}"
    path = quote(parts.path or "/", safe="/%:=&?~#+!$,;'@()*[]")
    query = f"?{quote(parts.query, safe='/%:=&?~+!$,;@()*[]')}" if parts.query else ""
    return f"{parts.scheme}://{netloc}{path}{query}"
