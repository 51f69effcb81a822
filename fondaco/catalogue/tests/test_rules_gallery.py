"""Ranking, selection and suppression: published weights, a sum that can be checked by hand, a reason for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco import policy
from fondaco.catalogue.rules.ranking import Factor, Group, RankedImage, Standards, rank
from fondaco.catalogue.rules.selection import select
from fondaco.catalogue.rules.suppression import MainFacts, held_reason
from fondaco.catalogue.rules.variants import Slots

AT = datetime(2026, 1, 1, tzinfo=UTC)
SLOTS = Slots.of(policy.shipped("image.variants", at=AT).value)
STANDARDS = Standards(
    policy.shipped("image.ranking.weights", at=AT).value, policy.shipped("image.px", at=AT).value["advised"], 9
)
A, B, C = (UUID(int=n) for n in (1, 2, 3))


def image(variant="MAIN", *, px=1600, days=0, number=0, meets=None):
    meets = variant == "MAIN" if meets is None else meets
    identity = UUID(int=number or abs(hash((variant, px, days))) % 2**64)
    return RankedImage(identity, variant, px, meets, AT + timedelta(days=days))


def group(seller, *images, source="seller"):
    return Group((seller, source), tuple(images))


def order(*groups):
    return [sheet.group.key for sheet in rank(groups, STANDARDS)]


@pytest.mark.spec("IMG-SVC-50", "Q-15")
@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (group(A, image()), group(B, image("PT01"))),
        (group(A, image(px=1600)), group(B, image(px=600))),
        (group(A, image(), image("PT01")), group(B, image())),
        (group(A, image(), source="studio"), group(B, image(), source="brand")),
        (group(A, image(), source="brand"), group(B, image())),
        (group(A, image(days=300)), group(B, image(days=0))),
    ],
)
def test_each_factor_decides_when_all_else_is_equal(better, worse):
    assert order(worse, better)[0] == better.key == order(better, worse)[0]


@pytest.mark.spec("Q-15")
def test_ties_go_to_the_earliest():
    """An hour is less than a day behind, so the points are the same."""
    early = Group((B, "seller"), (RankedImage(B, "MAIN", 1600, True, AT),))
    late = Group((A, "seller"), (RankedImage(A, "MAIN", 1600, True, AT + timedelta(hours=1)),))
    assert order(late, early) == [early.key, late.key]


@pytest.mark.spec("IMG-SVC-50", "Q-15")
def test_the_sheet_adds_up_to_the_score():
    sheet = rank([group(A, image(px=800), image("PT01"), source="brand")], STANDARDS)[0]
    points = {line.factor: (line.measured, line.weight, line.points) for line in sheet.factors}
    assert points == {
        Factor.MAIN_STANDARDS: (True, 400, 400),
        Factor.RESOLUTION: (800, 200, 100),
        Factor.IMAGE_COUNT: (2, 150, 33),
        Factor.SOURCE: ("brand", 200, 150),
        Factor.RECENCY: (0, 50, 50),
    }
    assert sheet.score == 733
    assert all(line.words for line in sheet.factors)


images = st.builds(
    image,
    st.sampled_from(["MAIN", "PT01", "PT02", "SWCH", "BACK"]),
    px=st.integers(1, 10_000),
    days=st.integers(0, 900),
    number=st.integers(1, 2**40),
)
groups = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.sampled_from(["seller", "brand", "studio"]),
        st.lists(images, min_size=1, max_size=4, unique_by=(lambda i: i.variant, lambda i: i.id)),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda g: g[:2],
).map(lambda given: [Group((seller, source), tuple(of)) for seller, source, of in given])


@settings(deadline=None)
@given(groups, st.randoms())
def test_order_does_not_depend_on_the_order_given(given_groups, random):
    shuffled = list(given_groups)
    random.shuffle(shuffled)
    assert order(*given_groups) == order(*shuffled)


@settings(deadline=None)
@given(groups, st.booleans(), st.integers(0, 9))
def test_every_picture_is_shown_or_has_a_reason(given_groups, mix, alternates):
    everything = {i.id for g in given_groups for i in g.images}
    if len(everything) < sum(len(g.images) for g in given_groups):
        return
    chosen = select(rank(given_groups, STANDARDS), slots=SLOTS, alternates=alternates, mix_groups=mix)
    assert set(chosen.shown) | set(chosen.left_out) == everything
    assert not set(chosen.shown) & set(chosen.left_out)
    assert len(chosen.gallery) <= 1 + alternates
    assert len({i.variant for i in chosen.gallery}) == len(chosen.gallery)


def test_only_the_winner_is_shown_unless_groups_are_mixed():
    best = group(A, image(number=1), source="studio")
    other = group(B, image(number=2), image("PT01", number=3))
    ranked = rank([best, other], STANDARDS)
    alone = select(ranked, slots=SLOTS, alternates=8)
    assert [i.id.int for i in alone.gallery] == [1]
    assert {reason.code for reason in alone.left_out.values()} == {"other_group_ranked_higher"}
    mixed = select(ranked, slots=SLOTS, alternates=8, mix_groups=True)
    assert [i.id.int for i in mixed.gallery] == [1, 3]


@pytest.mark.spec("Q-08")
def test_pictures_beyond_the_limit_are_kept_and_not_displayed():
    own = group(A, *(image(name, number=n) for n, name in enumerate(SLOTS.gallery, start=1)))
    chosen = select(rank([own], STANDARDS), slots=SLOTS, alternates=2)
    assert [i.variant for i in chosen.gallery] == ["MAIN", "PT01", "PT02"]
    assert {reason.code for reason in chosen.left_out.values()} == {"more_images_than_shown"}
    assert len(chosen.left_out) == 6


def test_the_swatch_takes_no_place_in_the_gallery():
    chosen = select(
        rank([group(A, image(number=1), image("SWCH", number=2), image("BACK", number=3))], STANDARDS),
        slots=SLOTS,
        alternates=0,
    )
    assert [i.id.int for i in chosen.gallery] == [1]
    assert chosen.swatch.id.int == 2
    assert chosen.left_out[UUID(int=3)].as_dict() == {"code": "slot_not_shown", "slot": "BACK"}


def test_says_what_decided():
    best, other = group(A, image(number=1), source="studio"), group(B, image(number=2))
    reason = select(rank([best, other], STANDARDS), slots=SLOTS, alternates=8).left_out[UUID(int=2)]
    assert reason.facts["decided_by"] == "source"
    assert reason.facts["shown_score"] - reason.facts["score"] == 100


@pytest.mark.spec("B-IMG-09")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (MainFacts(shown=False), "image_missing"),
        (MainFacts(shown=False, is_waiting=True), "image_processing"),
        (MainFacts(shown=True, meets_main=True), ""),
        (MainFacts(shown=True, meets_main=None), "image_processing"),
        (MainFacts(shown=True, codes=("product_too_small", "background_not_white")), "not_on_white"),
        (MainFacts(shown=True, codes=("touches_edge",)), "cropped"),
        (MainFacts(shown=True, codes=("pixelated",)), "blurred"),
        (MainFacts(shown=True, codes=("too_dark",)), "main_not_compliant"),
    ],
)
def test_a_listing_without_a_good_main_picture_is_held_back(facts, reason):
    reasons = [row["code"] for row in policy.shipped("image.suppress_reasons", at=AT).value]
    assert held_reason(facts, suppress_reasons=reasons) == reason
