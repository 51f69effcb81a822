"""The look, in a real browser: no barriers, nothing cut off, everything by keyboard, most of it without script."""

import re

import pytest

from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_staff
from tests.browser import PHONE, WIDE, overflow_px, watched

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = "/style/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", [GUIDE, "/", "/no-such-page", "/style/refusal", "/account/login/"])
def test_has_no_barriers_and_fits(new_context, check_axe, path, viewport, scheme):
    page = watched(new_context(viewport=viewport, color_scheme=scheme).new_page())
    page.goto(path)
    check_axe(page)
    assert overflow_px(page) == 0
    assert page.troubles == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1600, 2200])
def test_nothing_sticks_out_at_any_width(new_context, width):
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(GUIDE)
    assert overflow_px(page) == 0


@pytest.mark.parametrize("language", ["vi", "zh-Hant"])
def test_fits_in_every_language(new_context, check_axe, language):
    page = new_context(viewport=PHONE, locale=language).new_page()
    page.goto("/")
    assert page.locator("html").get_attribute("lang").lower() == language.lower()
    assert overflow_px(page) == 0
    check_axe(page)


def test_the_first_key_leads_past_the_masthead(page):
    page.goto(GUIDE)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(page):
    page.goto("/style/dialog")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]
            .filter(e => e.checkVisibility()).length"""
    )
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
                return [[...document.querySelectorAll('*')].indexOf(e), getComputedStyle(e).outlineStyle] }"""
        )
        if state:
            assert state[1] != "none", page.evaluate("document.activeElement.outerHTML")
            seen.add(state[0])
    assert len(seen) >= wanted


def test_menus_open_by_key_and_close_by_escape(page):
    page.goto(GUIDE)
    summary = page.locator("#buttons summary", has_text="Edit")
    summary.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").inner_text().strip() == "Edit the offer"
    page.keyboard.press("ArrowUp")
    assert page.locator(":focus").inner_text().strip() == "Close the listing"
    page.keyboard.press("Escape")
    assert summary.evaluate("e => e === document.activeElement && !e.parentElement.open")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_appearance_is_switched_and_kept(new_context, script):
    page = new_context(java_script_enabled=script).new_page()
    page.goto("/")
    light = page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") if script else None
    page.get_by_label("Appearance").click()
    page.get_by_role("button", name="Dark").click()
    page.goto("/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    if script:
        assert page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") != light


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_language_is_switched_in_place(new_context, script):
    page = new_context(java_script_enabled=script).new_page()
    page.goto("/style/dialog")
    page.locator("summary", has_text="English").click()
    page.get_by_role("button", name="Tiếng Việt").click()
    page.wait_for_url("**/style/dialog")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.get_by_role("link", name="Đăng nhập").count() == 1


def test_a_dialog_opens_over_the_page_and_gives_the_focus_back(page, check_axe):
    page.goto(GUIDE)
    opener = page.get_by_role("link", name="Dialog", exact=True)
    opener.click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_role("heading").inner_text() == "Take it out of search?"
    check_axe(page)
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert opener.evaluate("e => e === document.activeElement")


def test_htmx_brings_a_dialog(page):
    page.goto(GUIDE)
    page.get_by_role("link", name="Dialog by htmx").click()
    page.locator("#sample-fetched").wait_for(state="visible")
    assert page.locator("#sample-fetched").evaluate("e => e.matches(':modal')")


def test_without_script_a_dialog_is_a_page(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(GUIDE)
    page.get_by_role("link", name="Dialog", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Take it out of search?"


def test_a_refusal_to_htmx_is_shown_on_the_page(page):
    page.goto(GUIDE)
    page.get_by_role("button", name="A refusal").click()
    refusal = page.locator("#refusals .refusal")
    refusal.wait_for()
    assert "No unit of Stoneware vase" in refusal.inner_text()
    assert "no_unit_available" in refusal.inner_text()


def test_a_live_region_asks_until_it_is_done(page):
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "/style/progress" in r.url else None)
    page.goto(GUIDE + "?n=3")
    page.get_by_text("Done.", exact=True).wait_for()
    before = len(asked)
    page.wait_for_timeout(2500)
    assert before == len(asked) == 2
    assert page.locator("#sample-live progress").get_attribute("value") == "5"


def test_a_faulty_form_leads_to_its_fields(page, check_axe):
    page.goto(GUIDE)
    page.locator("#forms form").first.get_by_role("button", name="Save").click()
    summary = page.locator(".error-summary")
    assert summary.evaluate("e => e === document.activeElement")
    check_axe(page)
    summary.get_by_role("link", name="Product name").click()
    page.keyboard.type("Vase")
    assert page.get_by_label("Product name").input_value() == "Vase"


def test_rows_are_chosen_together_and_in_ranges(page):
    page.goto(GUIDE)
    table = page.locator("fo-bulk")
    close = table.get_by_role("button", name="Close listings")
    assert close.is_disabled()
    boxes = table.locator("tbody input[type=checkbox]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert table.locator("[data-chosen]").inner_text() == "3"
    assert close.is_enabled()
    table.get_by_label("Select all").check()
    assert table.locator("[data-chosen]").inner_text() == "5"


def test_rows_become_cards_on_a_phone(new_context):
    page = new_context(viewport=PHONE).new_page()
    page.goto(GUIDE)
    cell = page.locator("fo-bulk td[data-label=Stock]").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Stock"'


PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def picture(name, size=0):
    return {"name": name, "mimeType": "image/gif", "buffer": PIXEL + b"\0" * size}


def test_files_are_sent_one_by_one_and_each_says_how_it_went(page):
    page.goto(GUIDE)
    page.locator("fo-dropzone input[type=file]").set_input_files([picture("a.gif"), picture("b.gif", 10_000_001)])
    lines = page.locator(".upload")
    page.locator('.upload[data-state="done"]').wait_for()
    assert "Received" in lines.nth(0).inner_text()
    assert "larger than 10 MB" in lines.nth(1).inner_text()
    assert lines.nth(1).get_attribute("data-state") == "failed"


def test_more_files_than_agreed_are_named_and_not_sent(page):
    page.goto(GUIDE)
    page.locator("fo-dropzone input[type=file]").set_input_files([picture(f"{i}.gif") for i in range(10)])
    page.locator('.upload[data-state="done"]').nth(8).wait_for()
    assert page.locator('.upload[data-state="failed"]').inner_text().endswith("at most 9 at once.")


def test_files_are_sent_without_script(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(GUIDE)
    page.locator("input[type=file]").set_input_files([picture("a.gif"), picture("b.gif")])
    page.get_by_role("button", name="Send").click()
    assert "Received: a.gif, b.gif" in page.locator("#toasts").inner_text()


def test_findings_are_drawn_lit_and_zoomed(page):
    page.goto(GUIDE)
    viewer = page.locator("fo-picture")
    assert viewer.locator(".region").count() == 3
    viewer.locator(".viewer-list li").nth(1).hover()
    assert "is-lit" in viewer.locator(".region").nth(1).get_attribute("class")
    viewer.get_by_role("button", name="Show on the picture").nth(1).click()
    assert int(re.sub(r"\D", "", viewer.locator("[data-zoom]").inner_text())) > 150
    stage = viewer.locator(".viewer-stage").bounding_box()
    region = viewer.locator(".region").nth(1).locator("rect").first.bounding_box()
    assert stage["x"] <= region["x"]
    assert region["x"] + region["width"] <= stage["x"] + stage["width"]
    page.keyboard.press("0")
    assert viewer.locator("[data-zoom]").inner_text() == "100 %"
    page.keyboard.press("m")
    assert not viewer.locator(".regions").is_visible()


def test_before_and_after_follow_the_slider(page):
    page.goto(GUIDE)
    page.get_by_label("Where before ends").fill("20")
    assert page.locator("fo-compare").evaluate("e => e.style.getPropertyValue('--at')") == "20%"


def test_copies_to_the_clipboard(new_context):
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(GUIDE)
    page.get_by_role("button", name="Copy: Batch ID").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "481516234210"


def test_is_fit_for_paper(page):
    page.goto(GUIDE)
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".masthead").is_visible()
    assert page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"


def test_keeps_still_when_asked_to(new_context):
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(GUIDE)
    longest = page.evaluate("Math.max(0, ...document.getAnimations().map(a => a.effect.getComputedTiming().endTime))")
    assert longest <= 1


def test_screenshots_for_the_documentation(page, new_context, shoot):
    page.goto(GUIDE)
    assert page.get_by_role("heading", level=1).is_visible()
    shoot(page, "style-guide")
    dark = new_context(color_scheme="dark").new_page()
    dark.goto("/")
    assert dark.get_by_role("heading", level=1).is_visible()
    shoot(dark, "front-dark")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_staff_see_their_places_and_their_account(signed_in_page, check_axe, viewport):
    person = make_staff(Role.OPERATOR)
    page = signed_in_page(person, viewport=viewport)
    page.goto("/operator/policy/")
    here = page.get_by_role("navigation", name="Places").locator("[aria-current]")
    assert here.inner_text().strip() == "Operator"
    page.get_by_label("Your account").click()
    menu = page.locator(".masthead details[open] .menu-list")
    assert str(person) in menu.inner_text()
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= viewport["width"]
    check_axe(page)
    menu.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
