"""The one name for pixels: height × width × bands, 8-bit sRGB unless a docstring says otherwise."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]  # OpenCV's own annotations know no element type
