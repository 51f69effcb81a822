"""What the operator's pages show of policy. Whoever may open them may see all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext

from fondaco.kit.text import fold
from fondaco.policy import cache
from fondaco.policy.models import PolicyVersion
from fondaco.policy.rules import EVERY_STORE, PolicyValue, Version, begins_at, ends_at
from fondaco.policy.shipped import Area, Key, key_of, shipped


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key in the list: its definition, what is in force, and how many versions operators published."""

    key: Key
    value: PolicyValue
    published: int
    coming: int


@dataclass(frozen=True, slots=True)
class AreaRows:
    """A group of keys in the list."""

    area: Area
    rows: tuple[KeyRow, ...]


class State(StrEnum):
    """Where a version stands at a moment."""

    IN_FORCE = "in_force"
    COMING = "coming"
    RESTING = "resting"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the history of a key. `begins` is None for what always was so."""

    name: str
    version: Version
    state: State
    begins: datetime | None
    ends: datetime | None
    created_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    @property
    def can_be_withdrawn(self) -> bool:
        """Only what operators published and what has not begun."""
        return self.state is State.COMING and self.version.number > 0


def all_keys(*, store: str, at: datetime, search: str = "") -> list[AreaRows]:
    """Every key with its value in a store, grouped; only those that fit all words of `search`.

    Words are looked for in key, title, description and clauses, without case and accents, in the active language.
    """
    words = fold(search).split()
    published, coming = _counts(store, at)
    groups = []
    for area in shipped().areas:
        rows = tuple(
            KeyRow(key, cache.current().value(key.key, store, at=at), published[key.key], coming[key.key])
            for key in area.keys
            if _fits(key, area, words)
        )
        if rows:
            groups.append(AreaRows(area, rows))
    return groups


def history_of(key: str, *, store: str, at: datetime) -> list[VersionRow]:
    """Every version of a key that counts or counted in a store, the last to begin first. Refuses unknown keys."""
    now_in_force = cache.current().value(key, store, at=at).version
    rows = [
        _shipped_row(v, store, at, now_in_force) for v in shipped().versions[key_of(key).key] if _counts_in(v, store)
    ]
    rows += [_published_row(row, at, now_in_force) for row in PolicyVersion.objects.of(key).filter(store=store)]
    return sorted(rows, key=lambda row: (begins_at(row.version, store), row.version.number), reverse=True)


def stores_with_own_value(key: str, *, at: datetime) -> Sequence[str]:
    """The stores in which operators have published a version that counts or will count."""
    rows = PolicyVersion.objects.standing().of(key).order_by("store").values_list("store", "effective_to")
    return sorted({store for store, ends in rows if ends is None or ends > at})


def _fits(key: Key, area: Area, words: Sequence[str]) -> bool:
    if not words:
        return True
    title, about = gettext(key.title), gettext(key.about) if key.about else ""
    text = fold(" ".join((key.key, title, about, gettext(area.title), *key.clauses)))
    return all(word in text for word in words)


def _counts(store: str, at: datetime) -> tuple[Counter[str], Counter[str]]:
    rows = list(PolicyVersion.objects.standing().filter(store=store).values_list("key", "effective_from"))
    return Counter(key for key, _ in rows), Counter(key for key, begins in rows if begins > at)


def _counts_in(version: Version, store: str) -> bool:
    return version.store in (store, EVERY_STORE)


def _shipped_row(version: Version, store: str, at: datetime, in_force: str) -> VersionRow:
    name, begins = version.name_in(store), begins_at(version, store)
    shown = begins if version.begins else None
    return VersionRow(name, version, _state(name, begins, at, in_force), shown, ends_at(version, store))


def _published_row(row: PolicyVersion, at: datetime, in_force: str) -> VersionRow:
    state = State.WITHDRAWN if row.withdrawn_at else _state(str(row), row.effective_from, at, in_force)
    return VersionRow(
        name=str(row),
        version=row.as_version(),
        state=state,
        begins=row.effective_from,
        ends=row.effective_to,
        created_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by_name,
    )


def _state(name: str, begins: datetime, at: datetime, in_force: str) -> State:
    if name == in_force:
        return State.IN_FORCE
    return State.COMING if begins > at else State.RESTING
