"""Which letters are these? Recognises the encodings that spreadsheets write, and says how sure it is.

UTF-8 and UTF-16 prove themselves. The legacy ones (Latin-1/Windows-1252, Windows-1258 for Vietnamese, Big5/CP950 for
Traditional Chinese) are all "valid" for almost any bytes, so they are told apart by what the letters would mean:
a tone mark must follow a vowel, a Chinese pair must be a character in use. Below `ENOUGH` the answer is "not sure", and
the file is refused with the guess named rather than filled with wrong letters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

ENOUGH = 0.6
"""Least confidence (0…1) to go on without asking."""

BLOCK_BYTES = 1 << 20
SAMPLE_BYTES = 256 * 1024

UTF8 = "utf-8"
UTF16_LE = "utf-16-le"
UTF16_BE = "utf-16-be"
WESTERN = "cp1252"
VIETNAMESE = "cp1258"
CHINESE = "cp950"

ACCEPTED = (UTF8, UTF16_LE, UTF16_BE, WESTERN, VIETNAMESE, CHINESE)

NAMES = {
    UTF8: "UTF-8",
    UTF16_LE: "UTF-16 (little-endian)",
    UTF16_BE: "UTF-16 (big-endian)",
    WESTERN: "Latin-1 / Windows-1252",
    VIETNAMESE: "Windows-1258",
    CHINESE: "Big5 / CP950",
}

_ALIASES = {
    "utf8": UTF8,
    "utf-8-sig": UTF8,
    "utf-16": UTF16_LE,
    "unicode": UTF16_LE,
    "latin-1": WESTERN,
    "latin1": WESTERN,
    "iso-8859-1": WESTERN,
    "windows-1252": WESTERN,
    "windows-1258": VIETNAMESE,
    "big5": CHINESE,
    "big5-hkscs": CHINESE,
    "windows-950": CHINESE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """An encoding, how sure (0…1), how many bytes of byte order mark to skip, and how many byte
    sequences were damaged (only UTF-8 is still itself when damaged)."""

    name: str
    confidence: float
    bom_bytes: int = 0
    damaged: int = 0

    @property
    def is_sure(self) -> bool:
        return self.confidence >= ENOUGH

    @property
    def title(self) -> str:
        return NAMES.get(self.name, self.name)


def canonical(name: str) -> str | None:
    """The accepted encoding that `name` means, or None."""
    key = name.strip().lower().replace("_", "-")
    key = _ALIASES.get(key, key)
    return key if key in ACCEPTED else None


def detect(*, file: BinaryIO) -> Detected:
    """Reads `file` from its start to its end once, in constant memory, and names its encoding.

    Reading everything matters: a million rows may be plain ASCII before the first `é`.
    """
    file.seek(0)
    head = file.read(64 * 1024)
    marked = _by_mark(head)
    if marked is not None and marked.name != UTF8:
        return marked
    wide = None if marked else _wide_without_mark(head)
    if wide is not None:
        return wide
    file.seek(marked.bom_bytes if marked else 0)
    evidence = _utf8_evidence(file)
    if evidence.bad == 0:
        return Detected(name=UTF8, confidence=1.0, bom_bytes=marked.bom_bytes if marked else 0)
    if marked or evidence.good >= 20 * evidence.bad:
        bom = marked.bom_bytes if marked else 0
        return Detected(name=UTF8, confidence=0.9, bom_bytes=bom, damaged=evidence.bad)
    return legacy(sample=evidence.sample)


def _by_mark(head: bytes) -> Detected | None:
    if head.startswith(codecs.BOM_UTF8):
        return Detected(name=UTF8, confidence=1.0, bom_bytes=3)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Detected(name="UTF-32", confidence=0.0, bom_bytes=4)
    if head.startswith(codecs.BOM_UTF16_LE):
        return Detected(name=UTF16_LE, confidence=1.0, bom_bytes=2)
    if head.startswith(codecs.BOM_UTF16_BE):
        return Detected(name=UTF16_BE, confidence=1.0, bom_bytes=2)
    return None


def _wide_without_mark(head: bytes) -> Detected | None:
    """UTF-16 without its mark: column names are ASCII, so every other byte of the head is zero."""
    pairs = min(len(head), 512) // 2
    if pairs < 4:
        return None
    low, high = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    for name, zeros, others in ((UTF16_LE, high, low), (UTF16_BE, low, high)):
        if zeros >= 0.7 * pairs and others <= 0.05 * pairs:
            return Detected(name=name, confidence=0.95)
    return None


@dataclass(slots=True)
class _Evidence:
    good: int
    bad: int
    sample: bytes


_HIGH_LINE = re.compile(rb"[^\n\r]*[\x80-\xff][^\n\r]*[\n\r]?")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def _utf8_evidence(file: BinaryIO) -> _Evidence:
    """How many multi-byte letters are sound and how many are not; with the lines that hold any."""
    evidence = _Evidence(0, 0, b"")
    kept: list[bytes] = []
    kept_bytes, rest = 0, b""
    while block := file.read(BLOCK_BYTES):
        if not rest and block.isascii():
            continue
        block, rest = _whole_letters(rest + block)
        if kept_bytes < SAMPLE_BYTES:
            for line in _HIGH_LINE.finditer(block):
                kept.append(line.group())
                kept_bytes += len(kept[-1])
                if kept_bytes >= SAMPLE_BYTES:
                    break
        _count(block, evidence)
    _count(rest, evidence)
    evidence.sample = b"".join(kept) + rest
    return evidence


def _whole_letters(block: bytes) -> tuple[bytes, bytes]:
    """Splits off up to three bytes at the end that may be the beginning of a letter."""
    for back in range(1, min(4, len(block)) + 1):
        byte = block[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return (block[:-back], block[-back:]) if back < wanted else (block, b"")
    return block, b""


def _count(block: bytes, evidence: _Evidence) -> None:
    try:
        text = block.decode(UTF8)
    except UnicodeDecodeError:
        text = block.decode(UTF8, "surrogateescape")
        evidence.bad += len(re.findall("[\udc80-\udcff]+", text))
        evidence.good += sum(1 for c in text if ord(c) > 0x7F and not 0xDC80 <= ord(c) <= 0xDCFF)
        return
    if not text.isascii():
        evidence.good += len(_MULTIBYTE.findall(block))


# --- legacy encodings -------------------------------------------------------------------------------------------------

_TONE_BYTES = frozenset(b"\xcc\xd2\xde\xec\xf2")
_VOWELS_1258 = frozenset(b"aeiouyAEIOUY" + "âêôăơưÂÊÔĂƠƯ".encode(VIETNAMESE))
_VIETNAMESE_OWN = frozenset("đơưăĐƠƯĂ".encode(VIETNAMESE))
_WESTERN_USUAL = frozenset("äöüßÄÖÜéèêëàâáçñíóúôîïùûøåæœÉÈÀÇÑÓ°®™©–—‘’“”€£½²³µº×".encode(WESTERN))


def legacy(*, sample: bytes) -> Detected:
    """The most plausible legacy encoding of `sample` (lines that are not UTF-8)."""
    scores = {CHINESE: _chinese(sample), VIETNAMESE: _vietnamese(sample), WESTERN: _western(sample)}
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, top), (_, second) = ranked[0], ranked[1]
    return Detected(name=best, confidence=round(max(0.0, top - max(0.0, second - 0.55)), 3))


def _chinese(sample: bytes) -> float:
    """Share of pairs that are characters of the common plane, 0 when the bytes do not pair up."""
    pairs = common = broken = position = 0
    while position < len(sample):
        lead = sample[position]
        if lead < 0x80:
            position += 1
            continue
        trail = sample[position + 1] if position + 1 < len(sample) else 0
        if 0xA1 <= lead <= 0xF9 and (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE):
            pairs += 1
            common += 0xA4 <= lead <= 0xC6 or 0xA1 <= lead <= 0xA3
            position += 2
        else:
            broken += 1
            position += 1
    if not pairs:
        return 0.0
    doubled = _doubled_high(sample)
    return max(0.0, common / pairs - 4 * broken / (pairs + broken)) * min(1.0, 0.4 + doubled)


def _doubled_high(sample: bytes) -> float:
    """Share of high bytes that touch another high byte. Chinese runs; a Western accent stands alone."""
    high = sum(1 for byte in sample if byte >= 0x80)
    touching = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", sample))
    return touching / high if high else 0.0


def _vietnamese(sample: bytes) -> float:
    """Tone marks that follow a vowel, and the letters only Vietnamese has, against marks that do not."""
    high = tones = stray = own = 0
    for index, byte in enumerate(sample):
        if byte < 0x80:
            continue
        high += 1
        if byte in _TONE_BYTES:
            if index and sample[index - 1] in _VOWELS_1258:
                tones += 1
            else:
                stray += 1
        own += byte in _VIETNAMESE_OWN
    if not high or tones + own == 0:
        return 0.0
    share = (tones + own) / high
    return max(0.0, min(1.0, 0.35 + 1.3 * share) - 3 * stray / high) * (1.0 if tones else 0.5)


def _western(sample: bytes) -> float:
    """Share of high bytes that Western texts really use, less for marks in the middle of nowhere."""
    high = usual = 0
    for byte in sample:
        if byte >= 0x80:
            high += 1
            usual += byte in _WESTERN_USUAL
    if not high:
        return 0.0
    return max(0.0, 0.95 * usual / high - 0.5 * _doubled_high(sample))


# --- reading ----------------------------------------------------------------------------------------------------------


class Undecodable(Exception):
    """The bytes at `offset` cannot be read as `encoding`."""

    def __init__(self, *, encoding: str, offset: int) -> None:
        self.encoding, self.offset = encoding, offset
        super().__init__(f"{encoding}: byte {offset}")


def text_blocks(*, file: BinaryIO, encoding: str, bom_bytes: int = 0) -> Iterator[str]:
    """The file's text in blocks that end at a line (or at the end), composed (NFC).

    UTF-8 keeps undecodable bytes as lone surrogates, so that only their rows fail; the others raise `Undecodable`.
    Composing matters for Windows-1258, which writes tones as separate marks.
    """
    file.seek(bom_bytes)
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == UTF8 else _errors_of(encoding))
    pending, done = "", bom_bytes
    while block := file.read(BLOCK_BYTES):
        pending += _decode(decoder, block, encoding=encoding, offset=done)
        done += len(block)
        cut = max(pending.rfind("\n"), pending[:-1].rfind("\r")) + 1
        if cut:
            yield unicodedata.normalize("NFC", pending[:cut])
            pending = pending[cut:]
    pending += _decode(decoder, b"", encoding=encoding, offset=done, final=True)
    if pending:
        yield unicodedata.normalize("NFC", pending)


def _errors_of(encoding: str) -> str:
    # Windows leaves five code points of 1252 and 1258 empty; files hold them all the same (as C1 controls).
    # They become lone surrogates and so fail their own row only, as in UTF-8.
    return "surrogateescape" if encoding in (WESTERN, VIETNAMESE, CHINESE) else "strict"


def _decode(
    decoder: codecs.IncrementalDecoder, block: bytes, *, encoding: str, offset: int, final: bool = False
) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError as error:
        raise Undecodable(encoding=encoding, offset=offset + error.start) from error
