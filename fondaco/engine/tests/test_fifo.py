"""The write lock is fair and never lost."""

from __future__ import annotations

import threading
import time

from fondaco.engine.sqlite.fifo import FifoLock


def test_serves_in_order_of_arrival() -> None:
    lock, served = FifoLock(), []
    assert lock.acquire()

    def wait(n: int) -> None:
        assert lock.acquire(timeout=5)
        served.append(n)
        lock.release()

    threads = []
    for n in range(8):
        threads.append(threading.Thread(target=wait, args=(n,)))
        threads[-1].start()
        while len(lock._waiting) <= n:
            time.sleep(0.001)
    lock.release()
    for t in threads:
        t.join(5)
    assert served == list(range(8))


def test_a_waiter_that_gave_up_does_not_take_the_lock_with_it() -> None:
    lock = FifoLock()
    assert lock.acquire()
    assert not lock.acquire(timeout=0.02)
    lock.release()
    assert lock.acquire(timeout=0.02)
