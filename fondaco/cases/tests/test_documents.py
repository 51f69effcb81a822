"""What a handed-in file is, by its content."""

from __future__ import annotations

import io
import zipfile

import pytest

from fondaco.cases.documents import kind_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "<xml/>")
    return out.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (DOCX, "docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"", ""),
        (b"MZ\x90\x00", ""),
        (b"<html>", ""),
        (DOCX[:40], ""),
        (archive("[Content_Types].xml", "xl/workbook.xml"), ""),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""),
        (archive("[Content_Types].xml", "word/document.xml", *(f"word/{n}" for n in range(2001))), ""),
        (OLE + "Workbook".encode("utf-16-le"), ""),
        (OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"), ""),
    ],
    ids=[
        "docx", "doc", "pdf", "jpeg", "png", "empty", "program", "html", "half-a-docx", "spreadsheet",
        "docx-with-macros", "archive-of-thousands", "old-spreadsheet", "doc-with-macros",
    ],
)  # fmt: skip
def test_content_decides(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_a_real_word_document_passes() -> None:
    import docx

    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Juniper Clay opens its studio.")
    document.save(out)
    assert kind_of(out.getvalue()) == "docx"
