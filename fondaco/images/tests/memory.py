"""The most memory that this process has held, for tests and benchmarks that measure in a process of their own."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_kb() -> int:
    """Kilobytes. On Linux not by `getrusage`: there a new program begins with the peak of the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:")).split()[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most
