"""Markdown of our articles to safe HTML: anchored headings, framed tables, callouts, resolved links. Plain Python.

Headings name their own anchor, `## Find the report {#find}`, so that it is the same in every language. Links say what
they lead to: `help:SLUG#anchor`, `clause:ID`, `url:NAME`. What an installation does not have becomes plain words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from fondaco.help.placeholders import BLOCKS

ANCHOR = re.compile(r"\s*\{#(?P<id>[a-z0-9-]+)\}\s*$")
CALLOUT = re.compile(r"^\[!(?P<kind>note|tip|warning)\]\s*", re.IGNORECASE)
_BLOCK = re.compile(rf"<p>BLOCK:({'|'.join(BLOCKS)}):([a-z0-9_.-]+)</p>")
_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])((?:</?(?:strong|a|em)\b[^>]*>)*) ((?:</?(?:strong|a|em)\b[^>]*>)*)(?=[{_HAN}])")

_ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"id", "class"},
    "a": {"href", "hreflang", "lang"},
    "td": {"data-label"},
    "th": {"scope", "data-label"},
    "div": {"role", "tabindex", "aria-label"},
    "aside": {"role"},
    "ol": {"start"},
}
_TAGS = {
    "a",
    "aside",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an article. `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's HTML, safe to show, and its headings in order."""

    html: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rendering asks of the outside. `link(target)` answers an address, or None for what is not there.

    `block(kind, name)` answers safe HTML. `callouts` are the titles of note, tip and warning, `table_label` what a
    framed table is called for a screen reader.
    """

    link: Callable[[str], str | None]
    block: Callable[[str, str], str]
    callouts: Mapping[str, str]
    table_label: str


def render(markdown: str, *, around: Surroundings) -> Rendered:
    """The article's HTML. Placeholders must be filled already."""
    tokens = parse(markdown)
    headings = tuple(_headings(tokens))
    _resolve_links(tokens, around.link)
    _frame_tables(tokens, around.table_label)
    _open_callouts(tokens, around.callouts)
    html = RendererHTML().render(tokens, _PARSER.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=dict(_ATTRIBUTES), link_rel=None, url_schemes={"http", "https"})
    return Rendered(_BLOCK.sub(lambda m: around.block(m[1], m[2]), _HAN_GAP.sub(r"\1\2", clean)), headings)


def inline(markdown: str, *, link: Callable[[str], str | None]) -> str:
    """One line of Markdown as safe HTML."""
    tokens = _PARSER.parseInline(markdown)
    _resolve_links(tokens, link)
    html = RendererHTML().render(tokens, _PARSER.options, {})
    return nh3.clean(html, tags=_TAGS, attributes=dict(_ATTRIBUTES), link_rel=None, url_schemes={"http", "https"})


def parse(markdown: str) -> list[Token]:
    """The tokens of a text, anchors taken out of its headings and set as their ids."""
    tokens = _PARSER.parse(markdown)
    for opened, content in pairwise(tokens):
        if opened.type == "heading_open" and (found := ANCHOR.search(content.content)):
            opened.attrSet("id", found["id"])
            _drop_anchor(content)
    return tokens


def headings_of(markdown: str) -> tuple[Heading, ...]:
    """The headings of a text in order."""
    return tuple(_headings(parse(markdown)))


def plain_text(markdown: str) -> str:
    """The words of a text without its marks: for search and snippets."""
    lines = []
    for token in parse(markdown):
        if token.type == "inline":
            lines.append("".join(_words_of(child) for child in token.children or ()))
    return "\n".join(line for line in lines if line and not line.startswith("BLOCK:"))


def targets_of(markdown: str) -> list[str]:
    """Every link target in a text, sorted."""
    return sorted(str(child.attrGet("href")) for child in _links(parse(markdown)))


def shape_of(markdown: str) -> list[str]:
    """The kinds of block in order: two languages of one article have the same."""
    return [f"{t.type}:{t.attrGet('id') or t.tag}" for t in parse(markdown) if t.type != "inline" and t.nesting >= 0]


def _drop_anchor(content: Token) -> None:
    content.content = ANCHOR.sub("", content.content)
    last = next((child for child in reversed(content.children or ()) if child.type == "text"), None)
    if last is not None:
        last.content = ANCHOR.sub("", last.content)


def _headings(tokens: Sequence[Token]) -> list[Heading]:
    return [
        Heading(int(opened.tag[1]), str(opened.attrGet("id") or ""), _heading_words(content))
        for opened, content in pairwise(tokens)
        if opened.type == "heading_open" and opened.tag in ("h2", "h3")
    ]


def _heading_words(content: Token) -> str:
    return "".join(_words_of(child) for child in content.children or ())


def _words_of(child: Token) -> str:
    return " " if child.type in ("softbreak", "hardbreak") else child.content


def _links(tokens: Sequence[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or () if child.type == "link_open"]


def _resolve_links(tokens: Sequence[Token], link: Callable[[str], str | None]) -> None:
    """Each link gets its address; one that leads nowhere here becomes a span with the same words."""
    for token in tokens:
        lost = False
        for child in token.children or ():
            if child.type == "link_open":
                address = link(str(child.attrGet("href")))
                lost = address is None
                child.tag = "span" if lost else "a"
                child.attrs = {"class": "soft"} if lost else {"href": str(address)}
            elif child.type == "link_close":
                child.tag = "span" if lost else "a"


def _frame_tables(tokens: list[Token], label: str) -> None:
    """Tables scroll inside a frame, become cards on a phone, and their first cells are row headings."""
    for table in [token for token in tokens if token.type == "table_open"]:
        table.attrSet("class", "table table--roomy table--cards")
    _label_cells(tokens)
    framed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            frame: dict[str, str | int | float] = {
                "class": "table-frame",
                "role": "region",
                "tabindex": "0",
                "aria-label": label,
            }
            framed += [Token("frame_open", "div", 1, attrs=frame, block=True), token]
        elif token.type == "table_close":
            framed += [token, Token("frame_close", "div", -1, block=True)]
        else:
            framed.append(token)
    tokens[:] = framed


def _label_cells(tokens: Sequence[Token]) -> None:
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "thead_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(_heading_words(tokens[place + 1]))
            _set_head(token, tokens[place + 2], heads[-1])
        elif token.type == "td_open":
            _set_cell(token, tokens[place + 2], column, heads)
            _wrap(tokens[place + 1])
            column += 1


def _set_head(opened: Token, closed: Token, words: str) -> None:
    opened.attrs = {"scope": "col"}
    if not words:  # a heading without words says nothing to a screen reader
        opened.tag = closed.tag = "td"
        opened.attrs = {}


def _set_cell(opened: Token, closed: Token, column: int, heads: Sequence[str]) -> None:
    opened.attrs = {}
    if column == 0:
        opened.tag = closed.tag = "th"
        opened.attrSet("scope", "row")
    elif column < len(heads) and heads[column]:
        opened.attrSet("data-label", heads[column])


def _wrap(content: Token) -> None:
    """One element around a cell's words: on a phone the cell is a grid of its label and this."""
    opened, closed = Token("span_open", "span", 1), Token("span_close", "span", -1)
    content.children = [opened, *(content.children or ()), closed]


def _open_callouts(tokens: list[Token], titles: Mapping[str, str]) -> None:
    """`> [!note]` becomes an aside with its title; any other quotation stays one."""
    depth: list[bool] = []
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            kind = _callout_kind(tokens[place + 2]) if place + 2 < len(tokens) else None
            depth.append(kind is not None)
            if kind:
                token.tag = "aside"
                token.attrs = {"class": f"help-callout help-callout--{kind}", "role": "note"}
                _title_callout(tokens[place + 2], titles[kind])
        elif token.type == "blockquote_close" and depth.pop():
            token.tag = "aside"


def _callout_kind(content: Token) -> str | None:
    found = CALLOUT.match(content.content) if content.type == "inline" else None
    return found["kind"].lower() if found else None


def _title_callout(content: Token, title: str) -> None:
    """`[!note]` at the head of the words gives way to the title in bold."""
    children = list(content.children or ())
    rest = CALLOUT.sub("", children[0].content) if children else ""
    while len(children) > 1 and not rest and children[1].type == "softbreak":
        del children[1]
    bold = [Token("strong_open", "strong", 1), Token("text", "", 0, content=title), Token("strong_close", "strong", -1)]
    content.children = [*bold, Token("hardbreak", "br", 0), Token("text", "", 0, content=rest), *children[1:]]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: not url.lower().lstrip().startswith(("javascript:", "vbscript:", "data:"))  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
