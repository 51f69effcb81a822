"""Text at the edge: what may enter, and how it is folded for search.

The two databases differ in what they accept (NUL bytes, lone surrogates, over-long text), so nothing
reaches them unchecked.
"""

from __future__ import annotations

import re
import unicodedata

from fondaco.kit.errors import Invalid

# Letters that carry their mark inside, so that decomposition does not part it from them.
_INSEPARABLE = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_MARKS = re.compile("[\u0300-\u036f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Other control characters, and those that turn the writing direction to disguise a name.
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")


class UnstorableText(Invalid):
    """Text with a NUL or half of a surrogate pair: no database keeps it whole."""

    CODE = "unstorable_text"
    WORDS = "This text contains a character that cannot be stored (%(character)s at position %(position)s)."
    FIX = "Remove the character and send it again."


class TextTooLong(Invalid):
    """More characters than the field holds."""

    CODE = "text_too_long"
    WORDS = "This text has %(length)s characters; at most %(limit)s are allowed."
    FIX = "Shorten it."


class TextMissing(Invalid):
    """Nothing but spaces where something is needed."""

    CODE = "text_missing"
    WORDS = "Something must be written here."


def storable(text: str) -> bool:
    """Whether both databases keep the text: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def require_storable(text: str) -> str:
    """The text itself; refuses what a database would refuse or silently cut."""
    found = _UNSTORABLE.search(text)
    if found:
        raise UnstorableText(character=f"U+{ord(found[0]):04X}", position=found.start() + 1)
    return text


def line(text: str, *, limit: int, required: bool = False) -> str:
    """One line of people's text: composed (NFC), spaces joined, control and direction characters dropped.

    Counts Unicode code points. Refuses unstorable and over-long text, and nothing at all when `required`.
    """
    return _bounded(_SPACES.sub(" ", _clean(text)).strip(), limit=limit, required=required)


def paragraphs(text: str, *, limit: int, required: bool = False) -> str:
    """Several lines: as `line`, but line breaks and indents stay; breaks become `\\n`."""
    unified = _clean(text).replace("\r\n", "\n").replace("\r", "\n")
    return _bounded(unified.strip(), limit=limit, required=required)


def fold(text: str) -> str:
    """For search columns and queries alike: no case, accents, width or repeated spaces.

    `"Áo Sơ-mi  ĐẸP"` becomes `"ao so-mi dep"`; full-width Latin becomes plain. Marks that make another
    letter (Japanese voicing, Thai and Hebrew vowels) stay.
    """
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", apart)).translate(_INSEPARABLE)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def same_note(left: str, right: str) -> bool:
    """Whether two condition notes say the same: case, spaces and punctuation do not count (Q-40)."""
    return _letters(left) == _letters(right)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis as the last one if anything was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _letters(text: str) -> str:
    kept = (c if unicodedata.category(c)[0] in "LN" else " " for c in unicodedata.normalize("NFKC", text).casefold())
    return _SPACES.sub("", "".join(kept))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", require_storable(text)))


def _bounded(text: str, *, limit: int, required: bool) -> str:
    if required and not text:
        raise TextMissing()
    if len(text) > limit:
        raise TextTooLong(length=len(text), limit=limit)
    return text
