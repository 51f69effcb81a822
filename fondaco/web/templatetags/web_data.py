"""Times, amounts and codes in templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fondaco.engine import clock
from fondaco.kit.diagnosis import Link
from fondaco.kit.money import Money
from fondaco.web import dates, programmes, refusals

register = template.Library()


@register.simple_tag
def at(when: datetime | None, short: bool = False) -> SafeString | str:
    """A time in the reader's zone, the zone named; `short` leaves year-seconds and zone to the tooltip."""
    if when is None:
        return "—"
    text = dates.at_short(when) if short else dates.at(when)
    return format_html('<time datetime="{}" title="{}">{}</time>', dates.machine(when), dates.at(when), text)


@register.simple_tag
def age(when: datetime | None) -> SafeString | str:
    """`3 hours ago` or `in 2 days`, by the store's clock; the exact time as tooltip."""
    if when is None:
        return "—"
    text = dates.age(when, now=clock.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', dates.machine(when), dates.at(when), text)


@register.simple_tag
def due(when: datetime | None, soon_hours: int = 24) -> SafeString | str:
    """A due time with how far off it is, toned: bad when past, warn within `soon_hours`."""
    if when is None:
        return "—"
    now = clock.now()
    tone = "bad" if when < now else "warn" if when - now < timedelta(hours=soon_hours) else "soft"
    return format_html('{} <span class="{} small nowrap">({})</span>', at(when), tone, dates.age(when, now=now))


@register.simple_tag
def zone() -> str:
    """The short name of the reader's zone now, for the head of a table of short times."""
    return dates.zone_name(clock.now())


@register.filter
def day(when: date | datetime | None) -> str:
    return dates.day(when) if when else "—"


@register.filter
def span(length: timedelta | None) -> str:
    return dates.span(length) if length is not None else "—"


@register.filter
def money(amount: Money | int | None, currency: str = "USD") -> str:
    """Money, or minor units: `{{ order.total }}|money`, `{{ price_minor|money:"USD" }}`."""
    return dates.money(amount, currency or "USD") if amount is not None else "—"


@register.filter
def grouped(value: int | float | None) -> str:
    return dates.number(value) if value is not None else "—"


@register.filter
def filesize(bytes_: int | None) -> str:
    return dates.size(bytes_) if bytes_ is not None else "—"


@register.simple_tag
def programme(name: str) -> str:
    """The marketplace's own name of a programme: `{% programme "prime" %}`."""
    return programmes.name_of(name)


@register.simple_tag
def clause(clause_id: str) -> SafeString | str:
    """A chip with a requirement's id that leads to its sentence in the help centre."""
    if not clause_id:
        return ""
    return format_html('<a class="chip" href="{}">{}</a>', clause_url(clause_id), clause_id)


@register.simple_tag
def code(value: Any) -> SafeString:
    """A chip with a stable code."""
    return format_html('<span class="chip">{}</span>', value)


@register.filter
def filled(msgid: str, facts: Mapping[str, Any]) -> str:
    """A sentence of the trade in the reader's language, with facts in it."""
    return refusals.filled(msgid, facts)


@register.filter
def evidence(value: Any) -> str:
    """A fact of a diagnosis: stored times are ISO text, and are shown as times."""
    if isinstance(value, str) and len(value) >= 19 and value[10:11] == "T":
        try:
            return dates.at(datetime.fromisoformat(value))
        except ValueError:
            return value
    return str(refusals.written(value))


@register.filter
def link_url(link: Link) -> str:
    """Where a diagnosis leads; empty where this installation has no such page. What is no part of the address is asked
    for behind it."""
    try:
        return reverse(link.name, kwargs=dict(link.args))
    except NoReverseMatch:
        try:
            return f"{reverse(link.name)}?{urlencode(link.args)}"
        except NoReverseMatch:
            return ""


@register.filter
def error_url(code_: str) -> str:
    """The page of an error code in the reference; empty where this installation has no help centre."""
    try:
        return reverse("help:error", args=[code_])
    except NoReverseMatch:
        return ""


@register.filter
def clause_url(clause_id: str) -> str:
    """Where a requirement's sentence stands."""
    try:
        return reverse("help:clause", args=[clause_id])
    except NoReverseMatch:
        return f"/help/clauses/{clause_id}"
