"""Drawings of the page: words are HTML and keep their size, only bars and strokes are SVG. Each says itself in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .histogram import Bin, Histogram

WIDE, HIGH = 1000, 300


def number(value: float) -> str:
    """ "1,600", "0.85": three figures are enough for a chart."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"


def stack(parts: Sequence[tuple[str, str, int]]) -> str:
    """One bar of several parts: (words, tone, count)."""
    whole = sum(count for *_, count in parts) or 1
    drawn, at = [], 0.0
    for words, tone, count in parts:
        length = WIDE * count / whole
        if count:
            label = escape(f"{words}: {count:,}")
            drawn.append(
                f'<rect class="tone-{tone}" x="{at:.2f}" width="{length:.2f}" height="40"><title>{label}</title></rect>'
            )
        at += length
    said = escape("; ".join(f"{words} {count:,}" for words, _, count in parts))
    return (
        f'<svg class="stack" viewBox="0 0 {WIDE} 40" preserveAspectRatio="none" role="img" aria-label="{said}">'
        f"{''.join(drawn)}</svg>"
    )


def share_bar(part: int, stops: int, whole: int) -> str:
    """How much of `whole` a finding has, the part it bars darker. The figures stand beside it: hidden from readers."""
    lengths = [WIDE * value / (whole or 1) for value in (part, stops)]
    return (
        f'<svg class="share" viewBox="0 0 {WIDE} 20" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="ground" width="{WIDE}" height="20"/><rect class="tone-warn" width="{lengths[0]:.2f}" height="20"/>'
        f'<rect class="tone-bad" width="{lengths[1]:.2f}" height="20"/></svg>'
    )


def figure(one: Histogram) -> str:
    """A histogram with its limits, a sentence, and its numbers in a table to open."""
    head = f'<figure class="panel chart" aria-labelledby="h-{one.key}"><figcaption><h3 id="h-{one.key}">{escape(one.title)}</h3>'
    if one.middle is None:
        return f"{head}<p class=soft>No picture was measured for this.</p></figcaption></figure>"
    return f"{head}<p class=soft>{escape(sentence(one))}</p></figcaption>{_plot(one)}{_numbers(one)}</figure>"


def sentence(one: Histogram) -> str:
    """The histogram in words."""
    low, middle, high = (number(value or 0.0) for value in (one.low, one.middle, one.high))
    words = (
        f"Half of {one.count:,} pictures lie at or below {_with_unit(middle, one)}; "
        f"one in ten at or below {low}, one in ten at or above {high}."
    )
    bad = sum(b.count for b in one.bins if b.bad)
    return f"{words} Beyond the limit: {bad:,}." if bad else words


def _with_unit(words: str, one: Histogram) -> str:
    return f"{words} {one.unit}".strip()


def _plot(one: Histogram) -> str:
    top = max(b.count for b in one.bins) or 1
    step = WIDE / len(one.bins)
    rects = "".join(_bar(b, n * step, step, top, one.unit) for n, b in enumerate(one.bins))
    span = one.bins[-1].high - one.bins[0].low
    marks = [((m.at - one.bins[0].low) / span, m) for m in one.marks]
    strokes = "".join(
        f'<line class="limit" x1="{WIDE * at:.1f}" x2="{WIDE * at:.1f}" y1="0" y2="{HIGH}"/>' for at, _ in marks
    )
    labels = "".join(
        f'<span class="{"before" if at > 0.5 else "after"}" style="--at:{100 * at:.2f}%;--row:{n}">'
        f"{escape(m.words)} {number(m.at)}</span>"
        for n, (at, m) in enumerate(marks)
    )
    axis = "".join(f"<span>{words}</span>" for words in _axis(one))
    return (
        f'<div class="plot"><div class="marks" style="--rows:{len(marks)}" aria-hidden="true">{labels}</div>'
        f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" aria-label="{escape(_said(one))}">'
        f'{rects}<line class="base" x1="0" x2="{WIDE}" y1="{HIGH}" y2="{HIGH}"/>{strokes}</svg>'
        f'<div class="axis" aria-hidden="true">{axis}</div></div>'
    )


def _bar(b: Bin, x: float, step: float, top: int, unit: str) -> str:
    """At least three thousandths high, so that one picture among thousands is still seen."""
    high = max(HIGH * b.count / top, 4) if b.count else 0
    tone = "bad" if b.bad else "fine"
    return (
        f'<rect class="tone-{tone}" x="{x + step * 0.06:.1f}" y="{HIGH - high:.1f}" width="{step * 0.88:.1f}" '
        f'height="{high:.1f}"><title>{escape(_range(b, unit))}: {b.count:,}</title></rect>'
    )


def _axis(one: Histogram) -> list[str]:
    low, high = one.bins[0].low, one.bins[-1].high
    first = f"{number(low)}{' or less' if one.bins[0].open else ''}"
    last = f"{_with_unit(number(high), one)}{' or more' if one.bins[-1].open else ''}"
    return [first, number((low + high) / 2), last]


def _said(one: Histogram) -> str:
    limits = ", ".join(f"{m.words} {_with_unit(number(m.at), one)}" for m in one.marks)
    return f"{one.title}. {sentence(one)}" + (f" Marked: {limits}." if limits else "")


def _range(b: Bin, unit: str) -> str:
    return f"{number(b.low)} to {number(b.high)} {unit}".strip()


def _numbers(one: Histogram) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(_range(b, one.unit))}</th><td>{b.count:,}</td></tr>' for b in one.bins if b.count
    )
    return (
        f"<details><summary>Numbers</summary><table><caption class=unseen>{escape(one.title)}</caption>"
        f"<thead><tr><th scope=col>Range</th><th scope=col>Pictures</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )
