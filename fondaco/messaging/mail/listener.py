"""A real SMTP listener for inbound mail, embedded in the web process or run by `fondaco mail`.

A recipient that is no alias is refused before any data. Data is stored, file and row, before the 250: a worker, or this
process, may be killed at any moment afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections

from fondaco.messaging.mail.accept import MOST_BYTES, accept, alias_of

log = logging.getLogger("fondaco.mail")
THREADS = 4
MOST_RECIPIENTS = 20


class Door:
    """aiosmtpd's handler: database work in a few threads of its own."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fondaco-mail")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            known = await self._in_thread(_is_known, address)
        except DatabaseError:
            log.exception("could not look up %s", address)
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 alias_unknown: nobody has this address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        try:
            await self._in_thread(_store, raw, envelope.mail_from or "", list(envelope.rcpt_tos))
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


def _store(raw: bytes, sender: str, recipients: list[str]) -> None:
    close_old_connections()
    try:
        accept(raw, sender=sender, recipients=recipients, source="smtp")
    finally:
        close_old_connections()


def controller(host: str, port: int) -> Controller:
    """A listener in a thread of its own; `start()` and `stop()` it."""
    return Controller(Door(), hostname=host, port=port, data_size_limit=MOST_BYTES, ident="Fondaco", decode_data=False)


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
