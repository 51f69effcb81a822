"""`python -m fondaco.demo.pictures FOLDER`: one picture of every kind, and a contact sheet of them, to look at."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from . import KINDS, VARIANTS, encode, pixels


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fondaco.demo.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("kinds", nargs="*", help="all without")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1600)
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="MAIN")
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    small = []
    for kind in args.kinds or sorted(KINDS):
        image, _ = pixels(kind, seed=args.seed, size=args.size, variant=args.variant)
        (args.folder / f"{kind}-{args.seed}-{args.variant}.jpg").write_bytes(encode(image))
        small.append(cv2.resize(image, (300, 300), interpolation=cv2.INTER_AREA))
    columns = min(8, len(small))
    small += [np.full_like(small[0], 255)] * (-len(small) % columns)
    rows = [np.hstack(small[i : i + columns]) for i in range(0, len(small), columns)]
    (args.folder / "sheet.png").write_bytes(encode(np.vstack(rows), kind="png"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
