"""Rules are data: dated, sourced, overridden by policy; and every code they name is in the catalogue."""

from __future__ import annotations

import struct
from datetime import date

import pytest

from fondaco.images import inspect, load_profile
from fondaco.images.pipeline.findings import CATALOGUE, make, spoken
from fondaco.images.pipeline.inspect import inspect_all
from fondaco.images.pipeline.profiles import MARKETPLACES, NAMES, UnknownProfile, load_all, profile_versions
from fondaco.kit.findings import Severity

from . import pictures
from .pictures import product

ISSUE_CODES = [
    "not_an_image",
    "format_not_accepted",
    "extension_mismatch",
    "animated",
    "multi_page",
    "corrupt_pixels",
    "bytes_after_image",
    "too_large",
    "file_too_big",
    "too_small",
    "no_zoom",
    "odd_size",
    "background_not_white",
    "product_too_small",
    "touches_edge",
    "out_of_focus",
    "motion_blur",
    "enlarged",
    "pixelated",
    "over_compressed",
    "too_dark",
    "too_bright",
    "low_contrast",
    "no_subject",
    "border",
    "inset_rectangle",
    "text_or_mark",
    "person_present",
    "nudity",
    "duplicate_of",
    "near_duplicate_of",
    "location_data",
]


def test_the_catalogue_holds_every_code() -> None:
    assert set(ISSUE_CODES) <= set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_kind_speaks(code: str) -> None:
    kind = CATALOGUE[code]
    finding = make(code, severity=Severity.ERROR, measured=1, limit=2, region=(1, 2, 3, 4))
    assert all((kind.title, finding.message, finding.fix, kind.why, finding.clause))
    assert "%(" not in finding.message + finding.fix
    assert finding.as_dict()["region"] == [1, 2, 3, 4]


@pytest.mark.spec("B-IMG-08", "B-IMG-09")
def test_carries_the_published_reasons() -> None:
    numbers = {code: kind.submission_error for code, kind in CATALOGUE.items()}
    assert (numbers["out_of_focus"], numbers["product_too_small"], numbers["background_not_white"]) == (2, 4, 5)
    assert CATALOGUE["touches_edge"].suppression == "Product cropped"


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("px", 320, "320 px"),
        ("px", [1200, 80], "1200 × 80 px"),
        ("px", "100 megapixels", "100 megapixels"),
        ("%", 82.5, "82.5 %"),
        ("bytes", 12_400_000, "12.4 MB"),
        ("bytes", 900, "900 B"),
        ("format", ["GIF", "JPEG"], "GIF, JPEG"),
        ("level", [250, 250, 250], "250 250 250"),
        ("", None, "?"),
    ],
)
def test_speaks_values_in_their_unit(unit: str, value: object, words: str) -> None:
    assert spoken(unit, value) == words


@pytest.mark.parametrize("name", NAMES)
def test_every_version_has_a_source_and_a_date(name: str) -> None:
    for version in profile_versions(name):
        assert version.source
        assert version.valid_from.year > 1990
        assert version.severities


def test_marketplaces_name_their_own_page_as_clause() -> None:
    for name in MARKETPLACES:
        assert load_profile(name).clauses


def test_a_rule_changes_on_its_day() -> None:
    before, after = (load_profile("google-merchant", on=day) for day in (date(2027, 1, 30), date(2027, 1, 31)))
    assert (before.min_px, after.min_px) == (100, 500)
    data = pictures.jpeg(product(400))
    assert "too_small" not in inspect(data, "google-merchant", on=date(2027, 1, 30)).codes()
    assert "too_small" in inspect(data, "google-merchant", on=date(2027, 1, 31)).codes()


def test_an_unknown_profile_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownProfile, match="listing-main"):
        load_profile("nowhere")


@pytest.mark.spec("B-IMG-01", "B-IMG-02", "B-IMG-03")
def test_the_main_image_has_the_published_numbers() -> None:
    main = load_profile("listing-main")
    assert (main.min_px, main.zoom_px, main.max_px, main.min_fill_pct) == (500, 1000, 10_000, 85.0)
    assert main.formats == {"jpeg", "tiff", "gif"}
    assert main.max_bytes == 10_000_000
    assert main.background == (255, 255, 255)


@pytest.mark.spec("B-IMG-03")
def test_policy_may_allow_png() -> None:
    from .hostile import vips

    data = vips(".png")
    allowed = load_profile("listing-main").with_policy(formats=("jpg", "tif", "gif", "png"))
    assert inspect(data).verdict == "rejected"
    assert inspect(data, allowed, name="mug.png").eligible


def test_policy_values_override_and_unknown_ones_are_refused() -> None:
    strict = load_profile("listing-main").with_policy(
        min_fill_pct=95.0, severities={"product_too_small": "warning", "border": None}
    )
    report = inspect(pictures.jpeg(product(fill=0.9)), strict)
    assert report.eligible
    assert report.codes() == ("product_too_small",)
    assert strict.severity("border") is None
    with pytest.raises(TypeError, match="min_fil"):
        strict.with_policy(min_fil=3)


def test_severity_depends_on_the_profile() -> None:
    data = pictures.jpeg(product(ground=(200, 200, 200)))
    assert inspect(data, "listing-main").verdict == "rejected"
    assert inspect(data, "listing-other").finding("background_not_white") is None
    assert inspect(data, "evidence").eligible


def test_flags_never_reject_alone() -> None:
    for profile in load_all():
        for code in ("text_or_mark", "person_present"):
            assert profile.severity(code) not in (Severity.ERROR, Severity.FATAL)


def test_all_marketplaces_judge_one_reading() -> None:
    reports = inspect_all(pictures.jpeg(product(1000, ground=(225, 214, 190))), load_all())
    assert [r.profile for r in reports] == list(NAMES)
    verdicts = {r.profile: r.verdict for r in reports}
    assert verdicts["walmart"] == "rejected"
    assert verdicts["ebay"] == "eligible"
    assert len({r.sha256 for r in reports}) == 1


@pytest.mark.spec("B-IMG-02")
@pytest.mark.parametrize(
    ("density", "told"),
    [
        ((1, 72, 72), None),
        ((1, 300, 50), 50),
        ((2, 28, 29), 71),
        ((2, 29, 29), None),
        ((0, 1, 1), None),  # proportions only
        ((1, 0, 0), None),
    ],
)
def test_a_stated_density_under_72_dots_an_inch_is_told_and_no_more(density, told) -> None:
    data = pictures.jpeg(pictures.product())
    at = data.index(b"JFIF\0") + 7
    report = inspect(data[:at] + struct.pack(">BHH", *density) + data[at + 5 :], "listing-main")
    found = report.finding("low_density")
    assert report.verdict == "eligible"
    assert (found.measured if found else None) == told
    if found:
        assert (found.limit, found.severity, found.clause) == (72, "info", "B-IMG-02")
