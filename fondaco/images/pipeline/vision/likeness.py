"""What a product looks like, as numbers that can be compared: an embedding, and the colours of the product alone.

The embedding is EfficientNet-Lite0's, of 1,280 numbers, for near-duplicates that a hash cannot see (mirrored, turned, with
words over them). For *the same product from another side* colours count as much: of 120 photographs of backs and sides the
right product came first for 23 % by the embedding, for 60 % by both. Enough to rank by or to ask, not to accuse.
"""

from __future__ import annotations

import base64
from functools import cache

import numpy as np

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.native import cv2

from .onnx_graph import Graph, clipped
from .running import session
from .torch_file import tensors

SIDE, LENGTH = 224, 1280
EPSILON = 1e-3  # of the batch normalisation
COLOURS = 0.5  # weight of the colours beside the embedding
# Of each stage: blocks, kernel, stride of its first block.
STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1))
HUES, DEPTHS, LIGHTS = 12, 4, 4


def embedding(array: Array) -> Array:
    """1,280 numbers of length 1, from height × width × 3, 8-bit RGB; give the product's box, not the frame."""
    small = cv2.resize(_square(array), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    levels = ((small.astype(np.float32) - 127) / 128).transpose(2, 0, 1)
    (found,) = session("likeness", network).run(None, {"picture": np.ascontiguousarray(levels)[None]})
    flat = found.reshape(-1)
    return flat / max(float(np.linalg.norm(flat)), 1e-9)


def _square(array: Array) -> Array:
    """On white, so that nothing is stretched."""
    height, width = array.shape[:2]
    side = max(height, width)
    above, left = (side - height) // 2, (side - width) // 2
    white = (255, 255, 255)
    return cv2.copyMakeBorder(
        array, above, side - height - above, left, side - width - left, cv2.BORDER_CONSTANT, value=white
    )


def colours(array: Array, mask: Array | None = None) -> Array:
    """Shares of 192 colours (hue × depth × brightness) among the product's pixels; `mask`: 255 = product."""
    hsv = cv2.cvtColor(array, cv2.COLOR_RGB2HSV)
    counts = cv2.calcHist([hsv], [0, 1, 2], mask, [HUES, DEPTHS, LIGHTS], [0, 180, 0, 256, 0, 256]).ravel()
    return counts / max(1.0, float(counts.sum()))


def not_white(array: Array) -> Array:
    """255 where a pixel is not ground of a listing: the product alone, for `colours`."""
    return cv2.bitwise_not(cv2.inRange(array, (250, 250, 250), (255, 255, 255)))


def packed(values: Array) -> str:
    """As text of a byte a number, for a row or a JSON line; compares within 0.01 of the original."""
    most = max(float(np.abs(values).max()), 1e-9)
    return base64.b85encode(np.clip(np.rint(values * 127 / most), -127, 127).astype(np.int8)).decode()


def unpacked(text: str) -> Array:
    values = np.frombuffer(base64.b85decode(text), np.int8).astype(np.float32)
    return values / max(float(np.linalg.norm(values)), 1e-9)


def shares(text: str) -> Array:
    """Colours as `packed` wrote them; they sum to 1."""
    values = np.frombuffer(base64.b85decode(text), np.int8).astype(np.float32)
    return values / max(float(values.sum()), 1e-9)


def alike(one: Array, other: Array) -> float:
    """Cosine of two embeddings, −1 to 1. Edited copies: mostly above 0.9; other pictures of like goods: about 0.5."""
    return float(one @ other)


def likeness_hash(values: Array) -> int:
    """64 signs of an embedding on fixed directions: two embeddings at an angle of a share of a half turn differ in about
    that share of the bits, so that copies are found by an index of hashes. Not negative, below 2 ** 64."""
    return int.from_bytes(np.packbits(_directions() @ values > 0).tobytes(), "big")


@cache
def _directions() -> Array:
    """64 × 1,280. Each row sums to nothing: all features are positive, and what they share tells nothing apart."""
    rows = (
        np.random.RandomState(64).standard_normal((64, LENGTH)).astype(np.float32)
    )  # the generator that never changes
    return rows - rows.mean(axis=1, keepdims=True)


def same_product(one: tuple[Array, Array], other: tuple[Array, Array]) -> float:
    """0 to 1.5 for two pairs of (embedding, colours); more is likelier the same product, by whatever side."""
    shared = float(np.minimum(one[1], other[1]).sum())
    return max(0.0, alike(one[0], other[0])) + COLOURS * shared


# ---------------------------------------------------------------- the network


def network(data: bytes) -> bytes:
    """The ONNX file of EfficientNet-Lite0 up to its 1,280 features, from the weights as PyTorch saved them."""
    weights, graph = tensors(data), Graph()
    for name, bound in zip(("least", "most"), clipped(), strict=True):
        graph.constant(name, bound)
    at = _convolution(graph, weights, "_conv_stem", "_bn0", "picture", stride=2)
    number = 0
    for count, kernel, first in STAGES:
        for i in range(count):
            at = _block(graph, weights, number, at, kernel=kernel, stride=first if i == 0 else 1)
            number += 1
    at = _convolution(graph, weights, "_conv_head", "_bn1", at)
    graph.node("GlobalAveragePool", [at], "features")
    return graph.build(("picture", (1, 3, SIDE, SIDE)), ("features", (1, LENGTH, 1, 1)))


def _block(graph: Graph, weights: dict[str, Array], number: int, at: str, *, kernel: int, stride: int) -> str:
    """Widen, look around, narrow; what came in is added where the shape stayed."""
    name, came = f"_blocks.{number}.", at
    if f"{name}_expand_conv.weight" in weights:
        at = _convolution(graph, weights, f"{name}_expand_conv", f"{name}_bn0", at)
    wide = len(weights[f"{name}_depthwise_conv.weight"])
    at = _convolution(
        graph, weights, f"{name}_depthwise_conv", f"{name}_bn1", at, kernel=kernel, stride=stride, groups=wide
    )
    narrow, widest = weights[f"{name}_project_conv.weight"], weights.get(f"{name}_expand_conv.weight")
    at = _convolution(graph, weights, f"{name}_project_conv", f"{name}_bn2", at, active=False)
    same = stride == 1 and widest is not None and widest.shape[1] == len(narrow)
    return graph.node("Add", [came, at], f"{name}sum") if same else at


def _convolution(
    graph: Graph,
    weights: dict[str, Array],
    name: str,
    norm: str,
    at: str,
    *,
    kernel: int = 0,
    stride: int = 1,
    groups: int = 1,
    active: bool = True,
) -> str:
    """A convolution with its normalisation folded in, padded as TensorFlow does, where this network was trained."""
    plain = weights[f"{name}.weight"]
    factor = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    shift = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * factor
    inputs = [
        at,
        graph.constant(f"{name}.w", plain * factor[:, None, None, None]),
        graph.constant(f"{name}.b", shift),
    ]
    side = kernel or plain.shape[2]
    attributes: dict[str, int | str | tuple[int, int]] = {
        "kernel_shape": (side, side),
        "strides": (stride, stride),
        "group": groups,
        "auto_pad": "SAME_UPPER",
    }
    out = graph.node("Conv", inputs, f"{name}.out", attributes)
    return graph.node("Clip", [out, "least", "most"], f"{name}.act") if active else out
