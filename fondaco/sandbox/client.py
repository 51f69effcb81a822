"""Starting a sandbox from a program, and speaking to its control API. The standard library only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote


class ControlError(Exception):
    """The control API refused: `status`, `code` and `words` say what and why."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body
        self.code, self.words = str(body.get("code", "")), str(body.get("words", ""))
        super().__init__(f"{status} {self.code}: {self.words} {body.get('fix', '')} {body.get('faults') or ''}".strip())


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client signs in with: for the sandbox's first seller, unless another's refresh token is taken."""

    client_id: str
    client_secret: str
    refresh_token: str
    seller_id: str
    token_url: str


@dataclass(frozen=True, slots=True)
class Control:
    """Moves the world around a sandbox. Each call answers when what it set off is done; all raise ControlError."""

    url: str
    token: str
    timeout_s: float = 600.0

    # the store

    def store(self) -> dict[str, Any]:
        """Credentials, people, the time, the snapshots."""
        return self._call("GET", "/")

    def reset(self) -> None:
        """Begin anew."""
        self._call("POST", "/reset")

    def snapshot(self, name: str) -> None:
        """Keep the store as it is."""
        self._call("PUT", f"/snapshots/{quote(name, safe='')}")

    def restore(self, name: str) -> None:
        """Put the store back as it was."""
        self._call("POST", f"/snapshots/{quote(name, safe='')}/restore")

    def settle(self) -> int:
        """Wait until nothing is left to do; how many tasks ran."""
        return int(self._call("POST", "/settle")["tasks"])

    # time

    @property
    def now(self) -> datetime:
        """What the store's clock says."""
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Let time pass, with all that is due on the way; the new time."""
        body = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        return datetime.fromisoformat(self._call("POST", "/clock/advance", body)["now"])

    def set_clock(self, *, at: datetime | None = None, runs: bool | None = None) -> datetime:
        """Let time pass until `at`; let the clock run or stand."""
        body = {"at": at.isoformat() if at else None, "runs": runs}
        return datetime.fromisoformat(self._call("PUT", "/clock", body)["now"])

    # buyers and carriers

    def place_order(
        self, sku: str, quantity: int = 1, *, buyer: str = "prime-buyer", speed: str = "", seller_id: str = ""
    ) -> dict[str, Any]:
        """A buyer buys one thing; the order."""
        item = {"sku": sku, "quantity": quantity, "speed": speed}
        return self.place_orders([item], buyer=buyer, seller_id=seller_id)[0]

    def place_orders(
        self, items: list[dict[str, Any]], *, buyer: str = "prime-buyer", seller_id: str = ""
    ) -> list[dict[str, Any]]:
        """A buyer buys several things at once: `[{"sku", "quantity", "speed"}]`."""
        return self._call("POST", "/orders", {"items": items, "buyer": buyer, "seller_id": seller_id})  # type: ignore[return-value]

    def order(self, number: str) -> dict[str, Any]:
        """An order with its parcels."""
        return self._call("GET", f"/orders/{number}")

    def cancel(self, number: str) -> dict[str, Any]:
        """The buyer cancels."""
        return self._call("POST", f"/orders/{number}/cancel")

    def deliver(self, number: str) -> dict[str, Any]:
        """Every parcel of the order is handed over now."""
        return self._call("POST", f"/orders/{number}/deliver")

    def scan(self, tracking_number: str, kind: str, *, place: str = "") -> None:
        """The carrier scans a parcel: `accepted`, `in_transit`, `out_for_delivery`, `delivered`, `delayed`, `lost`."""
        self._call("POST", f"/parcels/{quote(tracking_number, safe='')}/scans", {"kind": kind, "place": place})

    def send_back(self, number: str, *, reason: str = "NO_LONGER_NEEDED", comment: str = "") -> dict[str, Any]:
        """The buyer returns an order; the return, whose `tracking_number` can be scanned."""
        return self._call("POST", f"/orders/{number}/returns", {"reason": reason, "comment": comment})[0]  # type: ignore[no-any-return, index, call-overload]

    def write(self, number: str, text: str, *, subject: str = "other") -> str:
        """The buyer writes about an order; the conversation's number."""
        return str(self._call("POST", f"/orders/{number}/messages", {"text": text, "subject": subject})["number"])

    # what is outside

    def picture(self, kind: str = "mug", number: int = 1, *, fault: str = "good", query: str = "") -> str:
        """The address of a picture at the image host: a good one, or one with a fault."""
        return f"{self.store()['image_host']}/{fault}/{kind}/{number}.jpg{query and '?' + query}"

    def fail(self, kind: str, *, path: str = "/", times: int | None = None) -> None:
        """From now on pictures whose path begins so fail: `404`, `500`, `hang`, `truncated`, …"""
        self._call("POST", "/image-host/faults", {"kind": kind, "path": path, "times": times})

    def heal(self) -> None:
        """The image host is well again."""
        self._call("DELETE", "/image-host/faults")

    def image_host(self) -> dict[str, Any]:
        """Its faults, and what was asked of it."""
        return self._call("GET", "/image-host")

    def outbox(self) -> list[dict[str, Any]]:
        """Mails, the latest first."""
        return self._call("GET", "/outbox")  # type: ignore[return-value]

    def notifications(self) -> list[dict[str, Any]]:
        """What went or goes to webhooks and queues, the latest first."""
        return self._call("GET", "/notifications")  # type: ignore[return-value]

    def allow(self, port: int) -> None:
        """Let pictures come from this port of this machine."""
        self._call("POST", "/allow", {"port": port})

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with _direct.open(asked, timeout=self.timeout_s) as reply:
                return json.loads(reply.read())  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            raise ControlError(error.code, _body_of(error)) from None


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the test's is not for us


def _body_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        return dict(json.loads(error.read()))
    except ValueError:
        return {"words": str(error.reason)}


class Sandbox:
    """A running `fondaco sandbox`, as a process that ends with this one. Use it in a `with` block, or call `stop`."""

    def __init__(self, *arguments: str) -> None:
        """Start and wait until it answers; `arguments` as on the command line. Raises RuntimeError."""
        command = [
            sys.executable,
            "-m",
            "fondaco.config.cli",
            "sandbox",
            "--port",
            "0",
            "--json",
            "--with-stdin",
            *arguments,
        ]
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "DJANGO_")) and k != "FONDACO_DATA"
        }
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"fondaco sandbox did not start (exit status {self._process.wait()})")
        self.said: dict[str, Any] = json.loads(line)
        self.url: str = self.said["url"]
        self.control = Control(self.said["control_url"], self.said["control_token"])
        self.credentials = Credentials(
            self.said["client_id"], self.said["client_secret"], self.said["refresh_token"], self.said["seller_id"],
            f"{self.url}/auth/o2/token",
        )  # fmt: skip

    def stop(self) -> int:
        """Stop it and wait; its exit status. Again, it does nothing."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            status = self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        return status

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
