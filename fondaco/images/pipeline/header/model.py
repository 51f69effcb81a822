"""The header as a value, the same for every format."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any


class BrokenHeader(ValueError):
    """The format is recognised, but its structure is not sound: nothing behind it can be trusted."""

    def __init__(self, format: str, detail: str = "") -> None:
        self.format = format
        self.detail = detail
        super().__init__(f"{format}: {detail}")


@dataclass(slots=True)
class Header:
    """`width` and `height` are pixels as stored; `upright_size` is what a viewer sees.

    `colour`: grey, rgb, cmyk or other. `bits` a channel. `profile`: "" without an embedded colour profile,
    else its colour space ("RGB", "GRAY", "CMYK"); `profile_name` its description where cheap to read.
    `frames` counts pictures of an animation, `pages` of a document. `end` is the offset behind the picture's
    last byte, `trailing` what stands there ("" = nothing or padding). `truncated`: the end is missing.
    `working_bytes` estimates what a decoder holds whatever the shrink. `density_dpi`: pixels an inch, where the file says.
    """

    format: str
    width: int = 0
    height: int = 0
    bits: int = 8
    channels: int = 3
    colour: str = "rgb"
    alpha: bool = False
    frames: int = 1
    pages: int = 1
    orientation: int = 1
    profile: str = ""
    profile_name: str = ""
    quality: int | None = None
    density_dpi: int | None = None
    progressive: bool = False
    scans: int = 1
    subsampling: str = ""
    has_location: bool = False
    truncated: bool = False
    end: int = 0
    trailing: str = ""
    trailing_bytes: int = 0
    working_bytes: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height after the orientation is applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6


def unpack(layout: str, data: bytes, at: int) -> tuple[Any, ...]:
    """`struct.unpack_from` that raises ValueError instead of struct.error when the data end too early."""
    if at < 0 or at + struct.calcsize(layout) > len(data):
        raise ValueError("ends too early")
    return struct.unpack_from(layout, data, at)
