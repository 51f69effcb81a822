"""The sentences in the data files, for translators: `python -m fondaco.policy.words` writes `wording.py`.

Translation tools read Python, not TOML. A test holds `wording.py` to the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fondaco.policy import types
from fondaco.policy.shipped import shipped
from fondaco.policy.stores import STORES

WORDING = Path(__file__).with_name("wording.py")

_HEAD = '''"""Words of the shipped policies. Written by `python -m fondaco.policy.words`: change the data, not this file."""

from django.utils.translation import gettext_noop as _

# fmt: off
WORDS = (
'''


def words() -> list[str]:
    """Every msgid of the data files and of the stores' names, once, sorted."""
    return sorted({word for word in _all() if word})


def source() -> str:
    """What `wording.py` must contain."""
    return _HEAD + "".join(f"    _({json.dumps(word, ensure_ascii=False)}),\n" for word in words()) + ")\n"


def _all() -> Iterator[str]:
    yield from (store.name for store in STORES.values())
    for area in shipped().areas:
        yield area.title
        for key in area.keys:
            yield from (key.title, key.about, key.anchor_words)
            yield from _units(key.type)
            for version in shipped().versions[key.key]:
                yield version.note
                yield from _labels(key.type, version.value)


def _units(of: types.Type) -> Iterator[str]:
    if of.unit not in ("", "%", "bytes", "px", "g"):
        yield of.unit
    for inner in _inside(of):
        yield from _units(inner)


def _inside(of: types.Type) -> list[types.Type]:
    if isinstance(of, types.Optional | types.Items | types.Map):
        return [of.of]
    if isinstance(of, types.Record):
        return list(of.fields.values())
    return list(of.columns.values()) if isinstance(of, types.Table) else []


def _labels(of: types.Type, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(of, types.Text) and of.label:
        yield value
    elif isinstance(of, types.Optional):
        yield from _labels(of.of, value)
    elif isinstance(of, types.Items):
        for item in value:
            yield from _labels(of.of, item)
    elif isinstance(of, types.Record):
        for name, field in of.fields.items():
            yield from _labels(field, value[name])
    elif isinstance(of, types.Table):
        for row in value:
            yield from _labels(types.Record(fields=of.columns), row)


if __name__ == "__main__":
    WORDING.write_text(source(), encoding="utf-8")
