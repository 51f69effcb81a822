"""Times and amounts as the reader writes them: their language, their zone, and the zone named (Q-54)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format, get_timezone_name
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fondaco.kit.money import Money

_LOCALES = {"en": "en_US", "vi": "vi_VN", "zh-hant": "zh_Hant_TW"}


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language) or _LOCALES.get(language.split("-")[0]) or "en_US")


def locale() -> Locale:
    """Babel's locale for the language of this request."""
    return _locale_of((get_language() or "en").lower())


def at(when: datetime) -> str:
    """`Mar 1, 2022, 2:05 PM CST`: an aware time, in the reader's zone, the zone named."""
    return f"{at_short(when)} {zone_name(when)}"


def at_short(when: datetime) -> str:
    """`Mar 1, 2022, 2:05 PM`: for tables whose head names the zone."""
    zone = timezone.get_current_timezone()
    local = when.astimezone(zone)
    parts = format_time(local, "short", tzinfo=zone, locale=locale()), format_date(local, "medium", locale=locale())
    joined = str(get_datetime_format("medium", locale=locale())).replace("'", "").format(*parts)
    # CLDR's narrow space before AM is missing from many fonts.
    return joined.replace("\u202f", "\u00a0")


def day(when: date | datetime) -> str:
    """`March 1, 2022`; a time is taken in the reader's zone."""
    if isinstance(when, datetime):
        when = when.astimezone(timezone.get_current_timezone()).date()
    return format_date(when, "long", locale=locale())


def zone_name(when: datetime) -> str:
    """The short name that the reader's zone has at that time: `CST`; where it has none, `GMT+7`, `GMT+5:30`."""
    local = when.astimezone(timezone.get_current_timezone())
    name = get_timezone_name(local, width="short", locale=locale())
    if not name.startswith(("+", "-")):
        return name
    hours, minutes = int(name[1:3]), int(name[3:5])
    return f"GMT{name[0]}{hours}" + (f":{minutes:02d}" if minutes else "")


def age(when: datetime, *, now: datetime) -> str:
    """`3 hours ago`, `in 2 days`, `just now`."""
    difference = when - now
    if abs(difference) < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(difference, add_direction=True, threshold=1.2, locale=locale())


def span(length: timedelta) -> str:
    """`24 hours`: a length of time, in its fitting unit."""
    return format_timedelta(length, threshold=1.2, locale=locale())


def money(amount: Money | int, currency: str = "USD") -> str:
    """`$12.50`: Money, or whole minor units of a currency."""
    value = amount if isinstance(amount, Money) else Money(amount, currency)
    return value.format((get_language() or "en").lower())


def number(value: int | float) -> str:
    """`1,045` as the reader groups digits."""
    return _number(value, (get_language() or "en").lower())


@lru_cache(maxsize=4096)
def _number(value: int | float, language: str) -> str:
    return format_decimal(value, locale=_locale_of(language))


def size(bytes_: int) -> str:
    """`1.4 MB`: a file's size, powers of ten as sellers' tools show them."""
    for limit, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if bytes_ >= limit:
            return f"{format_decimal(round(bytes_ / limit, 1), locale=locale())} {unit}"
    return f"{number(bytes_)} B"


def machine(when: datetime) -> str:
    """`2022-03-01T20:05:00Z`: for the `datetime` attribute."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
