"""The pages of the help centre, as a reader who is not signed in gets them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from fondaco import policy
from fondaco.engine import clock
from fondaco.help import clauses, library, queries
from fondaco.help.tests.test_articles import NAMED, SEEDS

pytestmark = pytest.mark.django_db

APPLIES = {
    "en": "This article applies to selling in: United States",
    "vi": "Bài viết này áp dụng cho việc bán hàng tại: Hoa Kỳ",
    "zh-hant": "本文適用於在下列地區販售：美國",
}


def read(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200, path
    return response.content.decode()


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: set[str] = set()
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.hrefs.add(str(values["href"]))
        if values.get("id"):
            self.ids.add(str(values["id"]))


@pytest.mark.spec("PLAT-03", "PLAT-05", "PLAT-07", "HAND-14", "HAND-20", "HAND-22", "HAND-23", "HAND-24")
@pytest.mark.parametrize("language", library.LANGUAGES)
def test_every_article_opens_signed_out(client: Client, language: str) -> None:
    for slug in (*NAMED.values(), *SEEDS, *library.slugs()):
        html = read(client, f"/help/{slug}", language)
        assert f'<html lang="{language}"' in html
        assert "{{" not in html
        assert "BLOCK:" not in html
        assert "**" not in re.sub(r"<code>.*?</code>", "", html), slug


@pytest.mark.spec("PLAT-01")
@pytest.mark.parametrize("language", library.LANGUAGES)
def test_an_article_says_where_it_applies(client: Client, language: str) -> None:
    assert APPLIES[language] in read(client, "/help/missing-product-images", language)


@pytest.mark.spec("PLAT-02", "PLAT-03")
def test_an_article_offers_sign_in_and_names_the_desktop_browser(client: Client) -> None:
    html = read(client, "/help/prime-requirements")
    assert 'class="brand"' in html
    assert re.search(r'<a[^>]+href="[^"]*login[^"]*"', html)
    assert "Tools and personalised help need you to sign in" in html
    assert "desktop browser" in html


@pytest.mark.spec("PLAT-04")
def test_an_article_ends_with_the_call_to_sell_and_the_copyright(client: Client) -> None:
    html = read(client, "/help/imaging-services")
    article_end = html.index("</article>")
    assert html.index("Reach customers with Fondaco") > article_end
    register = queries.place_url("sellers:register")
    assert register is not None
    assert re.search(rf'href="{register}">.*Start selling', html[article_end:])
    assert client.get(register).status_code in (200, 302)
    assert re.search(r"© 20\d\d–20\d\d Fondaco", html[article_end:])


@pytest.mark.spec("PLAT-05")
def test_an_article_is_offered_in_every_language(client: Client) -> None:
    html = read(client, "/help/photos-to-sellers", "en")
    for code in library.LANGUAGES:
        assert f'href="/help/photos-to-sellers?lang={code}"' in html
    other = client.get("/help/photos-to-sellers?lang=vi", headers={"accept-language": "en"})
    assert other.headers["Content-Language"] == "vi"
    body = other.content.decode()
    assert "Gửi ảnh cho người bán" in body
    assert "/help/prime-process-orders" in body


def test_a_language_for_one_page_goes_on_through_its_links(client: Client) -> None:
    html = client.get("/help/image-errors?lang=zh-hant", headers={"accept-language": "en"}).content.decode()
    assert 'href="/help/invalid-image-urls?lang=zh-hant"' in html


def test_an_unknown_language_is_ignored(client: Client) -> None:
    assert (
        client.get("/help/image-errors?lang=xx", headers={"accept-language": "en"}).headers["Content-Language"] == "en"
    )


@pytest.mark.spec("PRIME-55", "PRIME-04", "PRIME-18")
def test_the_requirements_of_the_programme_lead_on(client: Client) -> None:
    links = Links(read(client, "/help/prime-requirements")).hrefs
    for slug in (
        "prime-enrol",
        "prime-overview",
        "prime-maintain-enrolment",
        "prime-process-orders",
        "prime-reimbursement-claims",
        "prime-recent-changes",
        "prime-badge-not-showing",
    ):
        assert f"/help/{slug}" in links


def test_table_c_has_eighteen_reasons_of_which_buyers_pay_seven(client: Client) -> None:
    html = read(client, "/help/prime-requirements")
    table = html[html.index('id="table-c"') : html.index("apparel, jewelry, loose gemstones")]
    assert len(re.findall(r"<span>(?:Buyer|Seller)</span>", table)) == 18
    assert len(re.findall(r"<span>Buyer</span>", table)) == 7


@pytest.mark.spec("HAND-04")
def test_every_handmade_category_has_its_limits(client: Client) -> None:
    html = read(client, "/help/handmade-categories")
    rows = re.findall(
        r'<th scope="row"><span>(.*?)</span></th>\s*<td[^>]*><span>.+?</span></td>\s*<td[^>]*><span>.+?</span>', html
    )
    labels = [row["label"] for row in policy.value("handmade.categories", at=clock.now()).value]
    assert rows == labels
    assert len(labels) == 12


def test_the_page_on_speed_suggests_what_to_do(client: Client) -> None:
    assert "pickup" in read(client, "/help/prime-deliver-faster")


@pytest.mark.spec("IMG-18", "IMG-19", "IMG-21")
def test_the_error_table_has_symptom_reason_and_solution(client: Client) -> None:
    html = read(client, "/help/missing-product-images")
    assert "does not actually give us the picture" in html
    assert "encoded in a format we do not accept" in html
    assert ".jpg, .tif, .gif" in html
    assert 'href="/help/invalid-image-urls"' in html
    assert "Pop-up and redirecting addresses are refused" in html


@pytest.mark.spec("IMG-23", "IMG-24", "IMG-25", "IMG-26", "IMG-27")
def test_the_steps_for_inventory_data_stand_in_order(client: Client) -> None:
    html = read(client, "/help/missing-product-images")
    steps = (
        "Check the processing report of your upload",
        "Correct the data for every error",
        "Upload the corrected data",
        "Repeat this until no errors remain",
        "Wait 24 hours for the pictures to appear",
    )
    places = [html.index(step) for step in steps]
    assert places == sorted(places)


def test_the_image_requirements_hold_the_limits_in_force_and_every_check(client: Client) -> None:
    html = read(client, "/help/image-requirements")
    for fact in ("500", "10000", "85 %", "10 MB", "red, green and blue all 255"):
        assert fact in html
    assert "format_not_accepted" in html


def test_a_changed_policy_shows_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from fondaco.help import tables

    real = tables.Reader.value
    monkeypatch.setattr(
        tables.Reader, "value", lambda self, path: 36 if path == "image.display_sla_hours" else real(self, path)
    )
    assert "up to <strong>36 hours</strong>" in read(client, "/help/missing-product-images")


def test_programme_names_are_the_operators(client: Client, settings: object) -> None:
    settings.FONDACO_PROGRAMMES = {  # type: ignore[attr-defined]
        "prime": {"en": "Swift", "vi": "Nhanh", "zh-hant": "快送"},
        "handmade": {"en": "Craft", "vi": "Mỹ nghệ", "zh-hant": "工藝"},
    }
    html = read(client, "/help/prime-overview", "vi")
    assert "Nhanh" in html
    assert "Prime" not in html
    assert "快送計畫" not in read(client, "/help/prime-overview", "en")


@pytest.mark.spec("PLAT-07")
@pytest.mark.parametrize("language", library.LANGUAGES)
def test_every_link_inside_the_help_centre_opens(client: Client, language: str) -> None:
    start = read(client, "/help/", language)
    to_see = {href for href in Links(start).hrefs if href.startswith("/help/")}
    for slug in library.slugs():
        to_see |= {href for href in Links(read(client, f"/help/{slug}", language)).hrefs if href.startswith("/help/")}
    pages: dict[str, Links] = {}
    for href in sorted(to_see):
        path, _, anchor = href.partition("#")
        if "/clauses/" in path and not path.endswith(("-01", "-22")):
            continue  # test_clauses opens every one of them
        if path not in pages:
            pages[path] = Links(read(client, path, language))
        assert not anchor or anchor in pages[path].ids, href


@pytest.mark.parametrize("language", library.LANGUAGES)
def test_links_within_a_page_lead_to_its_headings(client: Client, language: str) -> None:
    for slug in library.slugs():
        page = Links(read(client, f"/help/{slug}", language))
        assert not {href for href in page.hrefs if href.startswith("#") and href[1:] not in page.ids}, slug


def test_the_front_page_lists_every_article(client: Client) -> None:
    links = Links(read(client, "/help/")).hrefs
    assert all(f"/help/{slug}" in links for slug in library.slugs())


def test_other_names_of_an_article_lead_to_it(client: Client) -> None:
    response = client.get("/help/inventory-file-errors")
    assert (response.status_code, response.headers["Location"]) == (301, "/help/processing-report#codes")


@pytest.mark.parametrize("path", ["/help/no-such-article", "/help/clauses/IMG-99", "/help/errors/nothing"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_search_answers_as_a_page_and_as_a_region(client: Client) -> None:
    page = read(client, "/help/search?q=processing+report")
    assert "/help/processing-report" in page
    assert "<html" in page
    region = client.get("/help/search?q=processing+report", headers={"hx-request": "true"}).content.decode()
    assert "/help/processing-report" in region
    assert "<html" not in region


def test_search_shows_what_was_typed_as_text(client: Client) -> None:
    html = read(client, "/help/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html


def test_an_empty_search_is_a_page_too(client: Client) -> None:
    assert "help-q" in read(client, "/help/search")


@pytest.mark.parametrize("language", library.LANGUAGES)
def test_requirement_pages_open_in_every_language(client: Client, language: str) -> None:
    for path in ("/help/clauses", "/help/errors", "/help/errors/15", "/help/clauses/IMG-22", "/help/clauses/B-IMG-06"):
        read(client, path, language)
    for area in clauses.AREAS:
        assert "amazon" not in read(client, f"/help/clauses/area/{area}", language).casefold()


def test_a_requirement_page_says_where_the_sentence_comes_from(client: Client) -> None:
    html = read(client, "/help/clauses/IMG-22")
    assert "The URL must be direct" in html
    assert "001 L38" in html
    assert "/help/missing-product-images" in html


def test_every_requirement_page_opens(client: Client) -> None:
    for id in clauses.clauses():
        read(client, f"/help/clauses/{id}")
