"""Charts drawn by the server. The numbers are a real table or stand in one beside the drawing, so a chart says
the same to the eye, to a screen reader and on paper; text stays text and keeps its size on a phone.

Put a chart into the context and write `{{ chart }}`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from fondaco.web import dates

type Number = int | float
type Written = Callable[[Any], str]

SCALE = 1000
"""Width and height of every drawing in its own units; the browser stretches it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: `start` and `length` in thousandths of the drawing; `words` is the value as the reader writes it."""

    label: str
    start: int
    length: int
    words: str
    tone: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its points in thousandths, from the top left, and its values as words."""

    name: str
    number: int
    points: tuple[tuple[int, int], ...]
    words: tuple[str, ...]

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in self.points)

    @property
    def dots(self) -> str:
        """Each point as a stroke of no length: round ends make it a dot that does not stretch."""
        return "".join(f"M{x} {y}h0" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Chart:
    """What `{{ chart }}` shows."""

    kind: str
    title: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[str, ...] = ()
    axis: tuple[str, ...] = ()
    zero: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def __html__(self) -> SafeString:
        return render_to_string(f"web/components/charts/{self.kind}.html", {"chart": self, **self.extra})

    def __str__(self) -> str:
        return self.__html__()


def bars(
    rows: Sequence[tuple[str, Number] | tuple[str, Number, str]], *, title: str, written: Written | None = None
) -> Chart:
    """Horizontal bars from a common zero. A row is (label, value) or (label, value, tone); values may be negative."""
    write = written or dates.number
    values = [row[1] for row in rows]
    low, high = min([0, *values]), max([0, *values])
    at = _scale(low, high)
    drawn = tuple(
        Bar(row[0], *_span(at, 0, row[1]), write(row[1]), row[2] if len(row) > 2 else "")  # type: ignore[misc]
        for row in rows
    )
    return Chart("bars", title, bars=drawn, zero=at(0))


def waterfall(
    steps: Sequence[tuple[str, Number]],
    *,
    title: str,
    total: str,
    start: tuple[str, Number] | None = None,
    written: Written | None = None,
) -> Chart:
    """How a sum came about: from `start`, step by step, to the total, which is computed here."""
    write = written or dates.number
    levels, running = [], start[1] if start else 0
    for _label, change in steps:
        levels.append((running, running + change))
        running += change
    at = _scale(*_bounds([0, running, *(level for pair in levels for level in pair)]))
    rows = [Bar(start[0], *_span(at, 0, start[1]), write(start[1]), "", True)] if start else []
    for (label, change), (before, after) in zip(steps, levels, strict=True):
        words = f"+{write(change)}" if change > 0 else write(change)
        rows.append(Bar(label, *_span(at, before, after), words, "good" if change >= 0 else "bad"))
    rows.append(Bar(total, *_span(at, 0, running), write(running), "", True))
    return Chart("bars", title, bars=tuple(rows), zero=at(0))


def lines(
    series: Sequence[tuple[str, Sequence[Number]]], *, labels: Sequence[str], title: str, written: Written | None = None
) -> Chart:
    """Up to three series over the same labels, one value for each label. The axis begins at zero."""
    write = written or dates.number
    low, high = _bounds([0, *(value for _name, values in series for value in values)])
    high = _round_up(high)
    at = _scale(low, high)
    step = SCALE / max(1, len(labels) - 1)
    drawn = tuple(
        Line(
            name,
            number,
            tuple((round(i * step), SCALE - at(value)) for i, value in enumerate(values)),
            tuple(write(value) for value in values),
        )
        for number, (name, values) in enumerate(series, start=1)
    )
    axis = tuple(write(low + (high - low) * part) for part in (1, 0.5, 0))
    return Chart("lines", title, lines=drawn, labels=tuple(labels), axis=axis, zero=SCALE - at(0))


def meter(
    *,
    label: str,
    value: Number,
    least: Number | None = None,
    most: Number | None = None,
    top: Number = 100,
    written: Written | None = None,
) -> Chart:
    """A measured value beside the least or most that is allowed: fill of a picture, use of a limit."""
    write = written or dates.number
    well = (least is None or value >= least) and (most is None or value <= most)
    at = _scale(0, top)
    limits = [at(limit) for limit in (least, most) if limit is not None]
    bar = Bar(label, *_span(at, 0, min(value, top)), write(value), "good" if well else "bad")
    words = {"least": write(least) if least is not None else "", "most": write(most) if most is not None else ""}
    return Chart("meter", label, bars=(bar,), extra={"limits": limits, **words})


def _bounds(values: Sequence[Number]) -> tuple[Number, Number]:
    return min(values), max(values)


def _scale(low: Number, high: Number) -> Callable[[Number], int]:
    reach = (high - low) or 1
    return lambda value: round((value - low) * SCALE / reach)


def _span(at: Callable[[Number], int], one: Number, other: Number) -> tuple[int, int]:
    """Start and length; at least two thousandths, so that a small value is still a line."""
    left, right = sorted((at(one), at(other)))
    return left, max(2, right - left)


def _round_up(value: Number) -> Number:
    """The next 1, 2 or 5 times a power of ten: a top for the axis that can be read."""
    if value <= 0:
        return 1
    power = 1
    while power * 10 <= value:
        power *= 10
    return next(power * step for step in (1, 2, 5, 10) if power * step >= value)
