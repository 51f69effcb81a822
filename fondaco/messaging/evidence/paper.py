"""PDF made with typst: the clean copy of a buyer's PDF, and the evidence file. Data goes in as JSON, pictures as files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

_PAGES = """#let pages = json("data.json")
#set document(title: none, author: (), date: none)
#for name in pages [#page(margin: 0pt, width: 210mm, height: 297mm)[#align(center + horizon, image(name, width: 100%, height: 100%, fit: "contain"))]]
"""


def compile_paper(source: str, data: Any, pictures: Mapping[str, bytes]) -> bytes:
    """A PDF of a typst `source` that reads `data.json` and pictures by their names."""
    with tempfile.TemporaryDirectory(prefix="fondaco-paper-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(source, encoding="utf-8")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in pictures.items():
            (root / name).write_bytes(content)
        made = typst.compile(str(root / "main.typ"), root=str(root))
        assert isinstance(made, bytes)
        return made


def paper_of_pages(pages: Sequence[bytes]) -> bytes:
    """A PDF that holds nothing but pictures of these pages (JPEG)."""
    names = [f"page-{number:02d}.jpg" for number in range(len(pages))]
    return compile_paper(_PAGES, names, dict(zip(names, pages, strict=True)))
