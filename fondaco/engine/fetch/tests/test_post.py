"""Posting to an address that a stranger wrote down."""

from __future__ import annotations

import pytest

from fondaco.engine.fetch import FetchFault, FetchPolicy, allow_list, post
from fondaco.engine.fetch.tests.receivers import webhook


def _policy(hook, **more) -> FetchPolicy:
    return FetchPolicy(allow=allow_list(f"127.0.0.1:{hook.port}"), **more)


def test_the_body_and_headers_arrive_and_the_status_comes_back():
    with webhook() as hook:
        answered = post(hook.url, body=b"{}", headers={"X-A": "1"}, policy=_policy(hook))
        assert answered.status == 204
        ((headers, body),) = hook.got
    assert (headers["x-a"], headers["content-length"], body) == ("1", "2", b"{}")


def test_a_redirect_is_an_answer_and_is_not_followed():
    with webhook() as hook:
        hook.answers, hook.headers = [302], {"Location": hook.url}
        assert post(hook.url, body=b"{}", headers={}, policy=_policy(hook)).status == 302
        assert len(hook.got) == 1


def test_a_slow_answer_runs_out_of_time():
    with webhook() as hook:
        hook.slow_s = 2
        with pytest.raises(FetchFault) as fault:
            post(hook.url, body=b"{}", headers={}, policy=_policy(hook, timeout_s=0.3))
    assert fault.value.code == "timed_out"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "address_refused"),
        ("https://10.0.0.1/", "address_refused"),
        ("https://[::1]/", "address_refused"),
        ("https://inside.example/", "address_refused"),
        ("file:///etc/passwd", "scheme_not_allowed"),
        ("https://example.com:22/", "port_not_allowed"),
    ],
)
def test_what_may_not_be_reached_is_refused_before_a_connection(url, code):
    with pytest.raises(FetchFault) as fault:
        post(url, body=b"{}", headers={}, policy=FetchPolicy(), resolver=lambda host, port: ["192.168.1.5"])
    assert fault.value.code == code
