"""One way of inspecting a folder, in a process of its own: `python -m benchmarks.audit_child HOW FOLDER OUT`.

HOW is `loop` (read, inspect, keep nothing: the limit), `plain` or `daft` (the audit by that engine), or `ray-N` (Daft on
a Ray cluster of N workers on this machine). Prints the seconds that the pictures took, without starting up.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ON = date(2026, 11, 22)
PROFILE, MODE = "listing-main", "half"


def main(how: str, folder: Path, out: Path) -> None:
    if how == "loop":
        return _loop(folder)
    with _engine(how) as engine:
        if how.startswith("ray"):  # its workers start and import with the first batch
            _audit(engine, folder, Path(tempfile.mkdtemp()), limit=64)
        began = time.monotonic()
        _audit(engine, folder, out)
        print(time.monotonic() - began)


def _loop(folder: Path) -> None:
    from fondaco.images.pipeline.inspect import inspect

    began = time.monotonic()
    for path in sorted(folder.rglob("*.*")):
        inspect(path.read_bytes(), PROFILE, name=path.name, mode=MODE, on=ON)
    print(time.monotonic() - began)


@contextmanager
def _engine(how: str) -> Iterator[object]:
    from fondaco.images.audit import engines

    if not how.startswith("ray"):
        yield engines.choose(how)
        return
    import ray

    ray.init(num_cpus=int(how.removeprefix("ray-")), log_to_driver=False, logging_level="ERROR")
    yield engines.choose("daft", ray="local")
    ray.shutdown()


def _audit(engine: object, folder: Path, out: Path, *, limit: int | None = None) -> None:
    from fondaco.images.audit import job
    from fondaco.images.audit.dataset import Dataset
    from fondaco.images.audit.look import Look
    from fondaco.images.audit.sources import open_source

    source = open_source(str(folder))
    look = Look(source.reader, PROFILE, ON, MODE)
    with Dataset.opened(out, job.settings_of(source, profile=PROFILE, mode=MODE, on=ON)) as dataset:
        job.run(dataset, source, engine, look, batch=engine.batch, limit=limit, progress=_Silent())  # type: ignore[attr-defined]


class _Silent:
    def listed(self, count: int) -> None: ...

    def begin(self, *, done: int, pending: int) -> None: ...

    def advance(self, count: int) -> None: ...


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
