"""The policy pages in a real browser: no barrier, nothing wider than the window, usable without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fondaco.policy.models import PolicyVersion
from fondaco.policy.shipped import key_of
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_staff

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
KEYS = ("image.px", "return.reason_codes", "prime.cutoff", "photo.types")


def visit(page: Any, key: str = "") -> None:
    """Opens the list or a key's page, and makes sure that it is that page and not the way to sign in."""
    path = f"/operator/policy/{key}/" if key else "/operator/policy/"
    answer = page.goto(path)
    assert answer.status == 200
    assert page.url.endswith(path)
    assert page.get_by_role("heading", level=1).inner_text() == (key_of(key).title if key else "Policy")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_clean_in_light_and_dark(
    signed_in_page: Callable, check_axe: Callable, shoot: Callable, scheme: Any
) -> None:
    page = signed_in_page(make_staff(Role.OPERATOR), color_scheme=scheme)
    visit(page)
    check_axe(page)
    shoot(page, f"policy-{scheme}")
    for key in KEYS:
        visit(page, key)
        check_axe(page)
    shoot(page, f"policy-photo-types-{scheme}", whole=True)
    assert page.troubles == []


def test_nothing_is_wider_than_a_phone(signed_in_page: Callable) -> None:
    page = signed_in_page(make_staff(Role.OPERATOR), viewport=PHONE)
    for key in ("", *KEYS):
        visit(page, key)
        wide = "Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)"
        assert page.evaluate(wide) == 0, key


def test_publishes_without_script(signed_in_page: Callable) -> None:
    page = signed_in_page(make_staff(Role.OPERATOR), java_script_enabled=False)
    visit(page, "image.alternates")
    page.get_by_label("Value").fill("7")
    page.get_by_label("Reason").fill("Seven are enough")
    page.get_by_role("button", name="Show what would change").click()
    assert page.locator("#changes ins").inner_text() == "7"
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/operator/policy/image.alternates/?store=US")
    assert PolicyVersion.objects.get().value == 7
