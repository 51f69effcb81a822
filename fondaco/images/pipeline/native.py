"""The native libraries, set up once for the whole process before anything uses them.

One thread each (workers and requests are the unit of parallelism; a picture a core is fastest over all),
no operation cache (memory), and only the loaders of photo formats: everything else that libvips could open
from bytes is blocked, whatever its own sniffing says. `tests/test_pipeline_decode.py` pins the list.
"""

from __future__ import annotations

import os

os.environ.setdefault("VIPS_CONCURRENCY", "1")

import cv2
import pyvips

ALLOWED_LOADERS = (
    "VipsForeignLoadJpegBuffer",
    "VipsForeignLoadPngBuffer",
    "VipsForeignLoadNsgifBuffer",
    "VipsForeignLoadTiffBuffer",
    "VipsForeignLoadWebpBuffer",
    "VipsForeignLoadHeifBuffer",
)


def set_up() -> None:
    """Idempotent; called on import."""
    cv2.setNumThreads(1)
    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in ALLOWED_LOADERS:
        pyvips.operation_block_set(name, False)


set_up()
