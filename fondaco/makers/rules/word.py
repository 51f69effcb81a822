"""A Word document that strangers handed in: what it really is, what is wrong with it, and its paragraphs (Q-48).

Nothing is unpacked to disk and no entity, template or link is ever followed. Only the parts that are needed are read,
each up to a bound, with a parser that stops at the first document type declaration.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.parsers import expat

from fondaco.makers.rules import compound

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_FETCHING_FIELDS = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "RD", "LINK")
_SAFE_LINKS = frozenset({"http", "https", "mailto", ""})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a draft may be at most. A page counts as `page_characters`."""

    formats: frozenset[str] = frozenset({"docx", "doc"})
    max_bytes: int = 10 * 1024 * 1024
    max_pages: int = 100
    page_characters: int = 3_000
    max_members: int = 2_000
    max_unpacked: int = 100 * 1024 * 1024
    max_part: int = 24 * 1024 * 1024
    max_depth: int = 256

    @property
    def max_characters(self) -> int:
        return self.max_pages * self.page_characters


@dataclass(frozen=True, slots=True)
class Draft:
    """`kind` by content, the paragraphs as text, and whether changes were tracked in it."""

    kind: str
    paragraphs: tuple[str, ...]
    has_tracked_changes: bool = False


class WrongDocument(Exception):
    """The document is refused; `code` says why, `facts` what was found."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code, facts)


def read_draft(data: bytes, *, limits: Limits | None = None) -> Draft:
    """The draft in these bytes. Raises WrongDocument with one of:

    `draft_empty`, `draft_too_large`, `draft_not_word`, `draft_format_not_allowed`, `draft_broken`,
    `draft_has_macros`, `draft_has_program`, `draft_fetches`, `draft_declares_entities`, `draft_unpacks_too_large`,
    `draft_too_long`, `draft_encrypted`.
    """
    bounds = limits or Limits()
    if not data:
        raise WrongDocument("draft_empty")
    if len(data) > bounds.max_bytes:
        raise WrongDocument("draft_too_large", size_bytes=len(data), limit_bytes=bounds.max_bytes)
    if data.startswith(b"PK\x03\x04"):
        return _allowed(_read_docx(data, bounds), bounds.formats)
    if data.startswith(compound.MAGIC):
        return _allowed(_read_doc(data, bounds), bounds.formats)
    raise WrongDocument("draft_not_word", found=_sniff(data))


def _allowed(draft: Draft, formats: Collection[str]) -> Draft:
    if draft.kind not in formats:
        raise WrongDocument("draft_format_not_allowed", found=draft.kind)
    return draft


def _sniff(data: bytes) -> str:
    known = ((b"%PDF-", "PDF"), (b"{\\rtf", "RTF"), (b"MZ", "EXE"), (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG", "PNG"))
    return next((name for magic, name in known if data.startswith(magic)), "?")


# ---------------------------------------------------------------- .docx


def _read_docx(data: bytes, limits: Limits) -> Draft:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _members(archive, limits)
            main = _main_part(archive, names, limits)
            _check_relationships(archive, names, limits)
            reader = _DocumentReader(limits)
            _parse(_part(archive, main, limits), reader, limits)
            return Draft("docx", tuple(reader.paragraphs), reader.has_tracked_changes)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error, expat.ExpatError) as error:
        raise WrongDocument("draft_broken") from error


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > limits.max_members:
        raise WrongDocument("draft_unpacks_too_large", members=len(entries))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise WrongDocument("draft_encrypted")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.max_unpacked:
        raise WrongDocument("draft_unpacks_too_large", unpacked_bytes=unpacked)
    names = {entry.filename.lstrip("/"): entry for entry in entries}
    for name in names:
        low = name.lower()
        if "vbaproject" in low or "vbadata" in low:
            raise WrongDocument("draft_has_macros", part=name[:80])
        if "/activex/" in f"/{low}" or "/embeddings/" in f"/{low}" or low.endswith((".exe", ".dll", ".js", ".vbs")):
            raise WrongDocument("draft_has_program", part=name[:80])
    if _CONTENT_TYPES not in names:
        raise WrongDocument("draft_not_word", found="ZIP")
    return names


class _ContentTypes:
    def __init__(self) -> None:
        self.parts: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Override"):
            self.parts[attributes.get("PartName", "").lstrip("/")] = attributes.get("ContentType", "")
        elif name.endswith("Default"):
            self.parts["*." + attributes.get("Extension", "")] = attributes.get("ContentType", "")

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def _main_part(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], limits: Limits) -> str:
    """The part that is the document, by its content type: a renamed template, macro file or spreadsheet has none."""
    types = _ContentTypes()
    _parse(_part(archive, _CONTENT_TYPES, limits), types, limits)
    kinds = set(types.parts.values())
    if any("macroEnabled" in kind or "vba" in kind.lower() for kind in kinds):
        raise WrongDocument("draft_has_macros", part=_CONTENT_TYPES)
    main = next((part for part, kind in types.parts.items() if kind == _MAIN and part in names), None)
    if main is None:
        raise WrongDocument("draft_not_word", found="ZIP")
    return main


class _Relationships:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, bool]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship"):
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.rows.append((kind, attributes.get("Target", ""), attributes.get("TargetMode", "") == "External"))

    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def _check_relationships(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
    """Nothing may be fetched when the file is opened: remote templates, linked pictures, frames, sub-documents."""
    for name in names:
        if posixpath.dirname(name).rpartition("/")[2] != "_rels":
            continue
        found = _Relationships()
        _parse(_part(archive, name, limits), found, limits)
        for kind, target, is_external in found.rows:
            if kind in ("oleObject", "package", "control") or "vba" in kind.lower():
                raise WrongDocument("draft_has_program", part=target[:80])
            if kind in ("attachedTemplate", "aFChunk", "subDocument", "frame") or (is_external and kind != "hyperlink"):
                raise WrongDocument("draft_fetches", part=target[:80])
            if kind == "hyperlink" and is_external and _scheme(target) not in _SAFE_LINKS:
                raise WrongDocument("draft_fetches", part=target[:80])


def _scheme(target: str) -> str:
    try:
        return urlsplit(target.strip()).scheme.lower()
    except ValueError:
        return "?"


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One part, read no further than it may go, whatever its header says of its size."""
    entry = next(e for e in archive.infolist() if e.filename.lstrip("/") == name)
    with archive.open(entry) as source:
        data = source.read(limits.max_part + 1)
    if len(data) > limits.max_part:
        raise WrongDocument("draft_too_long" if name.startswith("word/document") else "draft_unpacks_too_large")
    return data


type _Handler = _ContentTypes | _Relationships | _DocumentReader


def _parse(data: bytes, handler: _Handler, limits: Limits) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.max_depth:
            raise WrongDocument("draft_broken")
        handler.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name)

    def doctype(*_: object) -> None:
        raise WrongDocument("draft_declares_entities")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = doctype
    parser.Parse(data, True)


@dataclass(slots=True)
class _DocumentReader:
    """Paragraphs of the main part: what stands in the text now, deleted and alternative text left out."""

    limits: Limits
    paragraphs: list[str] = field(default_factory=list)
    has_tracked_changes: bool = False
    _open: list[list[str]] = field(default_factory=list)
    _field: list[str] = field(default_factory=list)
    _reads: bool = False
    _in_field: bool = False
    _skipping: int = 0
    _characters: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if tag in ("Fallback", "del", "moveFrom"):
            self._skipping += 1
            self.has_tracked_changes |= tag != "Fallback"
            return
        if space not in (_W, _STRICT):
            return
        if tag == "p":
            self._open.append([])
        elif tag in ("t", "instrText"):
            self._reads, self._in_field = tag == "t" and not self._skipping, tag == "instrText"
        elif tag == "fldSimple":
            self._judge(next((v for k, v in attributes.items() if k.endswith("instr")), ""))
        elif tag == "fldChar" and next((v for k, v in attributes.items() if k.endswith("fldCharType")), "") != "begin":
            self._judge("".join(self._field))
            self._field = []
        elif tag in ("tab", "br", "cr") and self._open and not self._skipping:
            self._open[-1].append("\t" if tag == "tab" else "\n")
        elif tag in ("ins", "moveTo"):
            self.has_tracked_changes = True
        elif tag in ("altChunk", "subDoc"):
            raise WrongDocument("draft_fetches", part=tag)

    def end(self, name: str) -> None:
        _space, _, tag = name.rpartition(" ")
        if tag in ("Fallback", "del", "moveFrom"):
            self._skipping -= 1
        elif tag in ("t", "instrText"):
            self._reads = self._in_field = False
        elif tag == "p" and self._open:
            words = "".join(self._open.pop()).strip()
            if words:
                self.paragraphs.append(words)

    def text(self, data: str) -> None:
        if self._in_field:
            self._field.append(data[:200])
            if len(self._field) > 1_000:
                raise WrongDocument("draft_broken")
        elif self._reads and self._open:
            self._characters += len(data)
            if self._characters > self.limits.max_characters:
                raise WrongDocument("draft_too_long", pages=self.limits.max_pages)
            self._open[-1].append(data)

    def _judge(self, instruction: str) -> None:
        words = instruction.split()
        if words and words[0].upper() in _FETCHING_FIELDS:
            raise WrongDocument("draft_fetches", part=words[0].upper())


# ---------------------------------------------------------------- .doc


def _read_doc(data: bytes, limits: Limits) -> Draft:
    try:
        file = compound.CompoundFile(data)
        streams = file.streams
        top = {name.lower() for name in streams}
        if any("vba" in name or name.split("/")[0] == "macros" for name in top):
            raise WrongDocument("draft_has_macros", part="VBA")
        if any(name.split("/")[0] == "objectpool" or "ole10native" in name for name in top):
            raise WrongDocument("draft_has_program", part="ObjectPool")
        if "encryptedpackage" in top:
            raise WrongDocument("draft_encrypted")
        if "worddocument" not in top:
            raise WrongDocument("draft_not_word", found="OLE")
        text = compound.word_text(file, limit=limits.max_characters)
    except compound.TooLong:
        raise WrongDocument("draft_too_long", pages=limits.max_pages) from None
    except compound.Encrypted:
        raise WrongDocument("draft_encrypted") from None
    except compound.Broken as error:
        raise WrongDocument("draft_broken") from error
    return Draft("doc", tuple(words for part in text.split("\r") if (words := _plain(part))))


def _plain(part: str) -> str:
    """Without field codes (between 0x13 and 0x14) and control marks."""
    kept, depth = [], 0
    for character in part:
        if character == "\x13":
            depth += 1
        elif character in "\x14\x15":
            depth = max(0, depth - 1) if character == "\x14" else depth
        elif not depth and (character >= " " or character == "\t"):
            kept.append(character)
    return "".join(kept).strip()
