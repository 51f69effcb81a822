"""Where the published models stand. Nothing here needs a Django that has been set up: the test command asks it first."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

NOT_HERE = (
    "the published models are not here: FONDACO_SPAPI_MODELS names their folder, or ../shared/spapi-models holds them"
)


@cache
def folder() -> Path | None:
    """Where the models stand, or None."""
    named = os.environ.get("FONDACO_SPAPI_MODELS")
    places = [Path(named)] if named else [root.parent / "shared" / "spapi-models" for root in (ROOT, *_origin())]
    return next((place for place in places if (place / "sellers.json").is_file()), None)


def _origin() -> list[Path]:
    """The repository on this machine that the checkout was cloned from, if any."""
    asked = ["git", "config", "--get", "remote.origin.url"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    path = Path(done.stdout.strip().removeprefix("file://"))
    return [path] if done.returncode == 0 and path.is_absolute() else []
