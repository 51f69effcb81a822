"""A real SMTP listener for inbound mail, embedded in the web process or run by `fondaco mail`.

A recipient that is no alias is refused before any data. Data is stored, file and row, before the 250: a worker, or this
process, may be killed at any moment afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections, connections

from fondaco.engine import files
from fondaco.messaging.mail.accept import MOST_BYTES, Incoming, accept_all, alias_of

log = logging.getLogger("fondaco.mail")
THREADS = 4
MOST_RECIPIENTS = 20
MOST_AT_ONCE, MOST_KNOWN = 64, 10_000


class Writer:
    """One thread that puts into the database what came in over all connections: whatever waits goes into one transaction,
    so that a rush of mail costs few commits and few connections. `put` answers when it is committed."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Incoming, Future[None]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, mail: Incoming) -> Future[None]:
        done: Future[None] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="fondaco-mail-writer", daemon=True)
                self._thread.start()
        self._waiting.put((mail, done))
        return done

    def stop(self) -> None:
        """Write what waits, then end."""
        if self._thread and self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join(30)

    def _run(self) -> None:
        try:
            while batch := self._batch():
                self._write(batch)
                if self._waiting.empty():
                    close_old_connections()  # a thread that waits holds none
        finally:
            connections.close_all()

    def _batch(self) -> list[tuple[Incoming, Future[None]]]:
        """What waits, at least one; nothing when it shall end."""
        batch: list[tuple[Incoming, Future[None]]] = []
        while (each := self._waiting.get()) is not None:
            batch.append(each)
            if len(batch) == MOST_AT_ONCE or self._waiting.empty():
                return batch
        if batch:
            self._waiting.put(None)  # read again once the batch is written
        return batch

    def _write(self, batch: Sequence[tuple[Incoming, Future[None]]]) -> None:
        try:
            accept_all([mail for mail, _done in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            close_old_connections()
            for each in batch:  # one bad mail must not keep the others out
                self._write([each])
        else:
            for _mail, done in batch:
                done.set_result(None)


class Door:
    """aiosmtpd's handler: look-ups and files in a few threads of its own, rows by the one that writes."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fondaco-mail")
        self.writer = Writer()
        self._known: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            known = address in self._known or await self._in_thread(_is_known, address)
        except DatabaseError:
            log.exception("could not look up %s", address)
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 alias_unknown: nobody has this address"
        if len(self._known) < MOST_KNOWN:
            self._known.add(address)  # an alias lasts; one that has gone all the same is refused when it is stored
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        try:
            sha256 = await self._in_thread(files.put, "documents", raw)
            mail = Incoming(sha256, len(raw), envelope.mail_from or "", tuple(envelope.rcpt_tos), "smtp")
            await asyncio.wrap_future(self.writer.put(mail))
        except Exception:
            log.exception("a mail could not be stored")
            return "451 4.3.0 Not stored, try again later"
        return "250 2.0.0 Stored"

    async def _in_thread(self, fn: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, fn, *args)


def _is_known(address: str) -> bool:
    close_old_connections()
    try:
        return alias_of(address) is not None
    finally:
        close_old_connections()  # a thread that waits holds none


class Listener(Controller):
    """aiosmtpd's thread with our door; stopping it waits for what is being written."""

    handler: Door

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert=no_assert)
        self.handler.writer.stop()
        self.handler.pool.shutdown()


def controller(host: str, port: int) -> Listener:
    """A listener in a thread of its own; `start()` and `stop()` it."""
    return Listener(Door(), hostname=host, port=port, data_size_limit=MOST_BYTES, ident="Fondaco", decode_data=False)


def start() -> None:
    """Listen beside the web process where FONDACO_SMTP (host:port) says so; a port that is taken is only told of."""
    where = os.environ.get("FONDACO_SMTP", "")
    if not where:
        return
    host, _, port = where.rpartition(":")
    try:
        controller(host or "127.0.0.1", int(port)).start()
    except OSError as error:
        log.warning("no mail is taken at %s: %s", where, error)


def run(argv: list[str]) -> int:
    """`fondaco mail`: listen until interrupted."""
    parser = argparse.ArgumentParser(prog="fondaco mail")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8025)
    options = parser.parse_args(argv)
    listening = controller(options.host, options.port)
    listening.start()
    sys.stdout.write(f"Taking mail at {options.host}:{options.port}\n")
    sys.stdout.flush()
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    done.wait()
    listening.stop()
    return 0
