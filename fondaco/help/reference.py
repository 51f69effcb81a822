"""Every error code that the product can show, gathered from the catalogues that own them.

Three catalogues exist: findings of the picture check, faults of fetching an address, and errors of inventory files.
Each has its own shape; here they become one. Nothing is copied: a code that is added there appears here by itself.
Words stay English msgids; pages translate them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

PICTURE, FETCH, FEED = "picture", "fetch", "feed"

_PLACE = re.compile(r"%\((\w+)\)[sd]")
_FETCH_KEYS = re.compile(r"^(?:image|fetch|url|media)[-_]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the reference. `group` is PICTURE, FETCH or FEED.

    `key` is unique; `code` is what a report prints and may be shared. `title`, `message`, `fix` and `why` are English
    msgids, `message` and `fix` with `%(name)s` for what is only known in a case. `severity` is fatal, error, warning or
    empty where the profile decides. `number` is the published number of B-IMG-08. `retries` tells whether we try again.
    """

    key: str
    code: str
    group: str
    message: str
    fix: str
    title: str = ""
    why: str = ""
    clause: str = ""
    severity: str = ""
    number: int | None = None
    suppresses: str = ""
    retries: bool | None = None


def entries() -> tuple[Entry, ...]:
    """Everything, in the order of the catalogues; a catalogue that is not installed is left out."""
    return (*pictures(), *fetching(), *feeds())


def pictures() -> tuple[Entry, ...]:
    """Findings of the picture check."""
    kinds = _catalogue("fondaco.images.pipeline.findings", "CATALOGUE")
    return tuple(_picture(kind) for kind in kinds)


def fetching() -> tuple[Entry, ...]:
    """Faults of an address and of fetching it: those of the fetcher, and those that a report prints."""
    own = [_fetch(fault) for fault in _catalogue("fondaco.engine.fetch.faults", "CATALOGUE", "FAULTS", "all_faults")]
    own = own or [_fetch(fault) for fault in _catalogue("fondaco.engine.fetch", "CATALOGUE", "FAULTS", "all_faults")]
    printed = [_feed(fault, FETCH) for fault in _feed_faults() if _FETCH_KEYS.match(fault.key)]
    return tuple(_unlike(printed, own))


def feeds() -> tuple[Entry, ...]:
    """Errors of inventory files and their records."""
    return tuple(_feed(fault, FEED) for fault in _feed_faults() if not _FETCH_KEYS.match(fault.key))


def find(key: str) -> tuple[Entry, ...]:
    """The entries of this key or printed code, upper and lower case alike."""
    wanted = key.strip().casefold()
    return tuple(entry for entry in entries() if wanted in (entry.key.casefold(), entry.code.casefold()))


def readable(msgid: str, gap: str = "…") -> str:
    """A sentence with its unknown values as a gap: what a reference shows, where no case is at hand."""
    return _PLACE.sub(gap, msgid).replace("%%", "%")


def _catalogue(module: str, *names: str) -> Iterable[Any]:
    """What the first of these names holds: a mapping's values, a function's answer, or the thing itself."""
    try:
        owner = import_module(module)
    except ModuleNotFoundError:
        return ()
    found = next((getattr(owner, name) for name in names if hasattr(owner, name)), ())
    if isinstance(found, Mapping):
        return tuple(found.values())
    return tuple(found() if isinstance(found, Callable) else found)  # type: ignore[arg-type]


def _feed_faults() -> Iterator[Any]:
    yield from _catalogue("fondaco.feeds.errors", "all_faults", "CATALOGUE")


def _picture(kind: Any) -> Entry:
    return Entry(
        key=kind.code,
        code=kind.code,
        group=PICTURE,
        title=kind.title,
        message=kind.message,
        fix=kind.fix,
        why=kind.why,
        clause=kind.clause,
        number=kind.submission_error,
        suppresses=kind.suppression or "",
    )


def _feed(fault: Any, group: str) -> Entry:
    return Entry(
        key=fault.key,
        code=fault.code,
        group=group,
        message=fault.message,
        fix=fault.fix,
        clause=fault.clause,
        severity=str(fault.type),
    )


def _fetch(fault: Any) -> Entry:
    """A fault of the fetcher, whatever its catalogue calls the parts."""
    return Entry(
        key=_first(fault, "key", "code", "name"),
        code=_first(fault, "code", "key", "name"),
        group=FETCH,
        title=_first(fault, "title"),
        message=_first(fault, "message", "words", "WORDS"),
        fix=_first(fault, "fix", "FIX"),
        clause=_first(fault, "clause", "CLAUSE"),
        severity="error",
        retries=getattr(fault, "retries", getattr(fault, "retry", None)),
    )


def _first(thing: Any, *names: str) -> str:
    return next((str(value) for name in names if (value := getattr(thing, name, ""))), "")


def _unlike(printed: Iterable[Entry], own: Iterable[Entry]) -> Iterator[Entry]:
    """The printed ones, then those of the fetcher that no printed one says already."""
    kept = list(printed)
    said = {entry.message for entry in kept} | {entry.key.replace("_", "-") for entry in kept}
    yield from kept
    yield from (e for e in own if e.message not in said and e.key.replace("_", "-") not in said)
