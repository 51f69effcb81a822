"""Inspection against the decoder's own speed, CleanVision, memory, and known damage.

Speed is CPU time of one thread, the fastest of several passes of each picture, so that a busy machine disturbs it
little; the limit is decoding alone, by the same decoder to the same size. The pictures are made here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from benchmarks.row import Row
from fondaco.images.pipeline import header, vision
from fondaco.images.pipeline.inspect import inspect
from fondaco.images.pipeline.renditions import plan, render_all
from fondaco.images.tests import pictures

SIDE = 2000
PEERS = Path(__file__).parent.parent / ".venv-peers"
HALF_TARGET, FULL_TARGET = 0.68, 0.60
PEER_TARGETS = {("product", "half"): 40, ("product", "full"): 20, ("scene", "half"): 20, ("scene", "full"): 13}


def run(*, short: bool = False) -> list[Row]:
    """All rows; `short` takes fewer pictures and leaves out the peer."""
    count, passes = (4, 3) if short else (12, 7)
    sets = {"product": _products(count), "scene": _scenes(count)}
    rows = [row for name, files in sets.items() for row in _speed(name, files, passes)]
    if not short:
        rows += _against_peer(sets, rows)
    rows += _models(sets["product"][:4], passes)
    return [
        *rows,
        *_renditions(sets["product"][:4]),
        *_memory(),
        *_hostile(short=short),
        *_accuracy(2 if short else 24),
    ]


# ---------------------------------------------------------------- pictures


def _products(count: int) -> list[bytes]:
    """On white, 87 to 96 % fill: half textured, half smooth with a highlight, as goods are."""
    return [pictures.jpeg(_product(i)) for i in range(count)]


def _product(
    i: int, *, side: int = SIDE, fill: float = 0.0, ground: tuple[int, int, int] | str = pictures.WHITE
) -> pictures.Array:
    shape, filled = pictures.SHAPES[i % 4], fill or 0.87 + 0.09 * (i % 7) / 6
    if i % 2:
        return pictures.product(side, fill=filled, shape=shape, seed=i, ground=ground)
    cover = pictures.outline(side, fill=filled, shape=shape)[:, :, None].astype(np.float32) / 255
    if ground == "gradient":
        behind = np.linspace(255, 205, side, dtype=np.float32)[:, None, None]
    else:
        behind = np.array(ground, np.float32)
    return np.rint(_smooth(side, i) * cover + behind * (1 - cover)).astype(np.uint8)


def _smooth(side: int, seed: int) -> pictures.Array:
    """Shaded like a mug, with a line and letters."""
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, side, dtype=np.float32)[None, :, None]
    shade = 0.5 + 0.5 * np.sin(np.pi * x)
    shine = 40 * np.exp(-((x - 0.35) ** 2) / 0.002)
    picture = (
        rng.uniform(40, 190, 3).astype(np.float32) * shade
        + shine
        + rng.normal(0, 1, (side, side, 1)).astype(np.float32)
    )
    picture = np.clip(picture, 0, 245).astype(np.uint8)
    cv2.putText(
        picture, "FONDACO", (side // 3, side // 2), cv2.FONT_HERSHEY_SIMPLEX, side / 500, (30, 30, 30), 4, cv2.LINE_AA
    )
    cv2.line(picture, (0, int(0.62 * side)), (side, int(0.6 * side)), (20, 20, 20), 3, cv2.LINE_AA)
    return picture


def _scenes(count: int) -> list[bytes]:
    return [pictures.jpeg(pictures.scene(SIDE, seed=i)) for i in range(count)]


# ---------------------------------------------------------------- speed


def _best(work: Callable[[bytes], object], files: Sequence[bytes], passes: int) -> float:
    """Mean over the files of each one's fastest pass, CPU milliseconds."""
    fastest = [float("inf")] * len(files)
    for _ in range(passes):
        for i, data in enumerate(files):
            began = time.process_time()
            work(data)
            fastest[i] = min(fastest[i], time.process_time() - began)
    return 1000 * sum(fastest) / len(fastest)


def _speed(name: str, files: list[bytes], passes: int) -> list[Row]:
    heading = _best(lambda data: header.read(data, whole=False), files, passes)
    rows = [Row(f"{name}: header tier", heading, "ms", "0.15 ms", heading / 0.15, "≤ 1", heading < 0.15)]
    for mode, part, target in (("half", 2, HALF_TARGET), ("full", 1, FULL_TARGET)):
        limit = _best(lambda data, part=part: _decode_only(data, part), files, passes)  # type: ignore[misc]
        took = _best(lambda data, mode=mode: inspect(data, mode=mode), files, passes)  # type: ignore[misc]
        beside = f"decode only {limit:.2f} ms"
        rows.append(
            Row(f"{name}: inspect {mode}", took, "ms", beside, limit / took, f"≥ {target}", limit / took >= target)
        )
    return rows


def _decode_only(data: bytes, part: int) -> None:
    simplejpeg.decode_jpeg(data, "RGB", min_height=SIDE // part, min_width=SIDE // part, min_factor=1, strict=True)


def _renditions(files: list[bytes]) -> list[Row]:
    took = _best(lambda data: render_all(data, plan(SIDE, SIDE)), files, 3)
    return [Row("renditions, all widths, JPEG and WebP", took, "ms a picture")]


def _models(files: list[bytes], passes: int) -> list[Row]:
    """Inspection at half size with every optional model; nothing where one is missing."""
    if vision.missing():
        print("models left out: `fondaco vision install` brings them")
        return []
    took = _best(lambda data: inspect(data, "listing-other", models=True), files, passes)
    return [Row("with all models", 1000 / took, "pictures/s", "15", 1000 / took / 15, "≥ 1", took < 1000 / 15)]


# ---------------------------------------------------------------- the peer, in an environment of its own


def _against_peer(sets: dict[str, list[bytes]], rows: list[Row]) -> list[Row]:
    python = _peer_python()
    if python is None:
        return []
    made = []
    for name, files in sets.items():
        peer = _cleanvision(python, files)
        for mode in ("half", "full"):
            ours = next(row.value for row in rows if row.name == f"{name}: inspect {mode}")
            target = PEER_TARGETS[name, mode]
            times = peer / ours
            made.append(
                Row(
                    f"{name}: inspect {mode} against CleanVision",
                    ours,
                    "ms",
                    f"CleanVision {peer:.0f} ms",
                    times,
                    f"≥ {target}",
                    times >= target,
                )
            )
    return made


def _peer_python() -> Path | None:
    """The interpreter of `.venv-peers` with CleanVision in it; None with a printed reason when it cannot be had."""
    python = PEERS / "bin" / "python"
    if (
        subprocess.run([python, "-c", "import cleanvision"], capture_output=True, check=False).returncode == 0
        if python.exists()
        else False
    ):
        return python
    try:
        venv.create(PEERS, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "cleanvision==0.3.7"], check=True, timeout=600, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(f"CleanVision left out: it could not be installed ({error})")
        return None
    return python


def _cleanvision(python: Path, files: list[bytes]) -> float:
    """CPU milliseconds a picture for its default issues, one job, start-up not counted."""
    folder = PEERS / "pictures"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for i, data in enumerate(files):
        (folder / f"{i}.jpg").write_bytes(data)
    told = subprocess.run([python, "-c", _PEER, str(folder)], capture_output=True, text=True, check=True, timeout=600)
    return 1000 * float(told.stdout.strip().splitlines()[-1]) / len(files)


_PEER = textwrap.dedent("""
    import sys, time, contextlib, io
    from cleanvision import Imagelab
    lab = Imagelab(data_path=sys.argv[1])
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        lab.find_issues(n_jobs=1, verbose=False)
    print(time.process_time() - began)
""")


# ---------------------------------------------------------------- memory


def _memory() -> list[Row]:
    rows = []
    for mode in ("half", "full"):
        added = _added(mode)
        rows.append(Row(f"10,000 × 10,000 JPEG, {mode}", added, "MB added", "60 MB", added / 60, "≤ 1", added < 60))
    return rows


def _added(mode: str) -> float:
    """Peak memory that one such file adds to a process that has inspected a small one before; file included."""
    make = "import sys, numpy as np; from fondaco.images.tests import pictures as p; sys.stdout.buffer.write(p.jpeg(np.tile(p.product(), (10, 10, 1))))"
    data = subprocess.run([sys.executable, "-c", make], capture_output=True, check=True).stdout
    told = subprocess.run([sys.executable, "-c", _PEAK, mode], input=data, capture_output=True, check=True).stdout
    return float(json.loads(told))


_PEAK = textwrap.dedent("""
    import sys
    from fondaco.images import inspect
    from fondaco.images.tests.memory import peak_kb
    from fondaco.images.tests import pictures
    inspect(pictures.jpeg(pictures.product(600)), mode="full")
    before = peak_kb()
    inspect(sys.stdin.buffer.read(), mode=sys.argv[1])
    print((peak_kb() - before) / 1000)
""")


def _hostile(*, short: bool) -> list[Row]:
    """The worst of the hostile corpus, by memory and by time, each file inspected in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", _CORPUS, str(8 if short else 10_000)], capture_output=True, check=True, text=True
    ).stdout
    found = [json.loads(line) for line in told.splitlines()]
    most, slowest = max(found, key=lambda row: row["added"]), max(found, key=lambda row: row["spent"])
    return [
        Row(
            f"hostile corpus ({len(found)} files): most memory ({most['title']})",
            most["added"],
            "MB added",
            "100 MB",
            most["added"] / 100,
            "≤ 1",
            most["added"] < 100,
        ),
        Row(
            f"hostile corpus: slowest ({slowest['title']})",
            slowest["spent"],
            "s",
            "2 s",
            slowest["spent"] / 2,
            "≤ 1",
            slowest["spent"] < 2,
        ),
    ]


# A process is forked for every file, after the libraries are loaded; another one makes the file.
_CORPUS = textwrap.dedent("""
    import json, os, sys, tempfile, time
    from fondaco.images import inspect
    from fondaco.images.tests.memory import peak_kb
    from fondaco.images.tests import hostile, pictures
    inspect(pictures.jpeg(pictures.product(600)), mode="full")
    path = tempfile.mktemp()
    for title in list(hostile.CASES)[: int(sys.argv[1])]:
        if os.fork() == 0:
            open(path, "wb").write(hostile.CASES[title].make())
            os._exit(0)
        os.wait()
        if os.fork() == 0:
            data = open(path, "rb").read()
            before, began = peak_kb(), time.process_time()
            inspect(data)
            spent = time.process_time() - began
            added = (peak_kb() - before) / 1000
            print(json.dumps({"title": title, "added": added, "spent": spent}), flush=True)
            os._exit(0)
        os.wait()
    os.unlink(path)
""")


# ---------------------------------------------------------------- known damage


DAMAGE: dict[str, tuple[Callable[[int], tuple[pictures.Array, int]], set[str]]] = {
    "blur of 3 px": (lambda i: (pictures.blurred(_product(i), 3), 90), {"out_of_focus"}),
    "blur of 6 px": (lambda i: (pictures.blurred(_product(i), 6), 90), {"out_of_focus"}),
    "enlarged 4 times": (lambda i: (pictures.enlarged(_product(i), 4), 90), {"enlarged"}),
    "pixelated 8 times": (lambda i: (pictures.enlarged(_product(i), 8, cv2.INTER_NEAREST), 90), {"pixelated"}),
    "brightness × 0.15": (lambda i: ((_product(i) * 0.15).astype(np.uint8), 90), {"too_dark"}),
    "ground 250": (lambda i: (_product(i, ground=(250, 250, 250)), 90), {"background_not_white"}),
    "beige ground": (lambda i: (_product(i, ground=(225, 214, 190)), 90), {"background_not_white"}),
    "gradient ground": (lambda i: (_product(i, ground="gradient"), 90), {"background_not_white"}),
    "fill 0.70": (lambda i: (_product(i, fill=0.70), 90), {"product_too_small"}),
    "fill 0.82": (lambda i: (_product(i, fill=0.82), 90), {"product_too_small"}),
    "border of 10 px": (lambda i: (pictures.bordered(_product(i), 10), 90), {"border"}),
    "cropped into": (lambda i: (_product(i)[300:-300, 300:-300], 90), {"touches_edge"}),
    "quality 20": (lambda i: (_product(i), 20), {"over_compressed"}),
}
CLEAN: dict[str, Callable[[int], tuple[pictures.Array, int]]] = {
    "clean": lambda i: (_product(i), 90),
    "clean, fill 0.88": lambda i: (_product(i, fill=0.88), 90),
    "clean, 1,200 px": lambda i: (_product(i, side=1200), 85),
}


def _accuracy(count: int) -> list[Row]:
    rows = []
    for name, (harm, expected) in DAMAGE.items():
        hits = sum(expected <= _codes(harm(i)) for i in range(count))
        rows.append(
            Row(f"found: {name}", hits / count, f"of {count}", "1", hits / count, "≥ 0.98", hits / count >= 0.98)
        )
    for name, make in CLEAN.items():
        false = sum(bool(_codes(make(i))) for i in range(count))
        rows.append(Row(f"false findings: {name}", float(false), f"of {count}", "0", None, "0", not false))
    return rows


def _codes(made: tuple[pictures.Array, int]) -> set[str]:
    picture, quality = made
    return set(inspect(pictures.jpeg(picture, quality), "listing-main").codes())
