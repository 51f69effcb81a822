"""The image host behaves as its paths say, and remembers who asked for what."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from fondaco.demo.imagehost import BEHAVIOURS, ImageHost
from fondaco.demo.pictures import render
from fondaco.engine.fetch import Fetched, FetchFault, FetchPolicy, Kept, Politeness, fetch_image

SMALL = "?size=200"


@pytest.fixture
def host() -> Iterator[ImageHost]:
    with ImageHost() as h:
        yield h


def fetch(host: ImageHost, path: str, **more: object) -> Fetched:
    policy = FetchPolicy(allow=host.allowed, **({"timeout_s": 4.0} | more))  # type: ignore[arg-type]
    return fetch_image(host.url(path), policy=policy, kept=Kept(), politeness=Politeness())


def code(host: ImageHost, path: str, **more: object) -> str:
    with pytest.raises(FetchFault) as caught:
        fetch(host, path, **more)
    return caught.value.code


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/good/mug/1.jpg", "image/jpeg"),
        ("/tiff/mug/1.tif", "image/tiff"),
        ("/gif/mug/1.gif", "image/gif"),
        ("/webp/mug/1.webp", "image/webp"),
        ("/png-as-jpg/mug/1.jpg", "image/png"),
        ("/jpg-as-html/mug/1.jpg", "image/jpeg"),
        ("/chunked/mug/1.jpg", "image/jpeg"),
        ("/truncated/mug/1.jpg", "image/jpeg"),
        ("/damaged/grey_ground/mug/1.jpg", "image/jpeg"),
    ],
)
def test_serves_pictures(host, path, kind):
    assert fetch(host, path + SMALL).content_type == kind


def test_serves_exactly_what_the_generator_makes(host):
    assert fetch(host, "/good/mug/4.jpg?size=200&variant=PT03").data == render("mug", seed=4, size=200, variant="PT03")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/redirect/mug/1.jpg", "redirect_refused"),
        ("/html/mug/1.jpg", "html_not_image"),
        ("/html-as-jpg/mug/1.jpg", "html_not_image"),
        ("/403", "http_403"),
        ("/404", "http_404"),
        ("/410", "http_410"),
        ("/503/x", "http_5xx"),
        ("/teapot", "http_other"),
        ("/wrong-length/mug/1.jpg", "length_mismatch"),
        ("/empty", "empty_body"),
        ("/reset", "connect_failed"),
        ("/good/no_such_kind/1.jpg", "http_404"),
        ("/good/mug/one.jpg", "http_404"),
        ("/damaged/no_such_damage/mug/1.jpg", "http_404"),
        ("/", "http_404"),
        ("/huge/x", "too_big"),
    ],
)
def test_misbehaves_as_its_paths_say(host, path, expected):
    assert code(host, path + SMALL) == expected


@pytest.mark.parametrize("path", ["/slow/mug/1.jpg", "/hang"])
def test_drips_and_hangs(host, path):
    host.preload("/good/mug/1.jpg" + SMALL)
    assert code(host, path + SMALL, timeout_s=0.5) == "timed_out"


def test_recovers_when_it_should(host):
    assert code(host, "/429/mug/1.jpg" + SMALL) == "http_429"
    assert fetch(host, "/429/mug/1.jpg" + SMALL).data
    assert [code(host, "/500-then-ok/mug/1.jpg" + SMALL) for _ in range(2)] == ["http_5xx", "http_5xx"]
    assert fetch(host, "/500-then-ok/mug/1.jpg" + SMALL).data


def test_faults_can_be_set_counted_and_cleared(host):
    host.fail("/good/mug", "500", times=2)
    host.fail("/good/vase", "html")
    assert [code(host, "/good/mug/1.jpg" + SMALL) for _ in range(2)] == ["http_5xx", "http_5xx"]
    assert fetch(host, "/good/mug/1.jpg" + SMALL).data
    assert code(host, "/good/vase/1.jpg" + SMALL) == "html_not_image"
    host.heal("/good/vase")
    assert fetch(host, "/good/vase/1.jpg" + SMALL).data
    with pytest.raises(KeyError):
        host.fail("/good", "no such fault")


def test_remembers_every_request(host):
    fetch(host, "/good/mug/1.jpg" + SMALL)
    code(host, "/404")
    assert [(r.method, r.path, r.status) for r in host.requests] == [
        ("GET", "/good/mug/1.jpg" + SMALL, 200),
        ("GET", "/404", 404),
    ]
    assert host.requests[0].headers["accept-encoding"] == "identity"
    assert host.requests[0].at <= host.requests[1].at
    assert (host.count("/good/"), host.count()) == (1, 2)
    host.forget()
    assert host.count() == 0


def test_speaks_to_ordinary_clients_and_refuses_to_be_written_to(host):
    with urllib.request.urlopen(host.url("/good/mug/1.jpg" + SMALL)) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert len(answer.read()) == int(answer.headers["Content-Length"])
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(host.url("/good/mug/1.jpg"), data=b"x")


def test_makes_a_picture_once_however_many_ask(host, monkeypatch):
    from fondaco.demo import imagehost

    made = []
    real = imagehost.Wanted.make
    monkeypatch.setattr(imagehost.Wanted, "make", lambda self: made.append(self) or real(self))
    threads = [threading.Thread(target=fetch, args=(host, "/good/bowl/9.jpg" + SMALL)) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(made) == 1


def test_keeps_pictures_in_a_folder(tmp_path):
    with ImageHost(folder=tmp_path) as one:
        data = fetch(one, "/good/mug/1.jpg" + SMALL).data
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(data + b"from the folder")
    with ImageHost(folder=tmp_path) as two:
        assert fetch(two, "/good/mug/1.jpg" + SMALL).data == data + b"from the folder"


def test_is_quick_from_the_cache(host):
    path, kept, manners = "/good/mug/1.jpg", Kept(), Politeness()
    host.preload(path)
    policy = FetchPolicy(allow=host.allowed)
    best = min(_seconds(host.url(path), policy, kept, manners) for _ in range(3))
    assert best / 100 < 1 / 150, f"{100 / best:.0f} pictures/s"


def _seconds(url: str, policy: FetchPolicy, kept: Kept, manners: Politeness) -> float:
    started = time.perf_counter()
    for _ in range(100):
        fetch_image(url, policy=policy, kept=kept, politeness=manners)
    return time.perf_counter() - started


def test_runs_from_the_command_line():
    process = subprocess.Popen(
        [sys.executable, "-m", "fondaco.demo.imagehost", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().split()[2].rstrip(";")
        with urllib.request.urlopen(url + SMALL) as answer:
            assert answer.read(3) == b"\xff\xd8\xff"
    finally:
        process.terminate()
        process.wait(5)


def test_every_behaviour_is_described():
    described = sys.modules["fondaco.demo.imagehost"].__doc__
    assert [name for name in BEHAVIOURS if f"/{name}" not in described and name not in ("500", "502")] == []
