"""What decoding can refuse."""

from __future__ import annotations


class CorruptPixels(ValueError):
    """The header is sound, the pixels are not: cut off, overwritten, or a checksum fails."""
