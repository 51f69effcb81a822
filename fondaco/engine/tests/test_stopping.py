"""A worker that is asked to end is gone soon, whatever it is doing."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

import pytest

from fondaco.catalogue.operations import batch
from fondaco.engine import stopping


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(stopping, "_asked", True)


def _process(body: str) -> subprocess.Popen[str]:
    start = "import os, signal, threading, time\nimport django\ndjango.setup()\nfrom fondaco.engine import stopping, worker\n"
    start += "signal.signal(signal.SIGTERM, worker._told_to_stop)\n"
    code = start + textwrap.dedent(body)
    made = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n", made.communicate()
    return made


def test_ends_at_once_when_it_only_waits():
    process = _process("print('ready', flush=True)\nwhile not stopping.wait(60): pass\nprint('over')")
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert out == "over\n"
    assert time.monotonic() - began < 10


def test_is_gone_after_its_patience_even_when_stuck_and_says_over_what():
    process = _process("""
        worker.PATIENCE_S = 0.5
        def stuck_here():
            lock = threading.Lock()
            lock.acquire()
            print('ready', flush=True)
            lock.acquire()
        stuck_here()
    """)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "stuck_here" in told


def test_a_second_signal_ends_it_now():
    process = _process("print('ready', flush=True)\nwhile True: time.sleep(0.05)")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 1


@pytest.mark.django_db
def test_pictures_that_nobody_began_are_left_to_another_worker(asked, monkeypatch):
    left: list[str] = []
    monkeypatch.setattr(batch.nudges, "look_at_many", left.extend)
    ids = [f"{n:032x}" for n in range(100)]
    assert batch.look_at_many(ids) == 0
    assert left == ids
