"""The demo on a small machine: what its processes share, and memory that is given back when it is no longer used.

The demo's processes are forked from one that has imported everything and done nothing, so that the code of the product
is in memory once. Plain Python.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Callable

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h of glibc
_LARGE_BYTES = 1 << 20
_SET_NAME = 15  # linux/prctl.h


def give_back() -> None:
    """From here on a block of a megabyte goes back to the machine when it is freed, and threads share two heaps.

    Left to itself the C library learns from the first large pictures to keep such blocks, tens of megabytes a thread.
    Elsewhere than on Linux with glibc nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        for what, value in ((_MMAP_THRESHOLD, _LARGE_BYTES), (_TRIM_THRESHOLD, _LARGE_BYTES), (_ARENA_MAX, 2)):
            libc.mallopt(what, value)


def share() -> None:
    """Called right before forking: what is there now is not to be walked through by the children's collector, which
    would write into every page of it."""
    gc.collect()
    gc.freeze()


def apart(act: Callable[[], None]) -> None:
    """Do something in a child and wait: what it needed in memory is gone afterwards. Exits as the child did when that
    failed."""
    sys.stdout.flush()
    if not (pid := os.fork()):
        _only(act)
    _, status = os.waitpid(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(abs(code))


def beside(act: Callable[[], None], *, name: str) -> int:
    """Do something in a child that goes on by itself; returns its process id. `name` stands in the list of processes."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_NAME, name.encode()[:15], 0, 0, 0)
    _only(act)
    raise AssertionError("a child never comes here")


def _only(act: Callable[[], None]) -> None:
    """All that this child does; it never returns into the work of its parent."""
    code = 1
    try:
        act()
        code = 0
    except KeyboardInterrupt:
        code = 130
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
