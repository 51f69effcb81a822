"""Labels that files bring along in their names (PHOTO-27, PHOTO-30)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fondaco.messaging.operations.files import Kept
from fondaco.messaging.rules.privacy import file_name_without_addresses


def label_of_name(name: str) -> str:
    """`ProductDefect_FrontView.jpg` → the same without its ending; anything else becomes `Photo_…`. An address in the
    name does not get into the label."""
    stem = file_name_without_addresses(name).rsplit(".", 1)[0]
    parts = [re.sub(r"[^A-Za-z0-9 ]", " ", part) for part in stem.split("_")]
    words = ["".join(w[:1].upper() + w[1:] for w in part.split()).lstrip("0123456789") for part in parts]
    words = [w for w in words if w]
    if len(words) >= 2:
        return f"{words[0]}_{''.join(words[1:])}"[:80]
    return f"Photo_{words[0]}"[:80] if words else "Photo_File"


def view_of_label(label: str) -> str:
    return label.partition("_")[2][:40]


def unlike(kept: Sequence[Kept]) -> list[Kept]:
    """Labels that occur twice get a number behind."""
    used: set[str] = set()
    made = []
    for each in kept:
        label, number = each.label, 1
        while label and label.casefold() in used:
            number += 1
            label = f"{each.label}{number}"
        used.add(label.casefold())
        made.append(replace(each, label=label))
    return made
