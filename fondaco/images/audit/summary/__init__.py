"""The audit as a whole: figures, the worst pictures, what looks alike; as a page, as JSON, in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from fondaco.images.audit.dataset import Dataset
from fondaco.images.audit.look import Look
from fondaco.images.audit.sources import Source
from fondaco.images.pipeline.profiles import load_profile

from . import alike, page
from .figures import Summary, sum_up


def write(dataset: Dataset, source: Source, look: Look) -> tuple[Summary, Path]:
    """Writes summary.html, summary.json and duplicates.parquet beside the dataset; returns the figures and the page."""
    profile = load_profile(look.profile, on=look.on)
    groups = alike.groups(dataset, bits=profile.near_duplicate_bits)
    groups.save(dataset.folder / "duplicates.parquet")
    summary = sum_up(dataset, profile, source=source.name, mode=look.mode, groups=groups)
    _replace(dataset.folder / "summary.json", json.dumps(summary.as_dict(), indent=1, ensure_ascii=False))
    target = dataset.folder / "summary.html"
    _replace(target, page.render(summary, source))
    return summary, target


def _replace(target: Path, text: str) -> None:
    part = target.with_name(f".{target.name}.tmp")
    part.write_text(text, encoding="utf-8")
    part.replace(target)
