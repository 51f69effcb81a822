"""One session a model and process: one thread, because a picture a core is the unit of parallelism here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from .weights import weights


@cache
def session(name: str, build: Callable[[bytes], bytes] | None = None) -> Any:
    """An onnxruntime session of a model's weights; `build` turns other files into ONNX."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    data = weights(name).read_bytes()
    return onnxruntime.InferenceSession(
        build(data) if build else data, sess_options=options, providers=["CPUExecutionProvider"]
    )


def for_each_thread[T](build: Callable[[], T]) -> Callable[[], T]:
    """`build` once in every thread that asks: a network that keeps its input between two calls is no common property."""
    mine = threading.local()

    @wraps(build)
    def kept() -> T:
        if not hasattr(mine, "made"):
            mine.made = build()
        made: T = mine.made
        return made

    return kept
