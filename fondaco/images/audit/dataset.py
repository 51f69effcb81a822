"""The Parquet dataset on disk: one file a batch, whole or not at all.

    OUT/audit.json              what is audited, and by which rules
    OUT/manifest.jsonl          a line a file: written after it, so a file without a line is whole all the same
    OUT/pictures/part-*.parquet one row a picture

A file is written under another name, brought to disk, then renamed; a kill therefore costs the batch in progress and
nothing else. What is done is read from the rows themselves, never from the manifest.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from .errors import AuditRefused
from .rows import SCHEMA

DONE = pa.schema([("path", pa.string()), ("stamp", pa.string()), ("error", pa.string()), ("part", pa.string())])
_IN_WORDS = {"source": "of", "profile": "by profile", "mode": "in mode"}


class Dataset:
    """The rows below `folder`. Only `opened` makes one: it holds the lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pictures = folder / "pictures"
        self.broken: list[str] = []

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, settings: Mapping[str, Any]) -> Iterator[Dataset]:
        """The dataset for writing, put in order after whatever ended the last run.

        Raises AuditRefused when another process writes to it, when it belongs to another audit (`settings` differ), or
        when nothing can be written there.
        """
        dataset = cls(folder)
        try:
            dataset.pictures.mkdir(parents=True, exist_ok=True)
            lock = (folder / ".lock").open("w")
        except OSError as error:
            raise AuditRefused(
                f"results cannot be written to {folder}: {error.strerror}; choose another --out"
            ) from error
        with lock:
            _take(lock, folder)
            dataset._settle(settings)
            dataset._mend()
            yield dataset

    def parts(self) -> list[Path]:
        return sorted(self.pictures.glob("part-*.parquet"))

    def read(self, columns: list[str], *, where: Any = None) -> pa.Table:
        """These columns of all rows, or of those for which the expression `where` holds."""
        return self._dataset().to_table(columns=columns, filter=where)

    def _dataset(self) -> Any:
        return ds.dataset([str(part) for part in self.parts()], schema=SCHEMA, format="parquet")

    def done(self) -> pa.Table:
        """Under DONE; `part` is the file that holds the row."""
        found = self._dataset().to_table(columns=["path", "stamp", "error", "__filename"])
        names = pc.list_element(pc.split_pattern(found["__filename"], "/", max_splits=1, reverse=True), 1)
        return found.drop_columns("__filename").append_column("part", names) if found.num_rows else DONE.empty_table()

    def append(self, rows: pa.Table, *, seconds: float) -> None:
        """One batch, on disk when this returns."""
        numbers = [int(part.stem.removeprefix("part-")) for part in self.parts()[-1:]]
        name = f"part-{max(numbers, default=0) + 1:08d}.parquet"
        self._write(name, rows)
        self._note(name, rows, seconds=round(seconds, 3))

    def drop(self, paths: pa.Table) -> int:
        """Takes out the rows named by `path` and `part`; each file is replaced as a whole. Returns how many."""
        for name in sorted(set(paths["part"].to_pylist())):
            gone = paths.filter(pc.equal(paths["part"], name))["path"]
            rows = pq.read_table(self.pictures / name, schema=SCHEMA)
            kept = rows.filter(pc.invert(pc.is_in(rows["path"], value_set=gone.combine_chunks())))
            if kept.num_rows:
                self._write(name, kept)
            else:
                (self.pictures / name).unlink()
            self._note(name, kept, replaced=True)
        return int(paths.num_rows)

    def _write(self, name: str, rows: pa.Table) -> None:
        part = self.pictures / f".{name}.tmp"
        with part.open("wb") as file:
            pq.write_table(rows, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.pictures / name)
        _sync_folder(self.pictures)

    def _note(self, name: str, rows: pa.Table, **more: Any) -> None:
        verdicts = Counter(rows["verdict"].to_pylist())
        line = {"file": name, "rows": rows.num_rows, **dict(sorted(verdicts.items())), **more}
        with (self.folder / "manifest.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _settle(self, settings: Mapping[str, Any]) -> None:
        """Keeps `settings` at first, compares them later: rows that were judged differently do not mix."""
        kept = self.folder / "audit.json"
        if not kept.exists():
            part = kept.with_suffix(".tmp")
            part.write_text(json.dumps(settings, indent=1, ensure_ascii=False))
            part.replace(kept)
            return
        before = json.loads(kept.read_text())
        if differing := [name for name in settings if before.get(name) != settings[name]]:
            words = [f"{_IN_WORDS.get(name, name)} {before.get(name)}" for name in differing]
            raise AuditRefused(
                f"{self.folder} holds another audit ({', '.join(words)}); choose another --out, or remove it to start anew"
            )

    def _mend(self) -> None:
        """After a kill: half-written files go, whole ones without a line get one, broken ones are set aside."""
        for left in self.pictures.glob(".part-*.tmp"):
            left.unlink()
        noted = self._noted()
        for part in self.parts():
            try:
                rows = pq.ParquetFile(part).metadata.num_rows
                if noted.get(part.name) != rows:
                    self._note(part.name, pq.read_table(part, columns=["verdict"]), found=True)
            except (pa.ArrowException, OSError):
                part.replace(part.with_name(f".broken-{part.name}"))
                self.broken.append(part.name)

    def _noted(self) -> dict[str, int]:
        """Rows by file, as the manifest's last line about each says. A line that a kill cut short says nothing."""
        manifest = self.folder / "manifest.jsonl"
        noted: dict[str, int] = {}
        text = manifest.read_text() if manifest.exists() else ""
        for line in text.splitlines():
            try:
                about = json.loads(line)
            except ValueError:
                continue
            noted[about["file"]] = about["rows"]
        if text and not text.endswith("\n"):
            with manifest.open("a") as file:
                file.write("\n")
        return noted


def _take(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise AuditRefused(f"another audit is writing to {folder}") from error


def _sync_folder(folder: Path) -> None:
    """The renaming itself reaches the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
