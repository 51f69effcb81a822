"""The page: one file that needs nothing else, to be opened from a disk or sent by mail. It loads nothing and runs
nothing; its content security policy says so too."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from fondaco.images.audit.sources import Source

from .drawing import figure, share_bar, stack
from .figures import Found, Summary
from .thumbs import Thumbs
from .worst import Offender

OFFENDER_PX, ALIKE_PX = 280, 132
MOST_GROUPS, MOST_IN_GROUP, MOST_ERRORS = 12, 6, 20
STYLES = ("reset.css", "tokens.css", "base.css")
TONES = {"eligible": "good", "rejected": "bad", "unreadable": "neutral"}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def render(summary: Summary, source: Source) -> str:
    """The whole document."""
    thumbs = Thumbs(source)
    sections = (
        _head(summary),
        _findings(summary),
        _histograms(summary),
        _offenders(summary, thumbs),
        _alike(summary, thumbs),
        _errors(summary),
        _foot(summary),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Audit of {escape(summary.source)}</title><style>{_styles()}</style></head>"
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def _styles() -> str:
    """The site's own look, and what only this page has."""
    site = files("fondaco.web").joinpath("static/web/css")
    shared = [site.joinpath(name).read_text(encoding="utf-8") for name in STYLES]
    return "\n".join([*shared, files(__package__).joinpath("page.css").read_text(encoding="utf-8")])


def _head(summary: Summary) -> str:
    tiles = "".join(
        f'<div class="stat"><dt><i class="dot tone-{TONES[name]}"></i>{name.capitalize()}</dt>'
        f"<dd>{count:,} <small>{_share(count, summary.pictures)}</small></dd></div>"
        for name, count in summary.verdicts.items()
    )
    bar = stack([(name.capitalize(), TONES[name], count) for name, count in summary.verdicts.items()])
    return (
        f'<header><p class="eyebrow">Fondaco audit</p><h1>{escape(summary.source)}</h1>'
        f'<p class="lead">{escape(_lead(summary))}</p></header>'
        f'<section aria-label="Verdicts"><dl class="stats">{tiles}</dl>{bar}</section>'
    )


def _lead(summary: Summary) -> str:
    formats = ", ".join(f"{name} {count:,}" for name, count in summary.formats.items())
    read = {"header": "headers only", "half": "read at half size", "full": "read at full size"}[summary.mode]
    return (
        f"{summary.pictures:,} pictures, {summary.size_bytes / 1e9:,.2f} GB ({formats or 'no format recognised'}), judged by "
        f"the profile {summary.profile} ({summary.profile_title}, valid from {summary.profile_valid_from}), {read}."
    )


def _findings(summary: Summary) -> str:
    if not summary.findings:
        return '<section><h2>Findings</h2><p class="panel">Nothing was found.</p></section>'
    rows = "".join(_finding(found, summary.pictures) for found in summary.findings)
    return (
        '<section aria-labelledby="findings"><h2 id="findings">Findings</h2>'
        '<p class="soft">A picture can have several. Red: pictures that this finding bars; yellow: pictures that it only warns of.</p>'
        '<div class="panel scroll"><table class="findings"><thead><tr><th scope="col">Finding</th><th scope="col">Pictures</th>'
        '<th scope="col">Barred</th><th scope="col">Share</th><td></td></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _finding(found: Found, whole: int) -> str:
    return (
        f'<tr><th scope="row"><details><summary>{escape(found.title)}</summary><p>{escape(found.why)}</p>'
        f"<p>{escape(found.fix)}</p><p class=soft><code>{escape(found.code)}</code> {escape(found.clause)}</p></details></th>"
        f"<td>{found.count:,}</td><td>{found.stops:,}</td><td>{_share(found.count, whole)}</td>"
        f'<td class="bar">{share_bar(found.count, found.stops, whole)}</td></tr>'
    )


def _histograms(summary: Summary) -> str:
    drawn = "".join(figure(one) for one in summary.histograms)
    return f'<section aria-labelledby="measures"><h2 id="measures">How they measure</h2><div class="charts">{drawn}</div></section>'


def _offenders(summary: Summary, thumbs: Thumbs) -> str:
    if not summary.offenders:
        return ""
    cards = "".join(_offender(one, thumbs) for one in summary.offenders)
    return (
        '<section aria-labelledby="worst"><h2 id="worst">Worst offenders</h2>'
        '<p class="soft">Rejected pictures with the most findings; no more than a few with the same ones.</p>'
        f'<ul class="cards">{cards}</ul></section>'
    )


def _offender(one: Offender, thumbs: Thumbs) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in one.reasons)
    return (
        f'<li class="panel card">{_drawn(one, thumbs.of(one.path, side=OFFENDER_PX))}'
        f'<p class="path">{escape(one.path)}</p><p class="soft">{one.width} × {one.height} px</p>'
        f'<ul class="reasons">{reasons}</ul></li>'
    )


def _drawn(one: Offender, address: str) -> str:
    """The picture with what was found drawn on it."""
    if not address:
        return '<div class="niche">no preview</div>'
    said = escape(f"{one.path}: {', '.join(one.reasons)}")
    marks = "".join(
        f'<g><rect class="halo" {box}/><rect class="mark" {box}/><title>{escape(title)}</title></g>'
        for title, box in _boxes(one)
    )
    return (
        f'<svg class="seen" viewBox="0 0 {one.width} {one.height}" role="img" aria-label="{said}">'
        f'<image href="{address}" width="{one.width}" height="{one.height}" preserveAspectRatio="none"/>{marks}</svg>'
    )


def _boxes(one: Offender) -> Iterator[tuple[str, str]]:
    """Each region once, with everything that was found there."""
    titles: dict[tuple[int, int, int, int], list[str]] = {}
    for title, *box in one.regions:
        titles.setdefault((box[0], box[1], box[2], box[3]), []).append(title)
    for (x, y, w, h), found in titles.items():
        yield ", ".join(dict.fromkeys(found)), f'x="{x}" y="{y}" width="{w}" height="{h}"'


def _alike(summary: Summary, thumbs: Thumbs) -> str:
    groups = summary.groups
    if not groups.count:
        return ""
    shown = "".join(_group(rows, thumbs) for rows in groups.largest(MOST_GROUPS))
    return (
        '<section aria-labelledby="alike"><h2 id="alike">Alike</h2>'
        f'<p class="soft">{groups.pictures:,} pictures in {groups.count:,} groups look alike: their products differ in at '
        f"most {groups.bits} of 64 bits from a neighbour in the group. {groups.copies:,} files repeat another byte for byte. "
        f"The largest groups; all of them are in duplicates.parquet.</p>"
        f'<ol class="groups">{shown}</ol></section>'
    )


def _group(rows: list[dict[str, object]], thumbs: Thumbs) -> str:
    first = str(rows[0]["path"])
    drawn = [(str(row["path"]), thumbs.of(str(row["path"]), side=ALIKE_PX)) for row in rows[:MOST_IN_GROUP]]
    pictures = "".join(
        f'<img src="{address}" alt="{escape(path)}" title="{escape(path)}">' for path, address in drawn if address
    )
    more = f'<span class="more">+{len(rows) - MOST_IN_GROUP:,}</span>' if len(rows) > MOST_IN_GROUP else ""
    return (
        f'<li class="panel"><p><strong>{len(rows):,} pictures</strong> <span class="path soft">{escape(first)} …</span></p>'
        f'<div class="strip">{pictures}{more}</div></li>'
    )


def _errors(summary: Summary) -> str:
    if not summary.errors:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(words)}</th><td>{count:,}</td></tr>'
        for words, count in list(summary.errors.items())[:MOST_ERRORS]
    )
    return (
        '<section aria-labelledby="errors"><h2 id="errors">Could not be read</h2>'
        '<p class="soft">Nothing can be said about these; the next run tries them again.</p>'
        '<div class="panel scroll"><table><thead><tr><th scope="col">Reason</th><th scope="col">Pictures</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _foot(summary: Summary) -> str:
    return (
        "<footer><p class=soft>One row a picture stands in <code>pictures/*.parquet</code> beside this page: path, hash, size, "
        "verdict, findings and every measure. In DuckDB, say: <code>SELECT path, stops FROM 'pictures/*.parquet' "
        "WHERE verdict = 'rejected'</code></p></footer>"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
