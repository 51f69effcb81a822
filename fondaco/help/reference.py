"""Every error code that the product can show, gathered from the catalogues that own them.

Three catalogues exist: findings of the picture check, faults of fetching an address, and errors of inventory files.
Each has its own shape; here they become one. Nothing is copied: a code that is added there appears here by itself.
Words stay English msgids; pages translate them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

PICTURE, FETCH, FEED = "picture", "fetch", "feed"

_PLACE = re.compile(r"%\((\w+)\)[sd]")
_ADDRESS = re.compile(r"^image[-_]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the reference. `group` is PICTURE, FETCH or FEED.

    `key` is unique in its group; `code` is what a report prints and may be shared. `title`, `message`, `fix` and `why` are English
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
    """Faults of an address: those that a report prints of the address itself, and those of fetching it."""
    printed = [_feed(fault, FETCH) for fault in _feed_faults() if _ADDRESS.match(fault.key)]
    met = [_fetch(fault) for fault in _catalogue("fondaco.engine.fetch", "every_fault")]
    return (*printed, *sorted(met, key=lambda entry: (entry.code, entry.key)))


def feeds() -> tuple[Entry, ...]:
    """Errors of inventory files and their records."""
    return tuple(_feed(fault, FEED) for fault in _feed_faults() if not _ADDRESS.match(fault.key))


def find(key: str) -> tuple[Entry, ...]:
    """The entries of this key or printed code, upper and lower case alike."""
    wanted = key.strip().casefold()
    return tuple(entry for entry in entries() if wanted in (entry.key.casefold(), entry.code.casefold()))


def readable(msgid: str, gap: str = "…") -> str:
    """A sentence with its unknown values as a gap: what a reference shows, where no case is at hand."""
    return _PLACE.sub(gap, msgid).replace("%%", "%")


def _catalogue(module: str, name: str) -> tuple[Any, ...]:
    """What a catalogue holds: a mapping's values, or those of the mapping or sequence that a function answers."""
    try:
        owner = import_module(module)
    except ModuleNotFoundError:
        return ()
    found = getattr(owner, name)
    found = found() if callable(found) else found
    return tuple(found.values() if isinstance(found, Mapping) else found)


def _feed_faults() -> Iterator[Any]:
    yield from _catalogue("fondaco.feeds.errors", "all_faults")


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
    """A fault of the fetcher: a class that carries its words. Reports print its number, pages its own code."""
    return Entry(
        key=fault.code,
        code=str(fault.FEED_CODE),
        group=FETCH,
        message=fault.WORDS,
        fix=fault.FIX,
        clause=fault.CLAUSE,
        severity="error",
        retries=fault.retry == "later",
    )
