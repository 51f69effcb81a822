"""The shell's own pages, and what holds for the templates of every domain."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

import fondaco
from fondaco.web.icons import ICONS

PACKAGE = Path(fondaco.__file__).parent
TEMPLATES = sorted(p for p in PACKAGE.rglob("templates/**/*.html") if "email" not in p.parts)
INLINE = re.compile(
    r"<style[\s>]|\sstyle=|\son[a-z]+=\"|javascript:|hx-on[:-]|hx-vals=.js:|<script(?![^>]*\ssrc=)", re.I
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_templates_have_nothing_that_the_policy_of_content_refuses(path):
    assert not INLINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_templates_name_icons_that_exist(path):
    named = set(re.findall(r"{%\s*icon\s+\"([^\"]+)\"", path.read_text(encoding="utf-8")))
    assert named <= set(ICONS)


@pytest.mark.django_db
def test_the_answer_carries_a_strict_policy_of_content(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in (
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert rule in policy


@pytest.mark.django_db
def test_other_headers_are_strict_too(client):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_powers_of_the_browser_that_no_page_needs_are_off(client):
    headers = client.get("/").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_pages_of_a_person_stay_out_of_shared_caches(client):
    assert "Cache-Control" not in client.get("/").headers
    client.cookies["sessionid"] = "somebody"
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
def test_the_front_page_names_the_marketplace_and_leads_to_sign_in(client, settings):
    settings.FONDACO_MARKETPLACE_NAME = "Riva"
    page = client.get("/").content.decode()
    assert "Riva" in page
    assert f'href="{reverse("account_login")}"' in page
    assert "Skip to content" in page


@pytest.mark.django_db
def test_the_footer_says_the_range_of_years(client):
    assert re.search(r"© 2022–20\d\d ", client.get("/").content.decode())


@pytest.mark.django_db
def test_the_demos_people_are_named_only_in_a_demo(client, settings):
    settings.FONDACO_DEMO_ACCOUNTS = "fondaco.web.tests.test_pages.one_account"
    assert b"Mai Tran" not in client.get("/").content
    settings.DEMO = True
    assert b"Mai Tran" in client.get("/").content


def one_account():
    return [{"role": "Seller", "name": "Mai Tran", "email": "mai@fondaco.example", "password": "p", "about": ""}]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_every_language_is_offered_in_its_own_name(client, language):
    client.cookies["django_language"] = language
    answer = client.get("/")
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    assert all(name in page for name in ("English", "Tiếng Việt", "繁體中文"))


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_appearance_is_remembered_without_script(client, theme):
    answer = client.post(reverse("web:theme"), {"theme": theme, "next": "/help/?q=1"})
    assert (answer.status_code, answer.url) == (302, "/help/?q=1")
    assert f'data-theme="{theme}"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_appearance_form_leads_nowhere_else(client):
    assert client.post(reverse("web:theme"), {"theme": "dark", "next": "https://evil.example/"}).url == "/"


@pytest.mark.django_db
def test_an_unknown_appearance_is_not_stored(client):
    assert "fondaco_theme" not in client.post(reverse("web:theme"), {"theme": '"><script>'}).cookies
    client.cookies["fondaco_theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_style_guide_is_closed_in_a_real_store(client, settings):
    settings.DEMO = settings.TESTING = False
    assert client.get(reverse("web:style")).status_code == 404


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do(db):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(reverse("web:theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert b"reload the page" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 429, 503])
def test_every_error_has_a_page_and_a_region(rf, status):
    from types import SimpleNamespace

    from fondaco.web.views import error_page

    request = rf.get("/")
    page = error_page(request, status, retry_after_s=9)
    assert (page.status_code, page.headers["Retry-After"]) == (status, "9")
    assert str(status).encode() in page.content
    request.htmx = SimpleNamespace(boosted=False)
    region = error_page(request, status)
    assert region.headers["HX-Retarget"] == "#refusals"
    assert b"<html" not in region.content
