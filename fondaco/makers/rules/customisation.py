"""What buyers may customise: surfaces with texts, pictures and choices (B-HAND-11). Plain Python.

Stored as JSON:

    {"surfaces": [{"name": "Front", "picture": SHA-256 or "", "items": [
        {"kind": "text", "label": "Name", "required": true, "max": 20, "box": [x, y, w, h], "colour": "#1b3a5c",
         "font": SHA-256 or ""},
        {"kind": "image", "label": "Your drawing", "required": false, "box": [...]},
        {"kind": "configuration", "label": "Glaze", "required": true, "options": [{"label": "Moss", "more_minor": 0}]}]}]}

A box is in per cent of the square picture of its surface: x, y, width, height.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fondaco.kit.errors import Refusal
from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import fold, line

LABEL_LIMIT = 60
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_HASH = re.compile(r"[0-9a-f]{64}")
_YES_NO = ({"yes", "no"}, {"co", "khong"}, {"是", "否"}, {"是", "不是"}, {"要", "不要"}, {"y", "n"})
_BARRED_WORDS: Mapping[str, tuple[str, ...]] = {
    "warranties": ("warranty", "guarantee extension", "bao hanh", "保固", "保修"),
    "unrelated_bundles": ("bundle with", "add another product", "mua kem san pham", "加購"),
    "manufacturer_upc": ("upc", "ean", "gtin", "manufacturer code"),
    "free_promotions": ("free gift", "buy one get one", "free promotion", "qua tang mien phi", "免費贈送", "買一送一"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The record `handmade.customisation`, as far as a definition is held to it."""

    kinds: frozenset[str]
    max_surfaces: int
    max_items: int
    max_text: int
    max_text_on_image: int
    max_options: int
    barred: frozenset[str]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Limits:
        return cls(
            frozenset(record["kinds"]),
            record["max_surfaces"],
            record["max_items_per_surface"],
            record["max_text"],
            record["max_text_on_image"],
            record["max_options"],
            frozenset(record["barred"]),
        )


def read(given: Mapping[str, Any], *, limits: Limits) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The definition as it is stored, and everything that is wrong with it.

    Findings name the place (`1.2`: item 2 of surface 1) in `measured`: `customisation_empty`, `_too_many_surfaces`,
    `_too_many_items`, `_kind`, `_label`, `_text_length`, `_font`, `_options`, `_box`, `_barred`.
    """
    faults: list[Finding] = []
    surfaces = [s for s in _listed(given.get("surfaces")) if isinstance(s, Mapping)]
    if not surfaces:
        faults.append(_fault("customisation_empty", ""))
    if len(surfaces) > limits.max_surfaces:
        faults.append(_fault("customisation_too_many_surfaces", "", limits.max_surfaces))
    clean = [_surface(s, n, limits, faults) for n, s in enumerate(surfaces[: limits.max_surfaces], start=1)]
    return {"surfaces": clean}, tuple(faults)


def _surface(given: Mapping[str, Any], number: int, limits: Limits, faults: list[Finding]) -> dict[str, Any]:
    items = [i for i in _listed(given.get("items")) if isinstance(i, Mapping)]
    if not items:
        faults.append(_fault("customisation_empty", str(number)))
    if len(items) > limits.max_items:
        faults.append(_fault("customisation_too_many_items", str(number), limits.max_items))
    picture = str(given.get("picture") or "")
    kept = [
        _item(item, f"{number}.{n}", limits, faults, on_picture=bool(picture))
        for n, item in enumerate(items[: limits.max_items], start=1)
    ]
    return {"name": _label(given.get("name"), str(number), faults), "picture": picture, "items": kept}


def _item(
    given: Mapping[str, Any], place: str, limits: Limits, faults: list[Finding], *, on_picture: bool
) -> dict[str, Any]:
    kind = str(given.get("kind", ""))
    item: dict[str, Any] = {
        "kind": kind,
        "label": _label(given.get("label"), place, faults),
        "required": bool(given.get("required")),
    }
    _bar(item["label"], place, limits, faults)
    if kind not in limits.kinds:
        faults.append(_fault("customisation_kind", place, sorted(limits.kinds)))
    elif kind == "configuration":
        item["options"] = _options(given.get("options"), place, limits, faults)
    else:
        item["box"] = _box(given.get("box"), place, faults) if on_picture else None
    if kind == "text":
        most = limits.max_text_on_image if on_picture else limits.max_text
        length = _whole(given.get("max"), default=most)
        if not 1 <= length <= most:
            faults.append(_fault("customisation_text_length", place, most))
        colour = str(given.get("colour") or "").lower()
        font = str(given.get("font") or "")
        item |= {"max": length, "colour": colour if _COLOUR.fullmatch(colour) else "#222222", "font": font}
        if font and not _HASH.fullmatch(font):
            faults.append(_fault("customisation_font", place))
    return item


def _options(given: Any, place: str, limits: Limits, faults: list[Finding]) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    for each in _listed(given):
        row = each if isinstance(each, Mapping) else {"label": each}
        options.append(
            {
                "label": _label(row.get("label"), place, faults),
                "more_minor": max(0, _whole(row.get("more_minor"), default=0)),
            }
        )
    labels = [fold(o["label"]) for o in options]
    if not 2 <= len(options) <= limits.max_options or len(set(labels)) != len(labels):
        faults.append(_fault("customisation_options", place, limits.max_options))
    if "yes_no_options" in limits.barred and set(labels) in _YES_NO:
        faults.append(_fault("customisation_barred", place, "yes_no_options"))
    for option in options:
        _bar(option["label"], place, limits, faults)
    return options


def _bar(label: str, place: str, limits: Limits, faults: list[Finding]) -> None:
    folded = fold(label)
    for code, words in _BARRED_WORDS.items():
        if code in limits.barred and any(_says(folded, fold(w)) for w in words):
            faults.append(_fault("customisation_barred", place, code))
            return


def _says(folded: str, words: str) -> bool:
    if not words.isascii():
        return words in folded
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", folded) is not None


def _box(given: Any, place: str, faults: list[Finding]) -> list[int]:
    box = [_whole(v, default=-1) for v in _listed(given)]
    if len(box) != 4:
        return [10, 40, 80, 20]
    x, y, w, h = box
    if min(x, y) < 0 or min(w, h) < 3 or x + w > 100 or y + h > 100:
        faults.append(_fault("customisation_box", place))
    return box


def _label(given: Any, place: str, faults: list[Finding]) -> str:
    try:
        return line(str(given or ""), limit=LABEL_LIMIT, required=True)
    except Refusal:
        faults.append(_fault("customisation_label", place, LABEL_LIMIT))
        return ""


def _listed(given: Any) -> Sequence[Any]:
    return given if isinstance(given, list | tuple) else ()


def _whole(given: Any, *, default: int) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    text = str(given if given is not None else "").strip()
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 9 else default


def _fault(code: str, place: str, limit: Any = None) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, clause="B-HAND-11", measured=place, limit=limit)


# ---------------------------------------------------------------- what a buyer chose


def read_choices(
    definition: Mapping[str, Any], given: Mapping[str, Any], *, pictures: Collection[str] = ()
) -> tuple[list[dict[str, Any]], tuple[Finding, ...], int]:
    """A buyer's choices against a definition: rows to keep with the order, what is wrong, and the extra price.

    `given`: place (`1.2`) → text, the number of an option from 0, or the sha-256 of a picture among `pictures`.
    Findings: `choice_missing`, `choice_too_long`, `choice_not_valid`.
    """
    kept: list[dict[str, Any]] = []
    faults: list[Finding] = []
    more = 0
    for s, surface in enumerate(definition.get("surfaces", ()), start=1):
        for n, item in enumerate(surface["items"], start=1):
            place, value = f"{s}.{n}", str(given.get(f"{s}.{n}") or "").strip()
            row = {"place": place, "surface": surface["name"], "label": item["label"], "kind": item["kind"]}
            if not value:
                if item["required"]:
                    faults.append(_fault("choice_missing", place))
                continue
            if item["kind"] == "text":
                try:
                    kept.append({**row, "value": line(value, limit=item["max"])})
                except Refusal:
                    faults.append(_fault("choice_too_long", place, item["max"]))
            elif item["kind"] == "configuration":
                number = _whole(value, default=-1)
                if not 0 <= number < len(item["options"]):
                    faults.append(_fault("choice_not_valid", place))
                    continue
                option = item["options"][number]
                more += option["more_minor"]
                kept.append({**row, "value": option["label"], "more_minor": option["more_minor"]})
            elif value in pictures:
                kept.append({**row, "value": value})
            else:
                faults.append(_fault("choice_not_valid", place))
    return kept, tuple(faults), more


def as_asked(definition: Mapping[str, Any], choices: Sequence[Mapping[str, Any]], more_minor: int) -> dict[str, Any]:
    """What is kept with a cart line and an order item: the choices, what they cost more for one unit, and what is drawn
    on each picture as the buyer saw it. Empty when nothing was chosen."""
    if not choices:
        return {}
    kept = [dict(c) for c in choices]
    return {"choices": kept, "more_minor": more_minor, "drawn": drawn_of(definition, choices)}


def drawn_of(definition: Mapping[str, Any], choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each surface that has a picture, by its name, with the marks of these choices: JSON, so that an order keeps them."""
    return [
        {
            "name": surface["name"],
            "picture": surface["picture"],
            "marks": [asdict(m) for m in marks(surface, number=n, choices=choices)],
        }
        for n, surface in enumerate(definition.get("surfaces", ()), start=1)
        if surface.get("picture")
    ]


def without_extras(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition without the options that cost more."""
    surfaces = [
        {
            **s,
            "items": [
                {**i, "options": [o for o in i["options"] if not o["more_minor"]]} if "options" in i else i
                for i in s["items"]
            ],
        }
        for s in definition.get("surfaces", ())
    ]
    return {**definition, "surfaces": surfaces}


def judge_again(definition: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What keeps this from being made as it was asked for: `choice_missing`, or `choice_not_valid` where the definition
    or what it costs is another one now."""
    kept = [c for c in _listed(asked.get("choices")) if isinstance(c, Mapping)]
    given = {str(c.get("place")): _given(definition, c) for c in kept}
    pictures = {str(c.get("value")) for c in kept if c.get("kind") == "image"}
    choices, faults, more = read_choices(definition, given, pictures=pictures)
    if faults:
        return faults
    same = choices == [dict(c) for c in kept] and more == int(asked.get("more_minor", 0))
    return () if same else (_fault("choice_not_valid", ""),)


def _given(definition: Mapping[str, Any], choice: Mapping[str, Any]) -> str:
    """A kept choice as the form would send it."""
    if choice.get("kind") != "configuration":
        return str(choice.get("value", ""))
    for s, surface in enumerate(definition.get("surfaces", ()), start=1):
        for n, item in enumerate(surface["items"], start=1):
            if f"{s}.{n}" == choice.get("place"):
                labels = [o["label"] for o in item.get("options", ())]
                return str(labels.index(choice.get("value"))) if choice.get("value") in labels else "-1"
    return "-1"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to be drawn on a picture of 100 × 100: a text of a size with its middle at x, y, or a picture's box."""

    kind: str
    value: str
    x: float
    y: float
    width: float
    height: float
    size: float = 0.0
    colour: str = ""
    font: str = ""


def marks(surface: Mapping[str, Any], *, number: int, choices: Sequence[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """What is drawn on the picture of a surface for these choices. A text is as large as its box lets it be."""
    values = {c["place"]: c["value"] for c in choices}
    found = []
    for n, item in enumerate(surface["items"], start=1):
        box, value = item.get("box"), values.get(f"{number}.{n}", "")
        if not box or not value:
            continue
        x, y, w, h = (float(v) for v in box)
        if item["kind"] == "text":
            size = round(min(h * 0.8, w / max(1.0, _width(value))), 2)
            found.append(Mark("text", value, x + w / 2, y + h / 2, w, h, size, item["colour"], item.get("font", "")))
        elif item["kind"] == "image":
            found.append(Mark("image", value, x, y, w, h))
    return tuple(found)


def family(font: str) -> str:
    """What stylesheets call a maker's font, by its sha-256; empty for none."""
    return f"maker-{font[:16]}" if font else ""


def _width(text: str) -> float:
    """About how many times its own height a text is wide."""
    return sum(1.0 if ord(c) >= 0x2E80 else 0.62 for c in text)
