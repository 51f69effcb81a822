#!/usr/bin/env python
"""Writes docs/sandbox-openapi.json from the sandbox's control API; `--check` only says whether it is current."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "sandbox-openapi.json"
sys.path.insert(0, str(ROOT))


def described() -> str:
    """The description as text."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    import django

    django.setup()
    from fondaco.sandbox.control import control

    return json.dumps(control.get_openapi_schema(path_prefix="/sandbox/v1/"), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    text = described()
    if "--check" in sys.argv:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            print("docs/sandbox-openapi.json is out of date: run scripts/sandbox_openapi.py")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
