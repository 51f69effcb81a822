"""When to try again, how to behave towards a host, and that every fault can be read by a person."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta

import pytest

from fondaco.engine.fetch import FetchFault, Politeness, allow_list, every_fault, next_try
from fondaco.engine.fetch.faults import HostBusy, Http5xx, Http404, Http429, TimedOut
from fondaco.engine.fetch.rules import WAITS

FACTS = {
    "host": "images.example.com", "status": 500, "scheme": "ftp", "port": 22, "limit_s": 10, "limit_bytes": 10, "received": 5, "announced": 9,
}  # fmt: skip


def test_never_means_never():
    assert next_try(Http404(host="a", status=404), 1) is None


def test_waits_grow_and_end_within_a_day():
    waits = [next_try(TimedOut(limit_s=10), n) for n in range(1, len(WAITS) + 1)]
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) < timedelta(hours=24)
    assert next_try(TimedOut(limit_s=10), len(WAITS) + 1) is None


def test_what_the_host_asks_for_is_honoured_within_reason():
    assert next_try(Http429(retry_after_s=900), 1) == timedelta(seconds=900)
    assert next_try(Http429(retry_after_s=1), 2) == WAITS[1]
    assert next_try(Http5xx(retry_after_s=10 * 24 * 3600), 1) is None


def test_waiting_for_a_turn_costs_no_minute():
    assert next_try(HostBusy(host="a", retry_after_s=2), 1) == timedelta(seconds=2)


@pytest.mark.parametrize("code", sorted(every_fault()))
def test_every_fault_has_words_a_fix_and_a_rule(code):
    kind = every_fault()[code]
    fault = kind(**FACTS)
    assert fault.retry in ("later", "never")
    assert "%(" not in str(fault)
    assert str(fault).endswith(".")
    assert kind.FIX.endswith(".")
    assert kind.FEED_CODE in (15, 20000)
    assert json.loads(json.dumps(fault.as_dict()))["code"] == code


def test_all_named_faults_exist():
    assert set(every_fault()) == {
        "url_malformed", "scheme_not_allowed", "port_not_allowed", "credentials_in_url", "address_refused", "dns_failed", "connect_failed",
        "tls_failed", "redirect_refused", "html_not_image", "not_an_image", "http_403", "http_404", "http_410", "http_429", "http_5xx",
        "http_other", "timed_out", "too_big", "length_mismatch", "empty_body", "bad_response", "host_busy",
    }  # fmt: skip


def test_a_fault_without_its_facts_still_speaks():
    assert str(every_fault()["timed_out"]()) != ""


def test_the_allow_list_reads_hosts_with_ports():
    assert allow_list("127.0.0.1:8010", "[::1]:9000", "Images.Test:80") == {
        ("127.0.0.1", 8010),
        ("::1", 9000),
        ("images.test", 80),
    }
    with pytest.raises(ValueError):
        allow_list("no-port")


# ---------------------------------------------------------------- manners


def _busy(p: Politeness, host: str, log: list[int], state: dict[str, int], lock: threading.Lock) -> None:
    with p.turn(host, at_once=3, gap_s=0.0, patience_s=5):
        with lock:
            state["now"] += 1
            log.append(state["now"])
        time.sleep(0.01)
        with lock:
            state["now"] -= 1


def test_no_more_than_n_at_once_and_everybody_gets_a_turn():
    p, log, state, lock = Politeness(), [], {"now": 0}, threading.Lock()
    threads = [threading.Thread(target=_busy, args=(p, "a", log, state, lock)) for _ in range(20)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(log) == 20
    assert max(log) == 3


def test_a_gap_lies_between_two_turns_of_one_host_only():
    p, started = Politeness(), time.monotonic()
    for _ in range(4):
        with p.turn("a", at_once=9, gap_s=0.05, patience_s=1):
            pass
    assert time.monotonic() - started >= 0.15
    started = time.monotonic()
    for host in "bcde":
        with p.turn(host, at_once=9, gap_s=0.05, patience_s=1):
            pass
    assert time.monotonic() - started < 0.1


def test_a_paused_host_is_busy_and_says_for_how_long():
    now = [100.0]
    p = Politeness(clock=lambda: now[0])
    p.pause("a", 60)
    p.pause("a", 5)
    with pytest.raises(FetchFault) as caught, p.turn("a", at_once=1, gap_s=0, patience_s=1):
        pass
    assert (caught.value.code, caught.value.retry_after_s) == ("host_busy", 60)
    now[0] += 61
    assert p.paused_s("a") == 0
    with p.turn("a", at_once=1, gap_s=0, patience_s=1):
        pass


def test_no_place_within_patience_is_busy():
    p = Politeness()
    with (
        p.turn("a", at_once=1, gap_s=0, patience_s=1),
        pytest.raises(FetchFault) as caught,
        p.turn("a", at_once=1, gap_s=0, patience_s=0.05),
    ):
        pass
    assert caught.value.code == "host_busy"


def test_a_turn_ends_with_an_error_too():
    p = Politeness()
    for _ in range(3):
        with pytest.raises(RuntimeError), p.turn("a", at_once=1, gap_s=0, patience_s=0.05):
            raise RuntimeError


def test_idle_hosts_are_forgotten():
    p = Politeness(most_hosts=10)
    for n in range(50):
        with p.turn(f"host{n}", at_once=1, gap_s=0, patience_s=1):
            pass
    assert len(p._hosts) <= 10
