"""Names of processes: gone is said only of what has surely ended."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fondaco.engine import holders


@pytest.fixture
def child():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def name_of(pid: int) -> str:
    return holders._name_of(pid)


def test_this_process_is_not_gone():
    assert not holders.is_gone(holders.me())
    assert len(holders.me()) <= holders.LENGTH


def test_a_process_that_was_killed_is_gone_even_before_its_parent_asks(child):
    name = name_of(child.pid)
    assert not holders.is_gone(name)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and still on the list of processes
    assert holders.is_gone(name)
    child.wait()
    assert holders.is_gone(name)


def test_another_process_with_the_same_number_is_not_the_one_that_was():
    place, _, rest = holders.me().rpartition("/")
    assert holders.is_gone(f"{place}/{rest.partition('.')[0]}.12345")


@pytest.mark.parametrize("name", ["", "nonsense", "other-machine/4026531836/1.5", "a/b/c.d"])
def test_of_other_machines_and_of_what_is_no_name_nothing_is_said(name):
    assert not holders.is_gone(name)
