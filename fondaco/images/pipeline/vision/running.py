"""One session a model and process: one thread, because a picture a core is the unit of parallelism here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
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
