"""The proxy for clients with fixed addresses: real TLS, the named hosts only, this machine only."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fondaco.sandbox.proxy import authority
from fondaco.sandbox.proxy.hosts import SERVED
from fondaco.sandbox.proxy.server import NotLoopback, Proxy
from fondaco.spapi.door.host import PROXIED, PROXIED_HOSTS


@pytest.fixture
def made(tmp_path) -> authority.Authority:
    return authority.ensure(tmp_path / "proxy")


@pytest.fixture
def proxy(made, fondaco_server) -> Iterator[Proxy]:
    with Proxy(store=fondaco_server.url, context=authority.context(made)) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield running
        running.shutdown()


def _connect(proxy: Proxy, target: str) -> tuple[int, socket.socket]:
    raw = socket.create_connection(proxy.server_address[:2], timeout=10)
    raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = raw.recv(1)
        if not piece:
            break
        head += piece
    return int(head.split(b" ")[1]), raw


def _trusting(made: authority.Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(made.path))


def test_the_authority_is_private_and_bound_to_the_hosts(made):
    key = made.path.with_name("authority.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    constraints = made.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert {name.value for name in constraints.value.permitted_subtrees or ()} == {
        "api.amazon.com", "sellingpartnerapi-na.amazon.com", "sellingpartnerapi-eu.amazon.com",
        "sellingpartnerapi-fe.amazon.com",
    }  # fmt: skip
    assert len(constraints.value.excluded_subtrees or ()) == 2


def test_it_is_made_once_and_anew_before_it_ends(made):
    folder = made.path.parent
    assert authority.ensure(folder).certificate == made.certificate
    later = datetime.now(UTC) + timedelta(days=340)
    assert authority.ensure(folder, at=later).certificate != made.certificate


def test_a_key_that_others_can_read_is_not_used(made):
    made.path.with_name("authority.key").chmod(0o644)
    with pytest.raises(authority.OpenKey):
        authority.ensure(made.path.parent)


@pytest.mark.parametrize("name", ["www.amazon.com", "example.org", "localhost"])
def test_clients_take_no_certificate_of_it_for_another_host(made, name, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = authority.leaf_for(made, (name,), key)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(authority._pem(key) + leaf.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(there, server_side=True)
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        _trusting(made).wrap_socket(here, server_hostname=name)
    here.close()
    thread.join(5)


@pytest.mark.parametrize("host", SERVED)
def test_the_served_hosts_are_reached_over_tls(proxy, made, host):
    status, raw = _connect(proxy, f"{host}:443")
    assert status == 200
    with _trusting(made).wrap_socket(raw, server_hostname=host) as tls:
        assert tls.version() in ("TLSv1.2", "TLSv1.3")
        tls.sendall(f"GET /sellers/v1/account HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        reply = http.client.HTTPResponse(tls)
        reply.begin()
        assert reply.status == 403
        assert json.loads(reply.read())["errors"][0]["code"] == "Unauthorized"


@pytest.mark.parametrize(
    "target",
    [
        "www.amazon.com:443", "example.org:443", "api.amazon.com.example.org:443", "xapi.amazon.com:443",
        "api.amazon.com:80", "api.amazon.com", "127.0.0.1:443", "[::1]:443", "sellingpartnerapi-na.amazon.com:8443",
        "evil-sellingpartnerapi-na.amazon.com:443",
    ],
)  # fmt: skip
def test_every_other_host_is_refused(proxy, target):
    status, raw = _connect(proxy, target)
    raw.close()
    assert status == 403


def test_requests_in_the_clear_are_refused(proxy):
    asked = http.client.HTTPConnection(*proxy.server_address[:2], timeout=10)
    asked.request("GET", "http://api.amazon.com/auth/o2/token")
    assert asked.getresponse().status == 403


def test_within_tls_there_is_no_second_connect(proxy, made):
    _, raw = _connect(proxy, "api.amazon.com:443")
    with _trusting(made).wrap_socket(raw, server_hostname="api.amazon.com") as tls:
        tls.sendall(b"CONNECT api.amazon.com:443 HTTP/1.1\r\n\r\n")
        reply = http.client.HTTPResponse(tls)
        reply.begin()
        assert reply.status == 403


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7"])
def test_it_listens_on_this_machine_only(made, address):
    with pytest.raises(NotLoopback):
        Proxy(store="http://127.0.0.1:1", context=authority.context(made), address=address)


def test_a_store_that_is_away_reads_as_a_bad_gateway(made):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Proxy(store=f"http://127.0.0.1:{port}", context=authority.context(made)) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        _, raw = _connect(running, "api.amazon.com:443")
        with _trusting(made).wrap_socket(raw, server_hostname="api.amazon.com") as tls:
            tls.sendall(b"GET / HTTP/1.1\r\nHost: api.amazon.com\r\n\r\n")
            reply = http.client.HTTPResponse(tls)
            reply.begin()
            assert reply.status == 502
        running.shutdown()


def test_store_and_proxy_mean_the_same_hosts():
    from fondaco.sandbox.proxy.server import MARK

    assert (PROXIED, frozenset(SERVED)) == (MARK, PROXIED_HOSTS)


_PROGRAM = """
import json
from sp_api.api import Feeds, Sellers
from sp_api.base import Marketplaces
import io, os
keys = json.loads(os.environ["KEYS"])
sold = Sellers(marketplace=Marketplaces.US, credentials=keys).get_marketplace_participation().payload
feeds = Feeds(marketplace=Marketplaces.US, credentials=keys)
made = feeds.create_feed_document(io.StringIO("{}"), content_type="application/json; charset=UTF-8").payload
print(json.dumps([sold[0]["marketplace"]["id"], made["url"]]))
"""


def test_an_unmodified_client_goes_through_it(fondaco_server, tmp_path):
    """The client knows its fixed addresses only; two variables of its environment lead it here."""
    command = [sys.executable, "-m", "fondaco.config.cli", "spapi-proxy", "--store", fondaco_server.url, "--port", "0"]
    running = subprocess.Popen([*command, "--folder", str(tmp_path / "proxy")], stdout=subprocess.PIPE, text=True)
    try:
        address = running.stdout.readline().split(" ")[0]
        keys = {
            "refresh_token": fondaco_server.credentials.refresh_token,
            "lwa_app_id": fondaco_server.credentials.client_id,
            "lwa_client_secret": fondaco_server.credentials.client_secret,
        }
        environment = {
            **{k: v for k, v in os.environ.items() if "proxy" not in k.lower()},
            "HTTPS_PROXY": address,
            "SSL_CERT_FILE": str(Path(tmp_path) / "proxy" / "authority.pem"),
            "KEYS": json.dumps(keys),
        }
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
        market, url = json.loads(done.stdout)
        assert market == "ATVPDKIKX0DER"
        assert url.startswith("https://sellingpartnerapi-na.amazon.com/spapi/documents/")
    finally:
        running.terminate()
        assert running.wait(20) == 0
        running.stdout.close()
