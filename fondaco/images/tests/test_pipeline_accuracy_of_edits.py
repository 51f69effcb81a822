"""What retouching may do to a picture, and what it may not do to the product."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import simplejpeg

from fondaco.demo.pictures import render
from fondaco.images.pipeline import fixes
from fondaco.images.pipeline.accuracy import same_product
from fondaco.images.pipeline.inspect import inspect
from fondaco.images.pipeline.profiles import load_profile

KINDS = ("kettle", "mug", "teapot", "headphones", "camera")


def changed(data: bytes, change: Callable[[np.ndarray], np.ndarray]) -> bytes:
    pixels = simplejpeg.decode_jpeg(data).copy()
    return simplejpeg.encode_jpeg(np.ascontiguousarray(change(pixels)), quality=92, colorsubsampling="444")


def tinted(pixels: np.ndarray) -> np.ndarray:
    out, inside = pixels.astype(int), pixels.min(axis=2) < 235
    out[inside] = np.clip(out[inside] + [18, 0, -18], 0, 255)
    return out.astype(np.uint8)


def squeezed(pixels: np.ndarray) -> np.ndarray:
    side, lower = pixels.shape[0], int(pixels.shape[0] * 0.82)
    canvas = np.full_like(pixels, 255)
    top = (side - lower) // 2
    canvas[top : top + lower] = cv2.resize(pixels, (side, lower))
    return canvas


def reframed(pixels: np.ndarray) -> np.ndarray:
    small = cv2.resize(pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    canvas = np.full_like(pixels, 255)
    canvas[40 : 40 + small.shape[0], 90 : 90 + small.shape[1]] = small
    return canvas


@pytest.mark.spec("IMG-SVC-08")
@pytest.mark.parametrize("kind", KINDS)
def test_framing_is_no_change_and_colour_and_shape_are(kind: str) -> None:
    data = render(kind, seed=5, size=1200)
    again = same_product(data, changed(data, reframed))
    assert again.known
    assert again.mean < 2
    assert again.overlap > 0.95
    assert same_product(data, changed(data, tinted)).mean > 6
    assert same_product(data, changed(data, squeezed)).overlap < 0.87


@pytest.mark.parametrize("kind", KINDS)
def test_a_whiter_ground_leaves_smooth_products_alone(kind: str) -> None:
    data = render(kind, seed=5, size=1200, damage="ground_250")
    report = inspect(data, load_profile("studio"))
    chosen = [fix for fix in fixes.propose(data, report) if fix.kind == "white_ground"]
    assert chosen
    found = same_product(data, fixes.apply(data, chosen))
    assert found.mean < 2
    assert found.overlap > 0.95
