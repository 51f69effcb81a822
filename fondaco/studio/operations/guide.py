"""The style guide, edited by the operator; every edition stays (IMG-SVC-05)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from django.db import transaction

from fondaco import history
from fondaco.catalogue.product_types import all_types, product_type
from fondaco.engine import clock
from fondaco.kit.errors import Invalid
from fondaco.kit.text import line, paragraphs
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role
from fondaco.studio.models import GuideEntry
from fondaco.studio.queries.floor import guide_for
from fondaco.studio.rules.marked import N_


class ShotsMissing(Invalid):
    CODE = "imaging_guide_shots_missing"
    WORDS = N_("Name at least one picture to take.")


def write_entry(caller: Caller, *, key: str, text: str, shots: Sequence[str], model: str) -> GuideEntry:
    """A new edition for a product type. Without text the type leaves the guide. The same again writes nothing.

    Raises UnknownProductType, ShotsMissing, Denied.
    """
    caller.require_role(Role.OPERATOR)
    kind = product_type(key)
    said = paragraphs(text, limit=10_000)
    names = [name for name in (line(shot, limit=80) for shot in shots) if name][:9]
    if model not in ("never", "possible"):
        raise Invalid
    if said and not names:
        raise ShotsMissing
    at = clock.now()
    with transaction.atomic():
        last = GuideEntry.objects.select_for_update().filter(product_type=kind.key).order_by("-edition").first()
        if last and (last.text, last.shots, last.model) == (said, names, model):
            return last
        entry = GuideEntry.objects.create(
            product_type=kind.key,
            edition=last.edition + 1 if last else 1,
            text=said,
            shots=names,
            model=model,
            author=caller.person,
            at=at,
        )
        about = {"type": kind.key, "edition": entry.edition}
        history.record(actor=caller, verb="guide.written", subject=entry, about=about, clause="IMG-SVC-05", at=at)
    return entry


def ensure_shipped_guide() -> int:
    """Write the guide that comes with the house, where a product type never had one; returns how many entries."""
    known = set(GuideEntry.objects.values_list("product_type", flat=True))
    shipped: dict[str, Any] = tomllib.loads(
        (files("fondaco.studio") / "data" / "guide.toml").read_text(encoding="utf-8")
    )
    at = clock.now()
    rows = [
        GuideEntry(product_type=key, edition=1, text=raw["text"], shots=raw["shots"], model=raw["model"], at=at)
        for key, raw in _by_type(shipped).items()
        if key not in known
    ]
    GuideEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _by_type(shipped: dict[str, Any]) -> dict[str, Any]:
    """The guide is written by department; each of its types gets the entry, unless it is left to research."""
    silent = set(shipped["silent"])
    found = {}
    for key, kind in all_types().items():
        entry = shipped["department"].get(kind.department)
        if entry and key not in silent:
            found[key] = entry
    return found


def covers(key: str) -> bool:
    """Whether the guide has something to say about a product type."""
    return guide_for(key) is not None
