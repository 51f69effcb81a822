"""*Same product?* beside the comparison of a buyer's photograph with the listing's picture."""

from __future__ import annotations

import numpy as np
import pytest
from django.urls import reverse

from fondaco.engine import clock
from fondaco.images.operations import Rules, inspect_picture, take_in
from fondaco.images.pipeline import vision
from fondaco.images.pipeline.profiles import load_profile
from fondaco.images.tests import pictures
from fondaco.messaging import operations
from fondaco.messaging.models import Attachment
from fondaco.messaging.operations import matching
from fondaco.messaging.tests.factories import begun, kept
from fondaco.messaging.tests.test_web import at_desk_of
from fondaco.orders.tests.factories import caller_of_buyer, placed_order
from fondaco.sellers.tests.factories import owner_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("likeness" not in vision.present(), reason="the weights are not installed"),
]

BOTTLE = pictures.product(1000, shape="bottle", seed=3)


def sent(*, models: bool, photo: np.ndarray) -> Attachment:
    order = placed_order()
    product = order.items.get().product
    product.main_picture = take_in(pictures.jpeg(BOTTLE), at=clock.now())
    product.save()
    rules = Rules(load_profile("listing-main"), "test", models=models)
    inspect_picture(product.main_picture, rules=rules, at=clock.now())
    conversation = begun(order)
    file = kept(data=pictures.jpeg(photo))
    operations.send(caller_of_buyer(order), number=conversation.number, text="Here.", kept=[file], confirmed=True)
    return Attachment.objects.get(message__conversation=conversation)


def page_of(photo: Attachment) -> str:
    conversation = photo.message.conversation
    path = reverse("messaging:seller_compare", args=[conversation.number, photo.pk])
    return at_desk_of(owner_of(conversation.seller)).get(path).content.decode()


def test_a_mirrored_view_is_the_same_product_by_looks_and_another_thing_is_less() -> None:
    mirrored = sent(models=True, photo=np.ascontiguousarray(BOTTLE[:, ::-1]))
    page = page_of(mirrored)
    assert 'id="looks"' in page
    looks = mirrored.__class__.objects.get(pk=mirrored.pk).match["looks"]
    assert looks["verdict"] == "same"
    other = sent(models=True, photo=pictures.scene(1000, seed=2))
    less = matching.match_of(other)["looks"]
    assert less["score"] < looks["score"] - 0.4
    assert less["verdict"] != "same"


def test_where_no_model_has_looked_nothing_is_said_of_it() -> None:
    page = page_of(sent(models=False, photo=BOTTLE))
    assert 'id="similarity"' in page
    assert 'id="looks"' not in page
