"""Which process holds a claim, and whether that process is gone for sure.

A claim on a domain row carries a time by which it ends and the name of its holder. The time is the promise: it holds
on any number of machines. The name lets a worker that starts again on the same machine take up at once what its
predecessor died over, instead of waiting the claims out. Claims are fenced by their attempt, so a wrong answer here
would cost work done twice, never a thing written twice.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

LENGTH = 120
"""Room that a column for a holder's name needs."""


def me() -> str:
    """The name of this process: place, process number, when it began."""
    return _name_of(os.getpid())


def is_gone(holder: str) -> bool:
    """Whether the process of that name has surely ended. False for another place, of which nothing is known here."""
    place, _, rest = holder.rpartition("/")
    number, _, began = rest.partition(".")
    if place != _place() or not number.isdigit():
        return False
    return not _is_alive(int(number), began)


@cache
def _name_of(pid: int) -> str:
    return f"{_place()}/{pid}.{_facts(pid)[1]}"


@cache
def _place() -> str:
    """The machine, and the container if there is one: numbers of processes mean nothing outside of it."""
    try:
        inside = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        inside = ""
    return f"{socket.gethostname()[:80]}/{inside}"


def _is_alive(pid: int, began: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it exists and is not ours
    state, when = _facts(pid)
    return state not in ("Z", "X") and when == began


def _facts(pid: int) -> tuple[str, str]:
    """State and moment of beginning as Linux tells them; empty where nobody tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", ""
    return fields[0], fields[19]
