"""Submitting pictures: processing, verdict, gallery, replacing and restoring."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_product, seller_and_caller, shown_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    return seller_and_caller()[1]


@pytest.mark.spec("IMG-03", "IMG-07")
def test_a_new_picture_is_processing_with_the_time_it_is_due(harbor):
    image = make_image(harbor, make_product(harbor))
    assert image.state == "submitted"
    assert image.due_at - image.submitted_at == timedelta(hours=24)
    assert Offer.objects.get().image_status == "processing"


@pytest.mark.spec("IMG-SVC-50")
def test_a_good_picture_is_displayed_and_the_listing_found():
    _, caller = seller_and_caller()
    product = make_product(caller)
    assert (product.searchable, product.held_reason) == (False, "image_missing")
    image = shown_image(caller, product)
    product.refresh_from_db()
    assert (image.state, image.place, image.reasons) == ("displayed", 0, [])
    assert product.main_picture_id == image.picture_id
    assert product.searchable
    assert Offer.objects.get().image_status == "shown"


@pytest.mark.spec("IMG-14")
def test_a_bad_main_picture_is_rejected_with_every_reason(harbor):
    image = shown_image(harbor, make_product(harbor), data=make_jpeg(ground=200, fill=0.6))
    assert image.state == "rejected"
    assert "background_not_white" in {reason["code"] for reason in image.reasons}
    assert not Product.objects.get().searchable
