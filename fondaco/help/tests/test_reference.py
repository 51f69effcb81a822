"""The error reference is made from the catalogues, whatever shape they have."""

from __future__ import annotations

import sys

import pytest

from fondaco.engine.fetch import every_fault
from fondaco.feeds import errors as feed_errors
from fondaco.help import reference
from fondaco.images.pipeline import findings


def test_holds_every_finding_of_the_picture_check() -> None:
    assert [entry.code for entry in reference.pictures()] == list(findings.CATALOGUE)


def test_holds_every_fault_of_inventory_files_once() -> None:
    printed = {entry.key for entry in (*reference.fetching(), *reference.feeds())}
    assert {fault.key for fault in feed_errors.all_faults()} <= printed
    assert len({(entry.group, entry.key) for entry in reference.entries()}) == len(reference.entries())


def test_every_entry_says_what_it_means_and_what_to_do() -> None:
    for entry in reference.entries():
        assert entry.message, entry
        assert entry.fix, entry


def test_finds_by_key_and_by_printed_code() -> None:
    assert {entry.key for entry in reference.find("15")} >= {"image-url-scheme", "redirect_refused"}
    assert [entry.code for entry in reference.find("FORMAT_NOT_ACCEPTED")] == ["format_not_accepted"]
    assert reference.find("no such code") == ()


def test_unknown_values_become_a_gap() -> None:
    assert reference.readable("The file has %(measured)s; 100%% of %(limit)s.") == "The file has …; 100% of …."


def test_a_catalogue_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fondaco.feeds.errors", None)
    assert reference.feeds() == ()


def test_holds_every_fault_of_fetching() -> None:
    met = {entry.key: entry for entry in reference.fetching()}
    assert set(every_fault()) <= set(met)
    assert met["redirect_refused"].code == "15"
    assert met["redirect_refused"].clause == "IMG-22"
    assert met["redirect_refused"].retries is False
    assert met["timed_out"].retries is True
