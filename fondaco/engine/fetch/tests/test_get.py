"""One GET against servers that behave in every way servers do."""

from __future__ import annotations

import gzip
import hashlib
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fondaco.engine.fetch import FetchFault, FetchPolicy, Kept, Politeness, fetch_image, next_try

from .servers import JPEG, Script, Seen, answer, raw, serving


def policy_for(seen: Seen, **more: object) -> FetchPolicy:
    hosts = frozenset({("127.0.0.1", seen.port), ("localhost", seen.port), ("wrong.example.com", seen.port)})
    return FetchPolicy(allow=hosts, **({"timeout_s": 3.0} | more))  # type: ignore[arg-type]


def get(
    seen: Seen,
    url: str | None = None,
    *,
    kept: Kept | None = None,
    resolver: object = None,
    politeness: Politeness | None = None,
    **more: object,
):
    return fetch_image(
        url or seen.url(), policy=policy_for(seen, **more), kept=kept or Kept(), politeness=politeness or Politeness(),
        resolver=resolver or (lambda h, p: ["127.0.0.1"]),  # type: ignore[arg-type]
    )  # fmt: skip


def fault_from(script: Script, **more: object) -> FetchFault:
    with serving(script) as seen, pytest.raises(FetchFault) as caught:
        get(seen, **more)
    return caught.value


# ---------------------------------------------------------------- what goes well


@pytest.mark.spec("IMG-16", "Q-17")
def test_fetches_a_picture_and_its_hash():
    with serving(answer()) as seen:
        got = get(seen)
    assert got.data == JPEG
    assert got.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert got.content_type == "image/jpeg"
    assert 0 <= got.ms < 3000


def test_the_request_is_one_plain_get():
    with serving(answer()) as seen:
        get(seen, seen.url("/bilder/ảnh 1.jpg?x=1&y=%C3%A4".replace(" ", "%20")))
    (request,) = seen.requests
    lines = request.decode().split("\r\n")
    assert lines[0] == "GET /bilder/%E1%BA%A3nh%201.jpg?x=1&y=%C3%A4 HTTP/1.1"
    headers = {line.split(":")[0].lower(): line.split(":", 1)[1].strip() for line in lines[1:] if line}
    assert headers["host"] == f"127.0.0.1:{seen.port}"
    assert headers["accept-encoding"] == "identity"
    assert not {"cookie", "authorization", "referer", "x-forwarded-for"} & set(headers)


@pytest.mark.spec("Q-17")
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream", ""])
def test_content_decides_whatever_the_header_says(kind):
    with serving(answer(kind=kind)) as seen:
        got = get(seen)
    assert (got.content_type, got.declared_type) == ("image/jpeg", kind)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypheic", "image/heic"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
    ],
)
def test_every_picture_format_is_known_by_its_bytes(head, kind):
    with serving(answer(head + bytes(100))) as seen:
        assert get(seen).content_type == kind


def test_chunked_bodies_are_put_together():
    body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (JPEG[:7], JPEG[7:900], JPEG[900:])) + b"0\r\n\r\n"
    with serving(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)) as seen:
        assert get(seen).data == JPEG


def test_a_body_without_length_ends_with_the_connection():
    with serving(answer(length=None)) as seen:
        assert get(seen).data == JPEG


def test_a_connection_is_used_again_and_a_dead_one_replaced():
    kept = Kept()
    with serving(answer(keep=True)) as seen:
        for _ in range(3):
            assert get(seen, kept=kept).data == JPEG
        assert (seen.connections, len(seen.requests)) == (1, 3)
    with serving(answer()) as seen:
        get(seen, kept=kept)
        get(seen, kept=kept)
        assert seen.connections == 2
    kept.close()


def test_a_kept_connection_that_died_silently_is_replaced():
    kept, lives = Kept(), []

    def once_then_gone(conn: socket.socket, request: bytes) -> bool:
        if lives and lives[-1] is conn:
            return False
        lives.append(conn)
        return answer(keep=True)(conn, request)

    with serving(once_then_gone) as seen:
        assert get(seen, kept=kept).data == JPEG
        assert get(seen, kept=kept).data == JPEG
        assert seen.connections == 2
    kept.close()


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("status", "code", "retry"),
    [
        ("301 Moved Permanently", "redirect_refused", "never"),
        ("302 Found", "redirect_refused", "never"),
        ("307 Temporary Redirect", "redirect_refused", "never"),
        ("304 Not Modified", "redirect_refused", "never"),
        ("401 Unauthorized", "http_403", "never"),
        ("403 Forbidden", "http_403", "never"),
        ("404 Not Found", "http_404", "never"),
        ("410 Gone", "http_410", "never"),
        ("429 Too Many Requests", "http_429", "later"),
        ("500 Internal Server Error", "http_5xx", "later"),
        ("503 Service Unavailable", "http_5xx", "later"),
        ("408 Request Timeout", "http_other", "later"),
        ("418 I'm a teapot", "http_other", "never"),
        ("204 No Content", "http_other", "never"),
        ("206 Partial Content", "http_other", "never"),
    ],
)
def test_every_status_but_200_is_a_fault_with_a_rule(status, code, retry):
    fault = fault_from(answer(JPEG, status=status, extra="Location: http://elsewhere.example.com/\r\n"))
    assert (fault.code, fault.retry) == (code, retry)
    assert fault.facts["status"] == int(status[:3])


@pytest.mark.spec("IMG-22")
def test_a_redirect_is_not_followed():
    with serving(answer()) as elsewhere:
        fault = fault_from(answer(b"", status="302 Found", extra=f"Location: {elsewhere.url()}\r\n"))
        assert (fault.code, fault.facts["location"]) == ("redirect_refused", elsewhere.url())
        assert elsewhere.connections == 0


def test_retry_after_is_read_as_seconds_and_as_a_date():
    assert fault_from(answer(status="429 Slow Down", extra="Retry-After: 90\r\n")).retry_after_s == 90
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    assert 110 <= fault_from(answer(status="503 Busy", extra=f"Retry-After: {date}\r\n")).retry_after_s <= 120
    assert fault_from(answer(status="429 Slow Down", extra="Retry-After: soon\r\n")).retry_after_s is None


def test_after_429_the_host_is_left_alone():
    manners = Politeness()
    with serving(answer(status="429 Slow Down", extra="Retry-After: 60\r\n")) as seen:
        with pytest.raises(FetchFault):
            get(seen, politeness=manners)
        with pytest.raises(FetchFault) as caught:
            get(seen, politeness=manners)
    assert caught.value.code == "host_busy"
    assert 50 <= caught.value.retry_after_s <= 60
    assert len(seen.requests) == 1
    assert next_try(caught.value, 1) >= timedelta(seconds=50)


# ---------------------------------------------------------------- bodies


@pytest.mark.spec("IMG-18")
@pytest.mark.parametrize("kind", ["text/html", "image/jpeg"])
@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><p>Sign in", b"\xef\xbb\xbf  <!-- x --><html>", b"<script>open()</script>"]
)
def test_a_web_page_is_no_picture_even_under_an_image_type(kind, page):
    fault = fault_from(answer(page, kind=kind))
    assert (fault.code, fault.retry) == ("html_not_image", "never")


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        b'{"a": 1}',
        b"%PDF-1.7 ...",
        b"<svg xmlns='...'/>",
        b"PK\x03\x04" + bytes(50),
        b"BM but no bitmap at all",
    ],
)
def test_anything_else_is_not_an_image(body):
    fault = fault_from(answer(body))
    assert (fault.code, fault.retry) == ("not_an_image", "never")


def test_reading_stops_when_it_is_clear_that_nothing_good_comes():
    sent = []

    def endless(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 9000000\r\n\r\n")
        for _ in range(900):
            conn.sendall(b"x" * 10_000)
            sent.append(10_000)
        return False

    assert fault_from(endless).code == "not_an_image"
    assert sum(sent) < 8_000_000


@pytest.mark.parametrize("length", [-1, None])
def test_a_huge_body_is_cut_off_while_it_comes(length):
    fault = fault_from(answer(JPEG + bytes(400_000), length=length), max_bytes=100_000)
    assert (fault.code, fault.retry) == ("too_big", "never")


def test_an_endless_chunked_body_is_cut_off():
    def endless(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(JPEG), JPEG))
        while True:
            conn.sendall(b"8000\r\n" + bytes(0x8000) + b"\r\n")

    started = time.monotonic()
    assert fault_from(endless, max_bytes=200_000).code == "too_big"
    assert time.monotonic() - started < 2


def test_endless_headers_are_cut_off():
    def endless(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            conn.sendall(b"X-More: " + b"y" * 60_000 + b"\r\n")

    assert fault_from(endless, max_bytes=1000).code == "bad_response"


def test_compressed_bodies_are_never_inflated():
    bomb = gzip.compress(bytes(50_000_000))
    fault = fault_from(answer(bomb, extra="Content-Encoding: gzip\r\n"))
    assert (fault.code, fault.retry) == ("not_an_image", "never")


@pytest.mark.parametrize(
    "script",
    [
        answer(JPEG[:500], length=len(JPEG)),
        answer(JPEG + bytes(700), length=len(JPEG)),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(JPEG), JPEG[:500])),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nzz\r\n" % (len(JPEG), JPEG)),
    ],
    ids=["too short", "too long", "chunk broken off", "chunk size nonsense"],
)
def test_a_wrong_length_is_found(script):
    fault = fault_from(script)
    assert (fault.code, fault.retry) == ("length_mismatch", "later")


@pytest.mark.parametrize(
    "script",
    [answer(b""), answer(b"", length=None), raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")],
)
def test_an_empty_body_has_a_code_of_its_own(script):
    fault = fault_from(script)
    assert (fault.code, fault.retry) == ("empty_body", "later")


# ---------------------------------------------------------------- the line


def test_a_slow_drip_ends_with_the_total_deadline():
    def drip(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 2000\r\n\r\n")
        for i in range(2000):
            conn.sendall(JPEG[i : i + 1])
            time.sleep(0.05)
        return False

    started = time.monotonic()
    fault = fault_from(drip, timeout_s=0.6)
    assert (fault.code, fault.retry) == ("timed_out", "later")
    assert time.monotonic() - started < 1.5


def test_headers_that_drip_end_with_the_total_deadline_too():
    def drip(conn: socket.socket, request: bytes) -> bool:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 500:
            conn.sendall(bytes([byte]))
            time.sleep(0.05)
        return False

    started = time.monotonic()
    assert fault_from(drip, timeout_s=0.6).code == "timed_out"
    assert time.monotonic() - started < 1.5


def test_a_host_that_says_nothing_is_left():
    gate = threading.Event()
    fault = fault_from(lambda conn, request: gate.wait(3), timeout_s=0.4)
    gate.set()
    assert fault.code == "timed_out"


def test_a_resolver_that_hangs_is_left():
    gate = threading.Event()
    started = time.monotonic()
    with pytest.raises(FetchFault) as caught:
        fetch_image(
            "http://slow-names.example.com/a.jpg",
            policy=FetchPolicy(timeout_s=0.3),
            kept=Kept(),
            resolver=lambda h, p: gate.wait(5) or [],
        )
    gate.set()
    assert caught.value.code == "timed_out"
    assert time.monotonic() - started < 1.5


def test_nobody_listening():
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    seen = Seen(port=port)
    with pytest.raises(FetchFault) as caught:
        get(seen)
    assert (caught.value.code, caught.value.retry) == ("connect_failed", "later")


@pytest.mark.parametrize("data", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_not_http(data):
    fault = fault_from(raw(data))
    assert (fault.code, fault.retry) == ("connect_failed" if not data else "bad_response", "later")


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for `localhost` and 127.0.0.1, its server context, and a client context that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, secret)
    return server, ssl.create_default_context(cafile=str(pem))


def test_tls_is_checked_against_the_name_while_the_address_is_pinned(certificates):
    server, trusting = certificates
    kept = Kept()
    with serving(answer(keep=True), tls=server) as seen:
        for _ in range(2):
            assert get(seen, seen.url(scheme="https", host="localhost"), tls=trusting, kept=kept).data == JPEG
        assert seen.connections == 1
        kept.close()


@pytest.mark.parametrize(("host", "trusted"), [("localhost", False), ("wrong.example.com", True)])
def test_a_bad_certificate_is_refused_for_good(certificates, host, trusted):
    server, trusting = certificates
    with serving(answer(), tls=server) as seen, pytest.raises(FetchFault) as caught:
        get(seen, seen.url(scheme="https", host=host), tls=trusting if trusted else None)
    assert (caught.value.code, caught.value.retry) == ("tls_failed", "never")
    assert seen.requests == []


def test_a_tls_drip_ends_with_the_total_deadline(certificates):
    server, trusting = certificates

    def drip(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
        for i in range(2000):
            conn.sendall(JPEG[i : i + 1])
            time.sleep(0.05)
        return False

    started = time.monotonic()
    with serving(drip, tls=server) as seen, pytest.raises(FetchFault) as caught:
        get(seen, seen.url(scheme="https", host="localhost"), tls=trusting, timeout_s=0.6)
    assert caught.value.code == "timed_out"
    assert time.monotonic() - started < 1.5
