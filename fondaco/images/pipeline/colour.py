"""Wide-gamut and odd profiles to sRGB, for pictures that are shown. Checks do without: 1.5 levels off."""

from __future__ import annotations

from fondaco.images.pipeline.arrays import Array

from .header import Header
from .header.profile import embedded_profile
from .native import pyvips


def to_srgb(array: Array, data: bytes, header: Header) -> Array:
    """Height × width × 3 in the file's own RGB space in, sRGB out. An unsound profile leaves the colours alone."""
    if not _needs_it(header):
        return array
    profile = embedded_profile(data, header)
    if not profile:
        return array
    try:
        image = pyvips.Image.new_from_array(array, interpretation="srgb").copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
        return image.icc_transform("srgb", embedded=True, intent="relative", depth=8).numpy()
    except pyvips.Error:
        return array


def _needs_it(header: Header) -> bool:
    """CMYK and 16-bit files were converted while they were decoded; sRGB by name needs nothing."""
    if header.profile != "RGB" or header.colour != "rgb" or header.bits > 8:
        return False
    return "srgb" not in header.profile_name.lower()
