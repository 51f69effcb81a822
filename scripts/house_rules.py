#!/usr/bin/env python
"""Rules of the house that no linter knows: lookups that differ between the databases, inline scripts, foreign hosts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES: list[tuple[str, str, str]] = [
    # (files, pattern, why)
    (
        r"fondaco/.*\.py$",
        r"__contained_by=|__has_key|__json_contains",
        "JSON containment differs between the databases",
    ),
    (r"fondaco/.*\.py$", r"\.distinct\(['\"]", "distinct(field) exists on PostgreSQL only"),
    (r"fondaco/.*\.py$", r"skip_locked=True", "SQLite ignores skip_locked in silence"),
    (r"fondaco/.*\.py$", r"__icontains|__iexact|__istartswith", "case folding differs: search a folded column"),
    (r"fondaco/.*\.py$", r"models\.DecimalField|FloatField\(.*minor", "money is whole minor units"),
    (r"fondaco/.*\.py$", r"ATOMIC_REQUESTS\s*=\s*True", "every view would take SQLite's write lock"),
    (r"fondaco/(?!engine/|config/).*\.py$", r"timezone\.now\(\)|datetime\.now\(|utcnow\(", "ask fondaco.engine.clock"),
    (r"fondaco/.*\.html$", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", "no inline scripts"),
    (r"fondaco/.*\.html$", r"<style|\sstyle=|\son[a-z]+=\"", "no inline styles or handlers"),
    (r".*", r"pypi\.o" r"rg|pythonho" r"sted|registry\.np" r"mjs|deb\.deb" r"ian\.org", "no index addresses"),
]


def tracked() -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in out.stdout.splitlines()]


def main() -> int:
    faults = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if not path.is_file() or "/tests/" in name or "/migrations/" in name or name.startswith("docs/requirements/"):
            continue
        rules = [(re.compile(p), why) for files, p, why in RULES if re.match(files, name)]
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if "house: allow" in line or name == "scripts/house_rules.py":
                continue
            faults += [f"{name}:{number}: {why}" for pattern, why in rules if pattern.search(line)]
    sys.stdout.write("\n".join(faults) + ("\n" if faults else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
