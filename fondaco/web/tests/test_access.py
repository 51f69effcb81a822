"""Who may open a page."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from fondaco.kit.errors import NotFound
from fondaco.web import access

NOBODY = access.Nobody()
BUYER = SimpleNamespace(is_signed_in=True, roles=frozenset(), seller=None)
SELLER = SimpleNamespace(is_signed_in=True, roles=frozenset(), seller="Harbor Goods")
OPERATOR = SimpleNamespace(is_signed_in=True, roles=frozenset({"operator"}), seller=None)


def page(request):
    return HttpResponse("in")


def asked_by(caller, method="get", path="/desk/?q=1", **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.caller = caller
    return request


@pytest.mark.parametrize(
    ("guard", "may", "may_not"),
    [
        (access.signed_in, [BUYER, SELLER, OPERATOR], []),
        (access.require_seller, [SELLER], [BUYER, OPERATOR]),
        (access.require_role("operator", "support"), [OPERATOR], [BUYER, SELLER]),
    ],
    ids=["signed_in", "require_seller", "require_role"],
)
def test_lets_in_who_may_and_hides_the_page_from_the_others(guard, may, may_not):
    for caller in may:
        assert guard(page)(asked_by(caller)).content == b"in"
    for caller in may_not:
        with pytest.raises(NotFound):
            guard(page)(asked_by(caller))


def test_signed_out_leads_to_sign_in_and_back():
    answer = access.signed_in(page)(asked_by(NOBODY))
    assert answer.status_code == 302
    assert answer.url.endswith("?next=/desk/%3Fq%3D1")


def test_after_a_post_the_way_back_is_the_page_of_the_form():
    answer = access.signed_in(page)(asked_by(NOBODY, "post", Referer="http://testserver/desk/form?a=1"))
    assert answer.url.endswith("?next=/desk/form%3Fa%3D1")


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example/x", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_site(referer):
    assert access.local_path(asked_by(NOBODY), referer) == "/"


def test_htmx_is_told_to_change_the_page():
    request = asked_by(NOBODY)
    request.htmx = SimpleNamespace(current_url="http://testserver/desk/")
    answer = access.signed_in(page)(request)
    assert answer.headers["HX-Redirect"].endswith("?next=/desk/")
