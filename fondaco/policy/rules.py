"""Which policy value is in force: versions in, one value out. Plain Python, no clock, no database.

A version is in force from `effective_from` until `effective_to` (not included). Of the versions in force
the operator's beat the shipped ones, a shipped version for one store beats the one for all, and among
equals the one that starts last wins; so a version that lapses uncovers the one beneath.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from fondaco.kit.calendar import start_of_day
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.policy.stores import store_of

EVERY_STORE = "*"
BEGINNING = datetime.min.replace(tzinfo=UTC)
_VERSION_NAME = re.compile(r"(?P<key>[a-z_.]+)@(?P<store>[A-Z]{2})#(?P<number>\d+)(?::(?P<day>\d{4}-\d\d-\d\d))?")


class Basis(StrEnum):
    """Where a value comes from: the seed documents, public detail beyond them, a decision, the operator."""

    SEED = "S"
    BEYOND = "B"
    DECISION = "D"
    OPERATOR = "O"


class UnknownKey(NotFound):
    """No policy has this key."""

    CODE = "unknown_policy"
    WORDS = "There is no policy called %(key)s."


class UnknownVersion(NotFound):
    """No version of a policy has this name."""

    CODE = "unknown_policy_version"
    WORDS = "There is no policy version called %(version)s."


class NotYetInForce(Invalid):
    """A key without any value at that time and store: a gap in the data."""

    CODE = "policy_without_value"
    WORDS = "%(key)s has no value for %(store)s at that time."


class RewritesThePast(Refusal):
    """A version that would begin before now."""

    CODE = "policy_rewrites_past"
    WORDS = "A new version cannot begin in the past: decisions already made keep the version they used."
    FIX = "Choose a time that is still to come."
    CLAUSE = "Q-52"


class EndsBeforeItBegins(Invalid):
    """A version that would end at or before its beginning."""

    CODE = "policy_ends_before_it_begins"
    WORDS = "The end must come after the beginning."


class AlreadyInForce(Refusal):
    """Only what has not begun can be withdrawn."""

    CODE = "policy_already_in_force"
    WORDS = "%(version)s has begun to apply and cannot be withdrawn."
    FIX = "Publish another version instead."
    CLAUSE = "Q-52"


class NothingChanges(Refusal):
    """The new version says what is in force already."""

    CODE = "policy_unchanged"
    WORDS = "In the store %(store)s this is the value that would be in force anyway."


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one key.

    `number` 0 is shipped, from 1 on the operator's, counted per key and store. `begins` and `ends` are
    aware UTC or, for shipped versions, days in the store's own zone; None is without limit.
    """

    key: str
    store: str
    number: int
    value: Any
    begins: datetime | date | None = None
    ends: datetime | date | None = None
    basis: Basis = Basis.OPERATOR
    source: str = ""
    note: str = ""
    author: str = ""
    clauses: tuple[str, ...] = ()

    def name_in(self, store: str) -> str:
        """How decisions cite it: `image.px@US#0`, `claim.reimbursement.window_days@US#0:2026-02-16`, `image.px@US#3`."""
        shipped_from = self.begins if self.number == 0 else None
        return f"{self.key}@{store}#{self.number}" + (f":{shipped_from.isoformat()}" if shipped_from else "")

    def value_in(self, store: str) -> PolicyValue:
        """As that store reads it."""
        since = _instant(self.begins, store)
        return PolicyValue(self.key, self.value, self.name_in(store), since, self.basis.value, store, self.clauses)


class PolicyValue(NamedTuple):
    """A value together with the version to cite. Unpacks in this order.

    `value` is read-only. `effective_from` is aware UTC, None when it was always so. `clauses` are SPEC ids.
    """

    key: str
    value: Any
    version: str
    effective_from: datetime | None
    basis: str
    store: str
    clauses: tuple[str, ...]

    @property
    def clause(self) -> str:
        """The first clause: what a refusal or deadline cites."""
        return self.clauses[0] if self.clauses else ""


class VersionName(NamedTuple):
    """The parts of a version's name."""

    key: str
    store: str
    number: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is in force for one key and store, over all time. `starts` ascends; the first is the beginning."""

    starts: tuple[datetime, ...]
    values: tuple[PolicyValue | None, ...]

    def at(self, at: datetime) -> PolicyValue | None:
        """The value in force at an instant, or None where there is none."""
        return self.values[bisect_right(self.starts, at) - 1]


def parse_version(name: str) -> VersionName:
    """The parts of `key@store#number` or `key@store#0:date`."""
    found = _VERSION_NAME.fullmatch(name)
    if not found:
        raise UnknownVersion(version=name[:100])
    day = date.fromisoformat(found["day"]) if found["day"] else None
    return VersionName(found["key"], found["store"], int(found["number"]), day)


def timeline(versions: Iterable[Version], *, store: str) -> Timeline:
    """The versions of one key that count for a store, laid out so that looking one up is a bisection."""
    spans = sorted((_span(version, store) for version in versions if version.store in (store, EVERY_STORE)), key=_rank)
    edges = {BEGINNING} | {edge for _, begins, ends in spans for edge in (begins, ends) if edge}
    starts = sorted(edges)
    return Timeline(tuple(starts), tuple(_in_force(spans, start, store) for start in starts))


def begins_at(version: Version, store: str) -> datetime:
    """The instant a version begins to apply in that store; the beginning of time if it always did."""
    return _instant(version.begins, store) or BEGINNING


def ends_at(version: Version, store: str) -> datetime | None:
    """The instant from which a version no longer applies in that store, or None."""
    return _instant(version.ends, store)


def check_new(*, begins: datetime, ends: datetime | None, now: datetime) -> None:
    """Refuses a version that would change what has been decided already, or that would never apply."""
    if begins < now:
        raise RewritesThePast(begins=begins.isoformat())
    if ends is not None and ends <= begins:
        raise EndsBeforeItBegins()


class Change(NamedTuple):
    """One place in which two values differ. None stands for what is not there."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, *, keys: Sequence[str] = ()) -> list[Change]:
    """Where two values in plain JSON differ, place by place.

    Rows of a table are matched by `keys`, so that inserting one does not make all others look changed.
    """
    return list(_differences(_keyed(before, keys), _keyed(after, keys), ""))


def _span(version: Version, store: str) -> tuple[Version, datetime, datetime | None]:
    return version, begins_at(version, store), _instant(version.ends, store)


def _rank(span: tuple[Version, datetime, datetime | None]) -> tuple[bool, bool, datetime, int]:
    version, begins, _ = span
    return version.number > 0, version.store != EVERY_STORE, begins, version.number


def _in_force(
    spans: Sequence[tuple[Version, datetime, datetime | None]], at: datetime, store: str
) -> PolicyValue | None:
    for version, begins, ends in reversed(spans):
        if begins <= at and (ends is None or at < ends):
            return version.value_in(store)
    return None


def _instant(limit: datetime | date | None, store: str) -> datetime | None:
    if limit is None or isinstance(limit, datetime):
        return limit
    return start_of_day(limit, store_of(store).zone)


def _keyed(value: Any, keys: Sequence[str]) -> Any:
    if not keys or not isinstance(value, list):
        return value
    return {" / ".join(str(row[key]) for key in keys): row for row in value}


def _differences(before: Any, after: Any, path: str) -> Iterable[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            place = f"{path}.{name}" if path else str(name)
            yield from _differences(before.get(name), after.get(name), place)
    elif before != after:
        yield Change(path, before, after)
