"""A web server of pictures that misbehaves on request and remembers everything: for tests, the demo and the benches.

    with ImageHost() as host:
        fetch_image(host.url("/good/mug/1.jpg"), policy=FetchPolicy(allow=host.allowed))
        host.fail("/good/mug/", "500", times=2)          # the next two requests under this path
        host.count("/good/mug/1.jpg")                    # how often it was asked for

The paths, `<kind>` and `<seed>` as the picture generator knows them (`?variant=PT01&colour=red&size=800` may follow;
`&note=17` writes a comment into a JPEG, so that the same pixels are another content at each number):

    /good/<kind>/<seed>.jpg         a JPEG                   /403 /404 /410 /teapot   that status
    /tiff/… /gif/… /webp/…          that format              /429/…                   once 429 with Retry-After: 1, then good
    /png-as-jpg/…                   a PNG named .jpg         /500-then-ok/…           twice 500, then good
    /damaged/<damage>/<kind>/<seed> a known defect           /503/…                   always 503
    /redirect/…                     302 to /good/…           /slow/…                  a drip of 64 bytes each 50 ms
    /html/…                         a page around it         /wrong-length/…          announces 1,000 bytes too many
    /html-as-jpg/…                  the page as image/jpeg   /truncated/…             whole answer, half a picture
    /jpg-as-html/…                  a JPEG as text/html      /huge/…                  64 MB that begin like a JPEG
    /empty                          200 with no body         /hang                    takes the request and says nothing
    /reset                          closes at once           /chunked/…               good, in chunks, without length

Every path may also be made to fail with `fail(prefix, fault, times=…)`, where `fault` is the first part of one of
the paths above ("500", "hang", "slow", "html", …). On the command line: `python -m fondaco.demo.imagehost --port 8010`.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import responses
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .pictures import DAMAGES, KINDS, VARIANTS, encode, pixels, render

PAGE = b"<!DOCTYPE html>\n<html><head><title>Picture</title></head><body><img src='%s'></body></html>\n"
HUGE_BYTES = 64 * 1024 * 1024
TYPES = {"jpeg": "image/jpeg", "tiff": "image/tiff", "gif": "image/gif", "png": "image/png", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as remembered: `at` seconds since the host started, `status` what was answered (0: nothing)."""

    method: str
    path: str
    at: float
    status: int
    headers: dict[str, str]


@dataclass(slots=True)
class _Fault:
    prefix: str
    kind: str
    left: int | None


@dataclass(slots=True)
class Reply:
    """What goes out: `body` after the headers, `announced` the Content-Length (None: none), `drip` bytes at a time."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/plain"
    extra: tuple[tuple[str, str], ...] = ()
    announced: int | None = -1
    drip: int = 0
    chunked: bool = False
    silent: str = ""
    repeat: int = 0


# ---------------------------------------------------------------- pictures


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that a path asks for."""

    kind: str
    seed: int
    format: str = "jpeg"
    variant: str = "MAIN"
    colour: str | None = None
    size: int = 1600
    damage: str | None = None

    def make(self) -> bytes:
        if self.damage is not None:
            return render(
                self.kind, seed=self.seed, size=self.size, variant=self.variant, colour=self.colour, damage=self.damage
            )
        image, _ = pixels(self.kind, seed=self.seed, size=self.size, variant=self.variant, colour=self.colour)
        return encode(image, kind=self.format)


def wanted(rest: str, query: dict[str, str], *, format_: str = "jpeg", damage: str | None = None) -> Wanted | None:
    """`mug/7.jpg` to a picture; None when there is no such kind, seed, variant or damage."""
    kind, _, name = rest.strip("/").partition("/")
    number = name.partition(".")[0]
    variant, size = query.get("variant", "MAIN"), query.get("size", "1600")
    if (
        kind not in KINDS
        or not number.isdigit()
        or variant not in VARIANTS
        or not size.isdigit()
        or not 50 <= int(size) <= 6000
    ):
        return None
    if damage is not None and damage not in DAMAGES:
        return None
    return Wanted(kind, int(number), format_, variant, query.get("colour"), int(size), damage)


def with_note(jpeg: bytes, note: str) -> bytes:
    """The same picture with a comment segment behind its first marker; what is no JPEG stays as it is."""
    comment = note.encode()[:60_000]
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


class Shelf:
    """Made pictures, in memory up to `most_bytes` and, if given, in a folder for the next run. Made once even if asked for by many."""

    def __init__(self, folder: Path | None = None, *, most_bytes: int = 256 * 1024 * 1024) -> None:
        self._folder, self._most = folder, most_bytes
        self._made: OrderedDict[Wanted, bytes] = OrderedDict()
        self._held = 0
        self._lock, self._making = threading.Lock(), threading.Lock()

    def get(self, want: Wanted) -> bytes:
        with self._lock:
            if want in self._made:
                self._made.move_to_end(want)
                return self._made[want]
        with self._making:
            with self._lock:
                if want in self._made:
                    return self._made[want]
            data = self._from_folder(want)
            self.put(want, data)
        return data

    def put(self, want: Wanted, data: bytes) -> None:
        with self._lock:
            self._made[want] = data
            self._held += len(data)
            while self._held > self._most and len(self._made) > 1:
                self._held -= len(self._made.popitem(last=False)[1])

    def _from_folder(self, want: Wanted) -> bytes:
        if self._folder is None:
            return want.make()
        path = self._folder / sha256(repr(want).encode()).hexdigest()
        if path.is_file():
            return path.read_bytes()
        data = want.make()
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{threading.get_ident()}")
        partial.write_bytes(data)
        partial.replace(path)
        return data


# ---------------------------------------------------------------- behaviours

Behaviour = Callable[["ImageHost", str, str, dict[str, str]], Reply | None]
BEHAVIOURS: dict[str, Behaviour] = {}


def _behaviour(*names: str) -> Callable[[Behaviour], Behaviour]:
    def add(f: Behaviour) -> Behaviour:
        BEHAVIOURS.update(dict.fromkeys(names, f))
        return f

    return add


def _picture(
    host: ImageHost, rest: str, query: dict[str, str], *, format_: str = "jpeg", damage: str | None = None
) -> Reply | None:
    want = wanted(rest, query, format_=format_, damage=damage)
    if want is None:
        return None
    body = host.shelf.get(want)
    if note := query.get("note", ""):
        body = with_note(body, note)
    return Reply(body=body, kind=TYPES[format_])


@_behaviour("good", "tiff", "gif", "webp")
def _good(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    return _picture(host, rest, query, format_="jpeg" if name == "good" else name)


@_behaviour("png-as-jpg")
def _png_as_jpg(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query, format_="png")
    if reply:
        reply.kind = "image/jpeg"
    return reply


@_behaviour("damaged")
def _damaged(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    damage, _, rest = rest.partition("/")
    return _picture(host, rest, query, damage=damage)


@_behaviour("redirect")
def _redirect(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(302, extra=(("Location", host.url(f"/good/{rest}")),))


@_behaviour("html", "html-as-jpg")
def _html(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(
        body=PAGE % f"/good/{rest}".encode(), kind="text/html; charset=utf-8" if name == "html" else "image/jpeg"
    )


@_behaviour("jpg-as-html")
def _jpg_as_html(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query)
    if reply:
        reply.kind = "text/html"
    return reply


@_behaviour("403", "404", "410", "500", "502", "503")
def _status(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(int(name), body=responses[int(name)].encode())


@_behaviour("teapot")
def _teapot(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(418, body=b"short and stout")


@_behaviour("429")
def _too_many(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    if host.turn(f"429/{rest}") == 1:
        return Reply(429, extra=(("Retry-After", "1"),))
    return _picture(host, rest, query)


@_behaviour("500-then-ok")
def _sick_then_well(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    return Reply(500) if host.turn(f"500-then-ok/{rest}") <= 2 else _picture(host, rest, query)


@_behaviour("slow")
def _slow(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query)
    if reply:
        reply.drip = 64
    return reply


@_behaviour("wrong-length")
def _wrong_length(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query)
    if reply:
        reply.announced = len(reply.body) + 1000
    return reply


@_behaviour("truncated")
def _truncated(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query)
    if reply:
        reply.body = reply.body[: len(reply.body) // 2]
    return reply


@_behaviour("chunked")
def _chunked(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply | None:
    reply = _picture(host, rest, query)
    if reply:
        reply.chunked, reply.announced = True, None
    return reply


@_behaviour("huge")
def _huge(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(body=b"\xff\xd8\xff\xe0" + bytes(65532), kind="image/jpeg", announced=None, repeat=HUGE_BYTES // 65536)


@_behaviour("empty")
def _empty(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(kind="image/jpeg")


@_behaviour("hang", "reset")
def _nothing(host: ImageHost, name: str, rest: str, query: dict[str, str]) -> Reply:
    return Reply(status=0, silent=name)


# ---------------------------------------------------------------- the server


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256
    host: ImageHost


class _Handler(StreamRequestHandler):
    """HTTP/1.1 by hand: half the work of `http.server`, and able to lie."""

    disable_nagle_algorithm = True
    wbufsize = 0
    timeout = 30
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):
            while self._one():
                pass

    def _one(self) -> bool:
        line = self.rfile.readline(65536).decode("latin-1").rstrip("\r\n")
        parts = line.split(" ")
        if len(parts) != 3:
            return False
        headers: dict[str, str] = {}
        while (raw := self.rfile.readline(65536)) not in (b"\r\n", b"\n", b""):
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        host = self.server.host
        reply = host.answer(parts[0], parts[1], headers)
        keep = headers.get("connection", "").lower() != "close" and parts[2] == "HTTP/1.1"
        return self._send(reply, head_only=parts[0] == "HEAD") and keep

    def _send(self, reply: Reply, *, head_only: bool) -> bool:
        """Writes a reply; False when the connection must end."""
        if reply.silent:
            if reply.silent == "hang":
                self.server.host.stopping.wait(60)
            return False
        announced = len(reply.body) if reply.announced == -1 else reply.announced
        if reply.repeat:
            announced = len(reply.body) * reply.repeat
        head = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}", f"Content-Type: {reply.kind}"]
        head += [f"{k}: {v}" for k, v in reply.extra]
        head.append("Transfer-Encoding: chunked" if reply.chunked else f"Content-Length: {announced}")
        top = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        if head_only:
            self.connection.sendall(top)
            return True
        for part in self._parts(top, reply):
            self.connection.sendall(part)
        return announced is None or announced == len(reply.body) * max(1, reply.repeat)

    def _parts(self, top: bytes, reply: Reply) -> Iterator[bytes]:
        if reply.drip:
            yield top
            for i in range(0, len(reply.body), reply.drip):
                if self.server.host.stopping.wait(0.05):
                    return
                yield reply.body[i : i + reply.drip]
        elif reply.chunked:
            yield top
            for i in range(0, len(reply.body), 20_000):
                part = reply.body[i : i + 20_000]
                yield b"%x\r\n%s\r\n" % (len(part), part)
            yield b"0\r\n\r\n"
        elif reply.repeat:
            yield top
            for _ in range(reply.repeat):
                yield reply.body
        else:
            yield top + reply.body


@dataclass(slots=True, eq=False)
class ImageHost:
    """The server. `port` 0 takes a free one; `folder` keeps made pictures for the next run. Safe for threads."""

    port: int = 0
    address: str = "127.0.0.1"
    folder: Path | None = None
    requests: list[Request] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    shelf: Shelf = field(init=False)
    _faults: list[_Fault] = field(default_factory=list)
    _turns: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: _Server | None = None
    _thread: threading.Thread | None = None
    _started: float = 0.0

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)

    # running

    def __enter__(self) -> ImageHost:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> ImageHost:
        self._server = _Server((self.address, self.port), _Handler)
        self._server.host = self
        self.port = self._server.server_address[1]
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(2)

    # addresses

    def url(self, path: str) -> str:
        return f"http://{self.address}:{self.port}{path}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """For `FetchPolicy.allow`."""
        return frozenset({(self.address, self.port)})

    # faults

    def fail(self, prefix: str, fault: str, *, times: int | None = None) -> None:
        """From now on requests under `prefix` behave like `/fault/…`, `times` times or until `heal`. KeyError for an unknown fault."""
        BEHAVIOURS[fault]
        with self._lock:
            self._faults.append(_Fault(prefix, fault, times))

    def heal(self, prefix: str = "") -> None:
        """Ends the faults set under a prefix; all without one."""
        with self._lock:
            self._faults = [f for f in self._faults if not f.prefix.startswith(prefix)]

    def faults(self) -> list[_Fault]:
        """The faults that are set, oldest first."""
        with self._lock:
            return list(self._faults)

    # memory

    def count(self, prefix: str = "/") -> int:
        """How many requests came under a path."""
        with self._lock:
            return sum(r.path.startswith(prefix) for r in self.requests)

    def forget(self) -> None:
        """Empties the memory of requests; faults and turns stay."""
        with self._lock:
            self.requests.clear()

    def forget_turns(self) -> None:
        """The next request for each key is the first again."""
        with self._lock:
            self._turns.clear()

    def turn(self, key: str) -> int:
        """The how-manieth request for this key it is, from 1."""
        with self._lock:
            self._turns[key] = self._turns.get(key, 0) + 1
            return self._turns[key]

    def preload(self, *paths: str) -> None:
        """Makes the pictures of paths now, so that serving them is quick."""
        for path in paths:
            self._reply(path)

    # answering

    def answer(self, method: str, path: str, headers: dict[str, str]) -> Reply:
        reply = self._reply(path, self._due_fault(urlsplit(path).path)) if method in ("GET", "HEAD") else Reply(405)
        with self._lock:
            self.requests.append(Request(method, path, time.monotonic() - self._started, reply.status, headers))
        return reply

    def _due_fault(self, path: str) -> str | None:
        with self._lock:
            for f in self._faults:
                if path.startswith(f.prefix) and f.left != 0:
                    if f.left is not None:
                        f.left -= 1
                    return f.kind
        return None

    def _reply(self, path: str, fault: str | None = None) -> Reply:
        parts = urlsplit(path)
        name, _, rest = parts.path.lstrip("/").partition("/")
        if fault is not None:
            name = fault
        behave = BEHAVIOURS.get(name)
        reply = behave(self, name, rest, dict(parse_qsl(parts.query))) if behave else None
        return reply if reply is not None else Reply(404, body=b"no such picture")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m fondaco.demo.imagehost", description="Serves generated product pictures, and faults."
    )
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--address", default="127.0.0.1", help="loopback unless you know what you do")
    parser.add_argument("--folder", type=Path, help="keep made pictures here")
    args: Any = parser.parse_args(argv)
    with ImageHost(port=args.port, address=args.address, folder=args.folder) as host:
        print(f"pictures at {host.url('/good/mug/1.jpg')}; stop with Ctrl-C", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
