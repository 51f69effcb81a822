"""Whose pictures a page shows: ranking on real rows, the switch, the limit, and what stays untouched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fondaco import history
from fondaco.catalogue.models import ImageGroup, ListingImage, Offer
from fondaco.catalogue.operations import create_offer, publish_galleries, remove_image
from fondaco.catalogue.queries.gallery import gallery_of, managed_images
from fondaco.catalogue.tests.factories import make_jpeg, make_product, shown_image
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.policy import cache as policy_cache
from fondaco.sellers.models import OwnedBrand
from fondaco.sellers.rules import fold_name

pytestmark = pytest.mark.django_db


def reload(*rows):
    for row in rows:
        row.refresh_from_db()


@pytest.mark.spec("IMG-04", "IMG-14", "IMG-SVC-50")
def test_the_higher_ranked_group_is_shown_and_the_other_told_why(harbor, swift, mug):
    create_offer(swift, asin=mug.asin, sku="S-1", price_minor=100)
    small = shown_image(harbor, mug, data=make_jpeg(size=700))
    large = shown_image(swift, mug, data=make_jpeg(size=1600))
    reload(small, large, mug)
    assert (small.state, large.state, mug.main_picture_id) == ("not_selected", "displayed", large.picture_id)
    [reason] = small.reasons
    assert reason["code"] == "other_group_ranked_higher"
    assert reason["decided_by"] == "resolution"
    assert reason["shown_score"] > reason["score"]
    assert dict(Offer.objects.values_list("seller__display_name", "image_status")) == {
        "Harbor Goods": "shown_other",
        "Swift Outfitters": "shown",
    }
    assert history.events_for(small, verbs=["image.not_selected"]).count() == 1


@pytest.mark.spec("IMG-SVC-50", "Q-15")
def test_each_seller_reads_the_score_sheets_without_the_others_name(harbor, swift, mug):
    shown_image(harbor, mug, data=make_jpeg(size=700))
    shown_image(swift, mug)
    mine, theirs = sorted(managed_images(harbor, mug.asin).scores, key=lambda s: not s.is_mine)
    assert (mine.is_mine, mine.displayed, theirs.is_mine, theirs.displayed) == (True, False, False, True)
    assert sum(line.points for line in theirs.lines) == theirs.score > mine.score
    assert [line.factor for line in mine.lines] == [
        "meets_main_standards",
        "resolution",
        "image_count",
        "source",
        "recency",
    ]
    assert all(0 <= line.points <= line.weight for sheet in (mine, theirs) for line in sheet.lines)
    assert mine.policy_version == "image@US#0"
    assert not any(hasattr(sheet, "seller") for sheet in (mine, theirs))


def test_when_the_winner_goes_the_next_group_is_shown(harbor, swift, mug):
    small = shown_image(harbor, mug, data=make_jpeg(size=700))
    large = shown_image(swift, mug)
    remove_image(swift, image_id=large.pk)
    run_tasks()
    reload(small, mug)
    assert (small.state, small.reasons, mug.main_picture_id) == ("displayed", [], small.picture_id)
    assert ImageGroup.objects.get().displayed


@pytest.mark.spec("Q-15")
def test_the_brands_owner_ranks_above_another_seller(harbor, swift):
    product = make_product(harbor, brand="Swift & Söhne")
    OwnedBrand.objects.create(seller=swift.seller, name="SWIFT & söhne", name_folded=fold_name("SWIFT & söhne"))
    first, second = shown_image(harbor, product), shown_image(swift, product)
    reload(first, second)
    assert (second.source, second.state, first.state) == ("brand", "displayed", "not_selected")


@pytest.mark.spec("B-IMG-15")
def test_groups_are_mixed_only_when_policy_says_so(harbor, swift, mug):
    shown_image(harbor, mug)
    extra = shown_image(swift, mug, data=make_jpeg(size=600), variant="PT01")
    reload(extra)
    assert extra.state == "not_selected"
    with policy_cache.drafts({("image.ranking.mix_groups", "US"): True}):
        publish_galleries([mug.pk])
    reload(extra)
    assert (extra.state, extra.place) == ("displayed", 1)


@pytest.mark.spec("B-IMG-05", "Q-08")
def test_pictures_beyond_the_limit_are_kept_and_come_in_when_there_is_room(harbor, mug):
    with policy_cache.drafts({("image.alternates", "US"): 1}):
        images = [shown_image(harbor, mug, variant=v, data=make_jpeg(size=600)) for v in ("MAIN", "PT01", "PT02")]
        reload(*images)
        assert [image.state for image in images] == ["displayed", "displayed", "not_selected"]
        assert images[2].reasons == [{"code": "more_images_than_shown", "limit": 2}]
        remove_image(harbor, image_id=images[1].pk)
        run_tasks()
    reload(*images)
    assert [image.state for image in images] == ["displayed", "removed", "displayed"]


def test_publishing_again_writes_nothing(harbor, mug, django_assert_num_queries):
    shown_image(harbor, mug)
    before = (history.events_for(mug).count(), ImageGroup.objects.get().ranked_at)
    clock.set_to(at=clock.now() + timedelta(days=400))
    publish_galleries([mug.pk])
    assert (history.events_for(mug).count(), ImageGroup.objects.get().ranked_at) == before


def test_a_swatch_stands_beside_the_gallery_and_falls_back_to_the_main_picture(harbor, mug):
    main = shown_image(harbor, mug)
    assert gallery_of(mug).swatch == main.picture
    swatch = shown_image(harbor, mug, variant="SWCH", data=make_jpeg(size=600))
    gallery = gallery_of(mug)
    assert (gallery.swatch, gallery.pictures) == (swatch.picture, (main.picture,))
    assert swatch.state == "displayed"


def test_many_products_are_published_with_few_queries(harbor, django_assert_max_num_queries):
    products = [make_product(harbor) for _ in range(20)]
    data = make_jpeg(size=600)
    for product in products:
        shown_image(harbor, product, data=data)
    ListingImage.objects.update(state="eligible", place=None)
    with django_assert_max_num_queries(40):
        publish_galleries([product.pk for product in products])
    assert ListingImage.objects.filter(state="displayed").count() == 20
