"""What every answer gets."""

import uuid
from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from fondaco.web.middleware import RequestId, Toasts


def test_every_request_has_its_own_id_and_never_the_clients():
    seen = []
    answer = RequestId(lambda request: seen.append(request.request_id) or HttpResponse())
    sent = answer(RequestFactory().get("/", headers={"X-Request-Id": "mine"}))
    assert sent.headers["X-Request-Id"] == seen[0] != "mine"
    assert uuid.UUID(seen[0]).version == 7


def answered(response, *, htmx=True, boosted=False):
    request = RequestFactory().get("/")
    request.htmx = SimpleNamespace(boosted=boosted) if htmx else False
    request._messages = CookieStorage(request)
    messages.error(request, "Not <saved>")
    return Toasts(lambda _request: response)(request), request


def test_htmx_sees_messages_now():
    answer, _request = answered(HttpResponse("<p>region</p>"))
    page = answer.content.decode()
    assert page.startswith("<p>region</p>")
    assert 'hx-swap-oob="beforeend"' in page
    assert "Not &lt;saved&gt;" in page
    assert "toast--bad" in page


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=204),
        HttpResponse(status=302),
        HttpResponse(headers={"HX-Redirect": "/"}),
        HttpResponse(headers={"HX-Refresh": "true"}),
        HttpResponse("{}", content_type="application/json"),
    ],
)
def test_messages_wait_for_the_page_that_follows(response):
    before = response.content
    answer, request = answered(response)
    assert answer.content == before
    assert len(list(messages.get_messages(request))) == 1


def test_whole_pages_show_messages_by_themselves():
    assert answered(HttpResponse("page"), htmx=False)[0].content == b"page"
    assert answered(HttpResponse("page"), boosted=True)[0].content == b"page"
