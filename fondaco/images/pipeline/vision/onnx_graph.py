"""A small graph written as ONNX: the few messages of its format that a network of convolutions needs.

The format is protocol buffers; numbers of fields are those of onnx.proto (IR version 8, operator set 13).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fondaco.images.pipeline.arrays import Array

FLOAT, INTS, STRING, INT = 1, 7, 3, 2  # kinds of attributes; FLOAT also of tensors


@dataclass
class Graph:
    """Nodes are added in the order in which they run; `build` gives the file."""

    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: Array) -> str:
        shape = b"".join(_number(1, side) for side in values.shape)
        body = shape + _number(2, FLOAT) + _text(8, name) + _bytes(9, values.astype("<f4").tobytes())
        self._constants.append(body)
        return name

    def node(
        self, kind: str, inputs: Sequence[str], output: str, attributes: Mapping[str, int | str | tuple[int, int]] = {}
    ) -> str:
        body = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind)
        body += b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
        self._nodes.append(body)
        return output

    def build(self, source: tuple[str, Sequence[int]], sink: tuple[str, Sequence[int]]) -> bytes:
        """`source` and `sink`: name and shape of what goes in and comes out."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _text(2, "fondaco")
        graph += b"".join(_bytes(5, constant) for constant in self._constants)
        graph += _bytes(11, _value(*source)) + _bytes(12, _value(*sink))
        return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 13))


def _attribute(name: str, value: int | str | tuple[int, int]) -> bytes:
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, STRING)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, INT)
    return _text(1, name) + b"".join(_number(8, item) for item in value) + _number(20, INTS)


def _value(name: str, shape: Sequence[int]) -> bytes:
    sides = b"".join(_bytes(1, _number(1, side)) for side in shape)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, sides)))


def _number(key: int, value: int) -> bytes:
    return _varint(key << 3) + _varint(value)


def _text(key: int, value: str) -> bytes:
    return _bytes(key, value.encode())


def _bytes(key: int, value: bytes) -> bytes:
    return _varint(key << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += struct.pack("B", value & 127 | 128)
        value >>= 7
    return out + struct.pack("B", value)


def clipped() -> tuple[Array, Array]:
    """The bounds of the activation that small networks use instead of a plain one: 0 and 6."""
    return np.array(0, np.float32), np.array(6, np.float32)
