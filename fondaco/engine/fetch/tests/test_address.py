"""No address inside is reached, however it is spelled; and no connection is opened to find that out."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from fondaco.engine.fetch import FetchFault, FetchPolicy, Kept, allow_list, fetch_image
from fondaco.engine.fetch.address import refused

_opened: list[object] | None = None


def _listen(event: str, args: tuple[object, ...]) -> None:
    if _opened is not None and event == "socket.connect":
        _opened.append(args[1])
        raise ConnectionRefusedError("recorded and refused")


sys.addaudithook(_listen)


@pytest.fixture
def opened() -> Iterator[list[object]]:
    """Every connection that any socket of this process tries to open, recorded and refused below the library."""
    global _opened
    _opened = []
    yield _opened
    _opened = None


INSIDE = {
    "internal.example.com": ["10.0.0.5"],
    "loop.example.com": ["127.0.0.1"],
    "six.example.com": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "mixed.example.com": ["93.184.216.34", "10.0.0.7"],
    "mixed-six.example.com": ["93.184.216.34", "fd00::1"],
    "localhost": ["127.0.0.1", "::1"],
    "nat.example.com": ["64:ff9b::7f00:1"],
    "mapped.example.com": ["::ffff:127.0.0.1"],
    "carrier.example.com": ["100.64.1.1"],
    "scoped.example.com": ["fe80::1%eth0"],
}

PAYLOADS = [
    # plain
    "http://127.0.0.1/a.jpg",
    "http://127.8.8.8/a.jpg",
    "http://0.0.0.0/a.jpg",
    "http://10.1.2.3/a.jpg",
    "http://172.16.0.1/a.jpg",
    "http://192.168.1.1/a.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://100.64.0.1/a.jpg",
    "http://198.18.0.1/a.jpg",
    "http://192.0.2.10/a.jpg",
    "http://224.0.0.1/a.jpg",
    "http://240.0.0.1/a.jpg",
    "http://255.255.255.255/a.jpg",
    # IPv6, and IPv4 inside it
    "http://[::1]/a.jpg",
    "http://[::]/a.jpg",
    "http://[fe80::1]/a.jpg",
    "http://[fd00:ec2::254]/a.jpg",
    "http://[ff02::1]/a.jpg",
    "http://[::ffff:127.0.0.1]/a.jpg",
    "http://[::ffff:7f00:1]/a.jpg",
    "http://[::127.0.0.1]/a.jpg",
    "http://[64:ff9b::127.0.0.1]/a.jpg",
    "http://[64:ff9b:1::10.0.0.1]/a.jpg",
    "http://[2002:7f00:1::]/a.jpg",
    "http://[2001:0:53aa:64c:0:0:80ff:fffe]/a.jpg",
    "http://[2606:4700::5efe:7f00:1]/a.jpg",
    "http://[fe80::1%25eth0]/a.jpg",
    # odd spellings
    "http://2130706433/a.jpg",
    "http://0x7f000001/a.jpg",
    "http://0x7f.0.0.1/a.jpg",
    "http://0177.0.0.1/a.jpg",
    "http://017700000001/a.jpg",
    "http://127.1/a.jpg",
    "http://127.0.1/a.jpg",
    "http://127.0.0.1./a.jpg",
    "http://①②⑦.⓪.⓪.①/a.jpg",
    "http://127。0。0。1/a.jpg",
    "http://localhost/a.jpg",
    "http://LOCALHOST./a.jpg",
    # names that lead inside
    "http://internal.example.com/a.jpg",
    "https://loop.example.com/a.jpg",
    "http://six.example.com/a.jpg",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://mixed.example.com/a.jpg",
    "http://mixed-six.example.com/a.jpg",
    "http://nat.example.com/a.jpg",
    "http://mapped.example.com/a.jpg",
    "http://carrier.example.com/a.jpg",
    "http://scoped.example.com/a.jpg",
]

OTHER = [
    ("http://user:secret@example.com/a.jpg", "credentials_in_url"),
    ("http://example.com@127.0.0.1/a.jpg", "credentials_in_url"),
    ("http://127.0.0.1\\@example.com/a.jpg", "url_malformed"),
    ("http://example.com\\.internal/a.jpg", "url_malformed"),
    ("http://exa mple.com/a.jpg", "url_malformed"),
    ("http://example.com/a.jpg\r\nHost: inside", "url_malformed"),
    ("http://example.com/a\tb.jpg", "url_malformed"),
    ("http:///a.jpg", "url_malformed"),
    ("http:/example.com/a.jpg", "url_malformed"),
    ("http:example.com/a.jpg", "url_malformed"),
    ("//example.com/a.jpg", "url_malformed"),
    ("mug.jpg", "url_malformed"),
    ("", "url_malformed"),
    ("http://[::1/a.jpg", "url_malformed"),
    ("http://example.com:80:80/a.jpg", "url_malformed"),
    ("http://example.com:99999/a.jpg", "url_malformed"),
    ("http://-bad-.example.com/a.jpg", "url_malformed"),
    ("http://" + "a" * 3000 + "/a.jpg", "url_malformed"),
    ("file:///etc/passwd", "scheme_not_allowed"),
    ("gopher://127.0.0.1:6379/_INFO", "scheme_not_allowed"),
    ("ftp://example.com/a.jpg", "scheme_not_allowed"),
    ("data:image/png;base64,AAAA", "scheme_not_allowed"),
    ("javascript:alert(1)", "scheme_not_allowed"),
    ("http://example.com:22/a.jpg", "port_not_allowed"),
    ("http://example.com:6379/a.jpg", "port_not_allowed"),
    ("https://example.com:8443/a.jpg", "port_not_allowed"),
]


def from_table(host: str, port: int) -> list[str]:
    if host not in INSIDE:
        raise socket.gaierror(socket.EAI_NONAME, "unknown in this test")
    return INSIDE[host]


def fault_of(url: str, **more: object) -> FetchFault:
    with pytest.raises(FetchFault) as caught:
        fetch_image(url, policy=FetchPolicy(), resolver=from_table, kept=Kept(), **more)  # type: ignore[arg-type]
    return caught.value


def test_the_list_is_long_enough():
    assert len(PAYLOADS) + len(OTHER) >= 70


@pytest.mark.spec("Q-17")
@pytest.mark.parametrize("url", PAYLOADS)
def test_refuses_every_way_inside_without_opening_a_connection(url, opened):
    fault = fault_of(url)
    assert (fault.code, fault.retry) == ("address_refused", "never")
    assert opened == []


@pytest.mark.parametrize(("url", "code"), OTHER)
def test_refuses_addresses_that_are_none(url, code, opened):
    fault = fault_of(url)
    assert (fault.code, fault.retry) == (code, "never")
    assert opened == []


@pytest.mark.spec("Q-17")
def test_a_name_that_changes_its_mind_is_asked_once_and_the_checked_address_is_used(opened):
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(FetchFault) as caught:
        fetch_image("http://rebind.example.com/a.jpg", policy=FetchPolicy(), resolver=rebinding, kept=Kept())
    assert caught.value.code == "connect_failed"
    assert asked == ["rebind.example.com"]
    assert opened == [("93.184.216.34", 80)]


def test_every_checked_address_is_tried_in_turn(opened):
    with pytest.raises(FetchFault):
        fetch_image(
            "https://two.example.com/a.jpg",
            policy=FetchPolicy(),
            kept=Kept(),
            resolver=lambda h, p: ["93.184.216.34", "2606:4700::1111"],
        )
    assert [a[0] for a in opened] == ["93.184.216.34", "2606:4700::1111"]


def test_the_allow_list_opens_one_port_of_one_host_only(opened):
    policy = FetchPolicy(allow=allow_list("127.0.0.1:8010", "images.test:8011"))
    for url, code in (
        ("http://127.0.0.1:8010/a.jpg", "connect_failed"),
        ("http://127.0.0.1/a.jpg", "address_refused"),
        ("http://127.0.0.1:8011/a.jpg", "port_not_allowed"),
        ("http://127.0.0.2:8010/a.jpg", "port_not_allowed"),
        ("http://images.test/a.jpg", "address_refused"),
        ("http://images.test:8011/a.jpg", "connect_failed"),
    ):
        with pytest.raises(FetchFault) as caught:
            fetch_image(url, policy=policy, kept=Kept(), resolver=lambda h, p: ["127.0.0.1"])
        assert caught.value.code == code, url
    assert opened == [("127.0.0.1", 8010), ("127.0.0.1", 8011)]


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:82f::200e"])
def test_public_addresses_are_not_refused(address):
    assert refused(address) is None


@pytest.mark.parametrize("answer", [[], ["not an address"], ["0x7f.1"]])
def test_a_resolver_that_answers_nonsense_opens_nothing(answer, opened):
    with pytest.raises(FetchFault) as caught:
        fetch_image("http://odd.example.com/a.jpg", policy=FetchPolicy(), kept=Kept(), resolver=lambda h, p: answer)
    assert caught.value.code in ("dns_failed", "address_refused")
    assert opened == []


def test_proxies_in_the_environment_change_nothing(opened, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    with pytest.raises(FetchFault):
        fetch_image(
            "http://plain.example.com/a.jpg", policy=FetchPolicy(), kept=Kept(), resolver=lambda h, p: ["93.184.216.34"]
        )
    assert opened == [("93.184.216.34", 80)]


@pytest.mark.parametrize("label", ["ảnh", "圖片"])
def test_names_in_other_scripts_are_asked_for_in_ascii(label, opened):
    asked = []
    with pytest.raises(FetchFault):
        fetch_image(
            f"http://{label}.example.vn/a.jpg",
            policy=FetchPolicy(),
            kept=Kept(),
            resolver=lambda h, p: asked.append(h) or ["93.184.216.34"],
        )
    assert asked == ["xn--" + label.encode("punycode").decode() + ".example.vn"]


def test_unknown_names_may_be_known_later(opened):
    fault = fault_of("https://no-such-host.example.com/a.jpg")
    assert (fault.code, fault.retry) == ("dns_failed", "later")
    assert opened == []
