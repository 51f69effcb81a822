"""A catalogue of real-sized pictures for the audit's benchmark: made once, kept in a folder, the same every time.

Few products, each saved many times the way sellers save them: several sides, qualities and formats, some spoilt.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2

from fondaco.demo.pictures import KINDS, encode, pixels

RECIPE = 1  # change it when the same numbers should give other files
MADE_AT = 2_000  # pixels a side of the rendering that all files of one product come from
SIDES = (1_000, 1_200, 1_400, 1_600, 1_600, 1_800, 2_000, 2_000)
QUALITIES = (75, 82, 88, 90, 92, 95)
VARIANTS = ("MAIN", "MAIN", "MAIN", "PT01", "PT03", "PT06", "PT07", "PT04")


def catalogue(*, products: int, files: int) -> Path:
    """The folder with `files` pictures of `products` products, made when it is not there yet."""
    base = Path(os.environ.get("FONDACO_BENCH_CACHE", ".data/bench"))
    folder = base / f"audit-{RECIPE}-{products}-{files}"
    if not (folder / "complete").exists():
        each = [len(range(n, files, products)) for n in range(products)]
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            list(pool.map(_save_product, [folder] * products, range(products), each))
        (folder / "complete").touch()
    return folder / "pictures"


def _save_product(folder: Path, number: int, count: int) -> None:
    """One product's files in a folder of its own, whole or not at all: a run that was stopped goes on."""
    where = folder / "pictures" / f"{number:03d}"
    where.mkdir(parents=True, exist_ok=True)
    kind = list(KINDS)[number % len(KINDS)]
    image, _cover = pixels(kind, seed=number, size=MADE_AT, variant=VARIANTS[number % len(VARIANTS)])
    for n in range(count):
        suffix, data = _saved(image, n)
        part = where / f".{n:03d}.part"
        part.write_bytes(data)
        part.rename(where / f"{kind}-{n:03d}.{suffix}")


def _saved(image: cv2.typing.MatLike, n: int) -> tuple[str, bytes]:
    """Five in six as JPEG, the rest as WebP or PNG; one in eight out of focus."""
    side = SIDES[n % len(SIDES)]
    if side != MADE_AT:
        image = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    if n % 8 == 5:
        image = cv2.GaussianBlur(image, (0, 0), 3)
    kind = {3: "webp", 9: "png"}.get(n % 12, "jpeg")
    return {"jpeg": "jpg"}.get(kind, kind), encode(image, kind=kind, quality=QUALITIES[n % len(QUALITIES)])
