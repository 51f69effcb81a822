"""The pages of cases in a real browser."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse

from fondaco.cases import operations
from fondaco.cases.tests.factories import make_case
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_seller, make_staff, owner_of
from tests.browser import PHONE, WIDE, overflow_px

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_have_no_barriers_and_fit(signed_in_page, check_axe, viewport, scheme):
    seller, support = make_seller(), make_staff(Role.SUPPORT, name="Nora Feld")
    case = make_case(make_caller(seller=seller))
    make_case(make_caller(seller=seller))
    operations.reply(make_caller(support), number=case.number, text="Which page did you look at?")
    contact = reverse("cases:contact")
    pages = {
        owner_of(seller): [
            contact,
            f"{contact}?type=missing_image",
            f"{contact}?type=pr_review",
            reverse("cases:list"),
            reverse("cases:case", args=[case.number]),
        ],
        support: [reverse("cases:desk"), reverse("cases:desk_case", args=[case.number])],
    }
    for person, paths in pages.items():
        page = signed_in_page(person, viewport=viewport, color_scheme=scheme)
        for number, path in enumerate(paths):
            page.goto(path)
            if folder := os.environ.get("FONDACO_LOOK"):
                page.screenshot(
                    path=f"{folder}/cases-{person.name[:4]}-{number}-{viewport['width']}.png", full_page=True
                )
            check_axe(page)
            assert overflow_px(page) == 0, path
            assert page.troubles == [], path
