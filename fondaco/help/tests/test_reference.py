"""The error reference is made from the catalogues, whatever shape they have."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from fondaco.feeds import errors as feed_errors
from fondaco.help import reference
from fondaco.images.pipeline import findings


def test_holds_every_finding_of_the_picture_check() -> None:
    assert [entry.code for entry in reference.pictures()] == list(findings.CATALOGUE)


def test_holds_every_fault_of_inventory_files_once() -> None:
    printed = {entry.key for entry in (*reference.fetching(), *reference.feeds())}
    assert {fault.key for fault in feed_errors.all_faults()} <= printed
    assert len({entry.key for entry in reference.entries()}) == len(reference.entries())


@pytest.mark.spec("IMG-18", "IMG-19")
def test_every_entry_says_what_it_means_and_what_to_do() -> None:
    for entry in reference.entries():
        assert entry.message, entry
        assert entry.fix, entry


def test_finds_by_key_and_by_printed_code() -> None:
    assert {entry.key for entry in reference.find("15")} >= {"image-redirect", "image-html"}
    assert [entry.code for entry in reference.find("FORMAT_NOT_ACCEPTED")] == ["format_not_accepted"]
    assert reference.find("no such code") == ()


def test_unknown_values_become_a_gap() -> None:
    assert reference.readable("The file has %(measured)s; 100%% of %(limit)s.") == "The file has …; 100% of …."


def test_a_catalogue_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fondaco.feeds.errors", None)
    assert reference.feeds() == ()


@pytest.mark.parametrize("shape", ["mapping", "function", "list"])
def test_takes_the_fetchers_catalogue_in_any_shape(monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    slow = SimpleNamespace(code="drip", words="It came drop by drop.", fix="Use another host.", clause="Q-17", retry=True)
    module = ModuleType("fondaco.engine.fetch.faults")
    module.FAULTS = {"mapping": {"drip": slow}, "function": lambda: iter([slow]), "list": [slow]}[shape]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fondaco.engine.fetch.faults", module)
    found = next(entry for entry in reference.fetching() if entry.key == "drip")
    assert (found.message, found.fix, found.clause, found.retries) == (
        "It came drop by drop.",
        "Use another host.",
        "Q-17",
        True,
    )
