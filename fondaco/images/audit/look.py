"""The work itself, wherever it runs: names in, rows out. What is sent to a worker is one small `Look`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from fondaco.images.pipeline.bounds import BUDGET_S
from fondaco.images.pipeline.inspect import Report, inspect
from fondaco.images.pipeline.profiles import load_profile

from .errors import CannotRead
from .rows import Failed, row_of
from .sources.model import Reader

PATIENCE_S = 5 * BUDGET_S
"""Nobody waits for one picture of an audit, and a busy machine must not make a sound picture look too slow."""


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are looked at. The profile goes by name and day: every worker judges by the same version of it."""

    reader: Reader
    profile: str
    on: date
    mode: str

    def rows(self, paths: Sequence[str], locations: Sequence[bytes], stamps: Sequence[str]) -> list[dict[str, Any]]:
        """One row for each, in the same order. Never raises for what a picture holds or that it is gone."""
        contents = _read(self.reader, locations)
        return [
            row_of(self._report(content, path), path=path, stamp=stamp, profile=self.profile)
            for path, stamp, content in zip(paths, stamps, contents, strict=True)
        ]

    def _report(self, content: tuple[bytes, int] | Failed, path: str) -> Report | Failed:
        if isinstance(content, Failed):
            return content
        data, size = content
        try:
            profile = load_profile(self.profile, on=self.on)
            report = inspect(data, profile, name=path, mode=self.mode, budget_s=PATIENCE_S)
        except Exception as error:  # a fault of ours with one picture in a million must not end the audit of the rest
            return Failed(f"fault in the inspector: {type(error).__name__}: {error}")
        return report if size == len(data) else replace(report, bytes=size, sha256="")


def _read(reader: Reader, locations: Sequence[bytes]) -> Iterator[tuple[bytes, int] | Failed]:
    """Contents in order, a few of them read ahead where reading means waiting."""
    if not reader.ahead:
        yield from (_one(reader, location) for location in locations)
        return
    with ThreadPoolExecutor(reader.ahead) as pool:
        left = iter(locations)
        under_way: list[Future[tuple[bytes, int] | Failed]] = [
            pool.submit(_one, reader, location) for location in islice(left, reader.ahead)
        ]
        while under_way:
            content = under_way.pop(0).result()
            under_way += [pool.submit(_one, reader, location) for location in islice(left, 1)]
            yield content


def _one(reader: Reader, location: bytes) -> tuple[bytes, int] | Failed:
    try:
        return reader.read(location)
    except CannotRead as error:
        return Failed(str(error))
