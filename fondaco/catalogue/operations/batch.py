"""Looking at many pictures side by side: what a feed with pictures spends its time on.

Fetching waits for hosts, so many threads do it; reading pixels keeps cores busy, so two a core do it (one waits for the disk
now and then; the libraries let other threads run). The same content is read once, however many rows name it. Verdicts are
settled by the hundred while the rest goes on, so that a worker killed in the middle repeats only what was in flight.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import batched, chain, islice
from typing import Any
from uuid import UUID

from fondaco.catalogue import nudges
from fondaco.catalogue.operations import looking
from fondaco.catalogue.operations.fetching import NotFetched
from fondaco.catalogue.operations.looking import Broken, Claimed, Outcome, Seen, Unreached
from fondaco.engine import stopping
from fondaco.images.models import Inspection
from fondaco.images.pipeline.renditions import RECIPE_VERSION
from fondaco.kit.errors import NotFound

FETCHES_AT_ONCE = 16
SETTLED_TOGETHER = 96
SETTLED_AFTER_S = 2.0
"""What is decided does not wait longer for its verdict to be written, whatever slow hosts the others are on."""
CLAIMED_TOGETHER = 64
IN_FLIGHT = 48


@dataclass(slots=True)
class _Got:
    """A fetched file on its way to being judged."""

    claimed: Claimed
    data: bytes
    sha256: str


@dataclass(slots=True)
class _Run:
    """One batch: what was judged in it by content and rules, and what waits to be settled."""

    judged: dict[tuple[str, str], Seen] = field(default_factory=dict)
    waiting: dict[tuple[str, str], list[Claimed]] = field(default_factory=dict)
    done: list[Outcome] = field(default_factory=list)
    claimed: int = 0
    settled_at: float = field(default_factory=time.monotonic)

    def settle(self, *, all_of_it: bool = False) -> None:
        due = all_of_it or time.monotonic() - self.settled_at >= SETTLED_AFTER_S
        while len(self.done) >= SETTLED_TOGETHER or (due and self.done):
            self.settled_at = time.monotonic()
            now, self.done = self.done[:SETTLED_TOGETHER], self.done[SETTLED_TOGETHER:]
            looking.settle(now)


def look_at_many(image_ids: Iterable[str | UUID], *, mode: str | None = None) -> int:
    """Claim, fetch, inspect, render and publish these pictures; returns how many were claimed.

    `mode` is the inspector's; None lets each profile say. Pictures over which a worker died before are looked at by
    a task of their own, so that they cannot take the others down again.
    """
    run = _Run()
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(FETCHES_AT_ONCE, "fetch") as fetchers, ThreadPoolExecutor(2 * cores, "judge") as judges:
        _drive(_claims(image_ids, run), run, fetchers, judges, mode)
    run.settle(all_of_it=True)
    return run.claimed


def _claims(image_ids: Iterable[str | UUID], run: _Run) -> Iterator[Claimed]:
    """Claims a few at a time, as they are needed: a worker that dies has died over no more than these."""
    chunks = batched(image_ids, CLAIMED_TOGETHER)
    for some in chunks:
        if stopping.is_asked():
            nudges.look_at_many([*some, *chain.from_iterable(chunks)])
            return
        claimed = looking.claim(some, together=True)
        run.claimed += len(claimed)
        yield from claimed


def _drive(
    todo: Iterator[Claimed], run: _Run, fetchers: ThreadPoolExecutor, judges: ThreadPoolExecutor, mode: str | None
) -> None:
    """Keeps both pools busy until nothing is left; only this thread touches the database."""
    fetching: set[Future[_Got | Outcome]] = set()
    judging: set[Future[tuple[_Got, Outcome]]] = set()
    while True:
        room = IN_FLIGHT - len(fetching) - len(judging)
        fetching |= {fetchers.submit(_get, claimed) for claimed in islice(todo, max(0, room))}
        if not fetching and not judging:
            return
        flying: set[Future[Any]] = {*fetching, *judging}
        ended, _ = wait(flying, timeout=SETTLED_AFTER_S, return_when=FIRST_COMPLETED)
        got = [future.result() for future in ended & fetching]
        for future in ended & judging:
            _take(run, *future.result())
        fetching, judging = fetching - ended, judging - ended
        run.done += [each for each in got if not isinstance(each, _Got)]
        for each in _unknown(run, [each for each in got if isinstance(each, _Got)]):
            judging.add(judges.submit(_judge, each, mode))
        run.settle()


def _get(claimed: Claimed) -> _Got | Outcome:
    try:
        data, sha256 = looking.bytes_of(claimed)
    except NotFetched as fault:
        return Unreached(claimed, fault.as_reason(), fault.wait, is_try=fault.is_try)
    except NotFound as missing:
        return Broken(claimed, missing)
    except Exception as error:
        looking.log.exception("fetching %s failed", claimed.source_url)
        return Broken(claimed, error)
    return _Got(claimed, data, sha256)


def _judge(got: _Got, mode: str | None) -> tuple[_Got, Outcome]:
    return got, looking.judge(got.claimed, got.data, mode=mode, sha256=got.sha256)


def _unknown(run: _Run, got: Sequence[_Got]) -> list[_Got]:
    """Of what was fetched, that which must be read; the rest takes the verdict of the same content and rules."""
    fresh = []
    verdicts = _verdicts(got)
    for each in got:
        key = (each.sha256, each.claimed.rules.name)
        if key in run.judged:
            run.done.append(_same(run.judged[key], each.claimed))
        elif key in verdicts:
            run.done.append(looking.known(each.claimed, each.sha256, verdicts[key]))
        elif key in run.waiting:
            run.waiting[key].append(each.claimed)
        else:
            run.waiting[key] = []
            fresh.append(each)
    return fresh


def _take(run: _Run, got: _Got, outcome: Outcome) -> None:
    """A verdict, for the picture it was made for and for those that waited with the same content."""
    key = (got.sha256, got.claimed.rules.name)
    run.done.append(outcome)
    others = run.waiting.pop(key, [])
    if isinstance(outcome, Seen):
        run.judged[key] = outcome
        run.done += [_same(outcome, claimed) for claimed in others]
    else:
        run.done += [Broken(claimed) for claimed in others]


def _same(seen: Seen, claimed: Claimed) -> Seen:
    return Seen(claimed, seen.sha256, seen.verdict, seen.reasons if seen.verdict != "eligible" else (), seen.developed)


def _verdicts(got: Sequence[_Got]) -> dict[tuple[str, str], Inspection]:
    """What was found in these contents before, by content and rules, where the renditions are there too."""
    shas = {each.sha256 for each in got}
    if not shas:
        return {}
    found = Inspection.objects.filter(picture_id__in=shas, picture__rendered=RECIPE_VERSION)
    profiles = {each.claimed.rules.name: each.claimed.rules.profile.name for each in got}
    return {(i.picture_id, i.rules): i for i in found if profiles.get(i.rules) == i.profile}
