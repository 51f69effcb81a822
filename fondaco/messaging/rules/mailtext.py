"""What somebody wrote into a mail, without what their program put around it: quotes above and below, signature, our frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MARK = "##-"
"""Begins the line of our own mails above which an answer stands; everything from it on is our frame, quoted."""

_INTRODUCTIONS = (
    # "On Tue, 3 Mar 2026, Ana wrote:" over one or two lines, in the languages of the site and their neighbours
    re.compile(r"^\s*On\b.{3,200}\bwrote:\s*$", re.IGNORECASE),
    re.compile(r"^\s*(?:Vào|Ngày)\b.{3,200}\bđã viết:?\s*$", re.IGNORECASE),
    re.compile(r"^.{0,200}(?:寫道|写道|來信|来信)[：:]\s*$"),
    re.compile(r"^\s*(?:Am|Le|El|Il)\b.{3,200}\b(?:schrieb|a écrit|escribió|ha scritto)\b.{0,80}:\s*$", re.IGNORECASE),
    re.compile(r"^\s*-{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Thư gốc|原始郵件|原始邮件|轉寄郵件|Begin forwarded message)\s*-{0,}\s*:?\s*$", re.IGNORECASE),
    re.compile(r"^\s*Begin forwarded message:\s*$", re.IGNORECASE),
    re.compile(r"^_{20,}\s*$"),
)  # fmt: skip
_HEADER = re.compile(r"^\s*\*?(?:From|Sent|To|Subject|Date|Cc|Từ|Gửi|Đã gửi|Đến|Tới|Chủ đề|Ngày|寄件者|寄件日期|收件者|主旨|发件人|发送时间|收件人|主题)\*?\s*[:：]", re.IGNORECASE)  # fmt: skip
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE = re.compile(r"^\s*(?:Sent from my|Get Outlook for|Gửi từ|Đã gửi từ|傳送自|從我的|发自我的|Sent from (?:Mail|Yahoo|Outlook)).{0,60}$", re.IGNORECASE)  # fmt: skip


def written(text: str) -> str:
    """The new part of a plain text body.

    Answered above the quote: what stands before it. Answered below or in between: every line that is not quoted.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = _first_quote(lines)
    above = _tidy(lines[:first])
    if above:
        return above
    return _tidy([line for line in lines[first:] if not line.lstrip().startswith(">") and not _is_frame(line)])


def _first_quote(lines: list[str]) -> int:
    """Where the quote begins; the number of lines where there is none."""
    for place, line in enumerate(lines):
        joined = f"{line.strip()} {lines[place + 1].strip()}" if place + 1 < len(lines) else line
        if MARK in line or line.lstrip().startswith(">"):
            return place - _introduced(lines, place)
        if any(pattern.match(line) for pattern in _INTRODUCTIONS):
            return place
        if joined != line and any(pattern.match(joined) for pattern in _INTRODUCTIONS[:4]):
            return place
        if _headers_from(lines, place) >= 3:
            return place
    return len(lines)


def _introduced(lines: list[str], place: int) -> int:
    """How many lines right above a quote introduce it ("Ana schrieb:")."""
    back = place - 1
    while back >= 0 and not lines[back].strip():
        back -= 1
    return place - back if back >= 0 and lines[back].rstrip().endswith((":", "：")) and "@" in lines[back] else 0


def _headers_from(lines: list[str], place: int) -> int:
    count = 0
    for line in lines[place : place + 6]:
        if not _HEADER.match(line):
            break
        count += 1
    return count


def _is_frame(line: str) -> bool:
    return MARK in line or any(p.match(line) for p in _INTRODUCTIONS) or _HEADER.match(line) is not None


def _tidy(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if _SIGNATURE.match(line):
            break
        if not _DEVICE.match(line):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


class _Words(HTMLParser):
    """HTML to lines; quotes become `>` lines, what is not shown is left out."""

    BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})
    HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    QUOTES = (
        "gmail_quote",
        "yahoo_quoted",
        "moz-cite-prefix",
        "protonmail_quote",
        "OLK_SRC_BODY_SECTION",
        "divRplyFwdMsg",
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.open: list[tuple[str, bool]] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        is_quote = tag == "blockquote" or any(word in marks for word in self.QUOTES)
        if tag in self.HIDDEN:
            self.hidden += 1
        if tag in self.BREAKS:
            self._break()
        if tag not in ("br", "img", "hr", "meta", "link", "input"):
            self.open.append((tag, is_quote))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN and self.hidden:
            self.hidden -= 1
        if tag in self.BREAKS:
            self._break()
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                break

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        words = re.sub(r"\s+", " ", data)
        if any(is_quote for _tag, is_quote in self.open) and words.strip():
            words = f"> {words}" if not self.lines[-1] else words
        self.lines[-1] += words

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")


def text_of_html(html: str) -> str:
    """The words of an HTML body, quotes as `>` lines."""
    parser = _Words()
    parser.feed(html[:500_000])
    parser.close()
    return "\n".join(line.strip() for line in parser.lines).strip()
