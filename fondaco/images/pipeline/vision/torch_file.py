"""Tensors out of a file that PyTorch saved before version 1.6, without PyTorch.

Such a file is a row of pickles and then the raw storages. The pickles may name tensors, storages and ordered dictionaries
and nothing else: any other name in them is refused.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from typing import Any

import numpy as np

from fondaco.images.pipeline.arrays import Array

_TYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Dictionary(OrderedDict[str, Any]):
    """PyTorch sets an attribute on its dictionaries."""


def _tensor(storage: tuple[Any, ...], offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Any:
    return storage, offset, size, stride


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return _Dictionary
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _TYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, pid: Any) -> Any:
        return pid


def tensors(data: bytes) -> dict[str, Array]:
    """Every tensor under its name."""
    stream = io.BytesIO(data)
    for _ in range(3):  # magic number, version, facts about the machine
        _Unpickler(stream).load()
    named, keys = _Unpickler(stream).load(), _Unpickler(stream).load()
    kinds = {storage[2]: _TYPES[storage[1]] for storage, *_rest in named.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(stream.read(8), "little")
        storages[key] = np.frombuffer(stream.read(count * kinds[key].itemsize), kinds[key])
    return {name: _viewed(storages[storage[2]], *shape) for name, (storage, *shape) in named.items()}


def _viewed(flat: Array, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> Array:
    steps = tuple(step * flat.itemsize for step in stride)
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat[offset:], size, steps, writeable=False))
