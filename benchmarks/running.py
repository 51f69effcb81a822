"""The product's own processes, started, watched and killed as a person or a machine would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Process:
    """One `fondaco VERB …` with all that it starts, in a process group of its own; what it says goes to `log`."""

    def __init__(self, *arguments: str, env: dict[str, str], log: Path) -> None:
        self.arguments, self.env, self.log = arguments, env, log
        self.starts = self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; again after it was killed."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fondaco.config.cli", *self.arguments],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.starts += 1

    def kill(self) -> None:
        """SIGKILL to all of it at once."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self.kills += 1

    def stop(self, *, patience_s: float = 30) -> bool:
        """Ask it to end; False when it had to be killed."""
        if not self._process or self._process.poll() is not None:
            return True
        self._process.terminate()
        try:
            self._process.wait(patience_s)
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        return ended

    def pids(self) -> list[int]:
        """Every living process of the group."""
        return [pid for pid, group in _groups() if self._process and group == self._process.pid]

    def memory_mb(self) -> tuple[float, float]:
        """Megabytes of all of it: shared pages counted once (PSS), and the plain sum of what is resident (RSS)."""
        pairs = [_memory_kb(pid) for pid in self.pids()]
        return sum(p for p, _ in pairs) / 1024, sum(r for _, r in pairs) / 1024

    def wait_for(self, url: str, *, patience_s: float = 90) -> float:
        """Seconds until the address answers."""
        began = time.monotonic()
        while time.monotonic() - began < patience_s:
            try:
                with urlopen(url, timeout=10) as answer:
                    answer.read()
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"{url} does not answer; see {self.log}")


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process and everything it started has used so far, the ended ones included."""
    children: dict[int, list[int]] = {}
    used: dict[int, tuple[float, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        one = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(one)
        used[one] = (int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))

    def own(one: int) -> float:
        running, ended = used.get(one, (0, 0))
        return running + ended + sum(own(child) for child in children.get(one, ()))

    return own(pid) / os.sysconf("SC_CLK_TCK")


def _groups() -> Iterator[tuple[int, int]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in ("Z", "X"):
            yield int(path.parent.name), int(fields[2])


def _memory_kb(pid: int) -> tuple[int, int]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    facts = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return facts.get("Pss", 0), facts.get("Rss", 0)
