"""The catalogue of faults holds together."""

from __future__ import annotations

import re

import pytest

from fondaco.feeds import errors
from fondaco.feeds.errors import Issue, all_faults, quoted, words

DOCUMENTED = {"15", "20000", "20005", "90220", "99022", "4002001", "4002002", "4002006", "4002008"}


@pytest.mark.parametrize("fault", list(all_faults()), ids=lambda f: f.key)
def test_every_fault_says_what_and_what_to_do(fault):
    assert fault.message.endswith((".", ":", "%(reason)s", "%(sent)s", "%(allowed)s"))
    assert fault.fix.endswith(".")
    assert fault.code in DOCUMENTED or re.fullmatch(r"LOCAL-(FILE|JSON|ROW|VAL|VAR|IMG)-\d\d", fault.code)


def test_codes_of_our_own_name_one_fault_each():
    own = [f.code for f in all_faults() if f.code.startswith("LOCAL-")]
    assert len(own) == len(set(own))


def test_fatal_faults_stop_and_warnings_do_not():
    for fault in all_faults():
        if fault.type is errors.ErrorType.WARNING:
            assert not fault.stops_row, fault.key


def test_words_name_what_was_sent():
    assert words(Issue(3, "A", "price-unreadable", "price", "cheap")) == "“cheap” is not a price."


def test_words_come_out_even_when_a_fact_is_missing():
    assert "%(limit)s" in words(Issue(3, "A", "value-too-long"))


def test_quoting_shows_what_cannot_be_seen_and_cuts_what_is_long():
    assert quoted("a\x00b\tc\udce9") == "a␀b⇥c<E9>"
    assert len(quoted("x" * 5000)) == errors.MAX_SENT_CHARS
