"""The page, the JSON and the terminal: right numbers, nothing foreign, readable without seeing."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from fondaco.images.audit import cli
from fondaco.images.audit.summary.histogram import Scale, histogram, reach

from .audit_catalogue import fill, jpeg, rows

NAME = "<img src=x onerror=alert(1)>.jpg"


class Page(HTMLParser):
    """What a page is made of: tags with attributes, the text, and whether tags close in order."""

    VOID = frozenset({"meta", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("in"), 30, side=600)
    for n in range(4):
        (folder / f"grey {n}.jpg").write_bytes(jpeg(100 + n, side=520, ground=180))
    (folder / NAME).write_bytes(jpeg(200))
    (folder / "copy.jpg").write_bytes(jpeg(0, side=600))
    (folder / "gone.jpg").symlink_to(folder / "nowhere")
    out = tmp_path_factory.mktemp("out")
    assert cli.run([str(folder), "--out", str(out), "--engine", "plain"]) == 0
    return out


@pytest.fixture(scope="module")
def page(out: Path) -> Page:
    page = Page((out / "summary.html").read_text())
    assert page.open == []
    return page


def test_the_figures_are_those_of_the_rows(out: Path) -> None:
    figures = json.loads((out / "summary.json").read_text())
    found = list(rows(out).values())
    assert figures["pictures"] == len(found) == 37
    verdicts = Counter(row["verdict"] for row in found)
    assert figures["verdicts"] == {name: verdicts[name] for name in ("eligible", "rejected", "unreadable")}
    codes = Counter(code for row in found for code in row["codes"])
    stops = Counter(code for row in found for code in row["stops"])
    assert {f["code"]: (f["count"], f["stops"]) for f in figures["findings"]} == {
        code: (count, stops[code]) for code, count in codes.items()
    }
    assert figures["errors"] == {"No such file or directory": 1}
    assert figures["duplicates"] == {"groups": 1, "pictures": 2, "copies": 1}
    sides = next(h for h in figures["histograms"] if h["key"] == "sides")
    assert sum(b["count"] for b in sides["bins"]) == sides["count"] == 36


def test_the_page_needs_and_loads_nothing(page: Page, out: Path) -> None:
    assert {name for name, _ in page.tags} & {"script", "link", "iframe", "form", "object", "a"} == set()
    addresses = [a[key] or "" for _, a in page.tags for key in ("src", "href") if key in a]
    assert addresses
    assert all(address.startswith("data:image/jpeg;base64,") for address in addresses)
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not re.search(r"url\(|@import", (out / "summary.html").read_text())


def test_names_of_files_are_text_and_nothing_else(page: Page) -> None:
    assert NAME in "".join(page.text)
    assert not any("onerror" in attrs for _, attrs in page.tags)


def test_pictures_stay_small(page: Page, out: Path) -> None:
    addresses = [a["href"] or "" for a in page.all("image")] + [a["src"] or "" for a in page.all("img")]
    assert max(map(len, addresses)) <= 200_000
    assert (out / "summary.html").stat().st_size <= 3_000_000


def test_every_drawing_says_what_it_shows(page: Page) -> None:
    for attrs in page.all("svg"):
        assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and attrs["aria-label"])
    labels = [attrs["aria-label"] or "" for attrs in page.all("svg") if "aria-label" in attrs]
    starts = ("Longer side", "File size", "Product's share", "Blur", "Background")
    assert all(any(label.startswith(start) for label in labels) for start in starts)
    assert any("Half of 36 pictures lie at or below 600 px" in label for label in labels)
    assert all(attrs["alt"] for attrs in page.all("img"))
    assert page.all("html") == [{"lang": "en"}]


def test_the_worst_offenders_are_drawn_with_what_was_found(page: Page) -> None:
    drawn = [attrs for attrs in page.all("svg") if attrs.get("class") == "seen"]
    assert 1 <= len(drawn) <= 24
    assert "grey" in (drawn[0]["aria-label"] or "")  # not white, and everything else too
    assert any(attrs.get("class") == "mark" for attrs in page.all("rect"))


def test_the_budget_of_the_page_ends_the_thumbnails(tmp_path: Path) -> None:
    from fondaco.images.audit.sources import open_source
    from fondaco.images.audit.summary.thumbs import Thumbs

    folder = fill(tmp_path / "in", 3)
    thumbs = Thumbs(open_source(str(folder)), left=4_000)
    made = [thumbs.of(f"00/00{n}.jpg", side=100) for n in (0, 0, 0, 0, 0)]
    assert made[0]
    assert made[-1] == ""
    assert sum(map(len, made)) <= 4_000
    assert thumbs.of("gone.jpg", side=100) == ""


def test_what_the_inspector_refuses_is_not_decoded_for_a_thumbnail() -> None:
    import struct
    import zlib

    from fondaco.images.audit.summary.thumbs import small
    from fondaco.images.pipeline.decode import CorruptPixels

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    lines = zlib.compress(bytes(40_000 // 8 + 1) * 400)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0))
    with pytest.raises(CorruptPixels, match="no picture to show"):
        small(bomb + chunk(b"IDAT", lines) + chunk(b"IEND", b""), 200)


def test_the_terminal_shows_verdicts_and_findings(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = json.loads((out / "audit.json").read_text())["source"]
    assert cli.run([source, "--out", str(out), "--engine", "plain"]) == 0
    said = capsys.readouterr()
    assert re.search(r"rejected\s+\d+", said.out)
    assert re.search(r"Background not white\s+4", said.out)
    assert str(out / "summary.html") in said.out
    assert "inspected" in said.err


def test_bins_hold_every_value_and_limits_part_good_from_bad() -> None:
    values = np.array([-5.0, 0.0, 10.0, 84.9, 85.0, 100.0, 180.0])
    made = histogram("k", "t", values, Scale("%", top=100), [(85, "least"), (300, "beyond")], bad_below=84)
    assert sum(b.count for b in made.bins) == 7
    assert made.bins[0].open
    assert made.bins[-1].open
    assert {b.bad for b in made.bins if b.high <= 84} == {True}
    assert {b.bad for b in made.bins if b.high > 84} == {False}
    assert [m.words for m in made.marks] == ["least"]
    assert made.middle == 84.9


@pytest.mark.parametrize(
    ("values", "least", "top"), [([], 7, 8), ([1, 2, 3], 1, 3), ([950] * 50, 10, 1000), ([0.2], 0, 0.2), ([], 0, 1e-6)]
)
def test_a_scale_ends_at_a_round_number(values: list[float], least: float, top: float) -> None:
    assert reach(np.array(values, float), least=least) == pytest.approx(top)
