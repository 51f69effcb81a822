"""Taking in, inspecting, rendering, finding look-alikes, and serving: content in, renditions out, originals never."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
import simplejpeg
from django.template import Context, Template
from django.urls import reverse

from fondaco.catalogue.terms import submission_terms
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock, files
from fondaco.images.develop import develop
from fondaco.images.models import Inspection, Picture
from fondaco.images.operations import (
    PictureEmpty,
    PictureTooBig,
    develop_file,
    inspect_picture,
    record,
    render_picture,
    rules_for,
    take_in,
)
from fondaco.images.pipeline.bounds import MAX_BYTES
from fondaco.images.pipeline.inspect import inspect
from fondaco.images.pipeline.profiles import load_profile
from fondaco.images.queries import looking_like, picture_urls, shown_findings
from fondaco.kit.errors import NotFound

pytestmark = pytest.mark.django_db


def rules(profile="listing-main", **limits):
    at = clock.now()
    terms = submission_terms(store="US", at=at)
    return rules_for(profile, limits={**terms.limits(profile), **limits}, policy_version=terms.version, at=at)


def kept(data, **fields):
    picture = take_in(data, at=clock.now())
    inspect_picture(picture, rules=rules(**fields), at=clock.now())
    picture.refresh_from_db()
    return picture


def test_the_same_bytes_are_the_same_picture():
    data = make_jpeg(size=600)
    one, other = (take_in(data, at=clock.now()) for _ in "ab")
    assert one.pk == other.pk
    assert (one.format, one.width, one.height, one.colour) == ("jpeg", 600, 600, "rgb")
    assert files.read("originals", one.pk) == data


def test_an_empty_file_and_one_beyond_all_bounds_are_refused():
    with pytest.raises(PictureEmpty):
        take_in(b"", at=clock.now())
    with pytest.raises(PictureTooBig):
        take_in(bytes(MAX_BYTES + 1), at=clock.now())
    assert not Picture.objects.exists()


def test_an_upright_size_is_kept_for_a_turned_picture():
    turned = cv2.resize(simplejpeg.decode_jpeg(make_jpeg(size=600)), (600, 300))
    data = with_orientation(simplejpeg.encode_jpeg(np.ascontiguousarray(turned)), 6)
    picture = take_in(data, at=clock.now())
    assert (picture.width, picture.height) == (300, 600)


def with_orientation(jpeg, orientation):
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0]) + b"\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


def test_an_inspection_is_made_once_for_the_same_rules_and_anew_for_others():
    picture = take_in(make_jpeg(size=600), at=clock.now())
    first = inspect_picture(picture, rules=rules(), at=clock.now())
    again = inspect_picture(picture, rules=rules(), at=clock.now())
    other = inspect_picture(picture, rules=rules("listing-other"), at=clock.now())
    assert first.pk == again.pk != other.pk
    assert Inspection.objects.count() == 2
    assert first.verdict == "eligible"
    assert first.rules.endswith("image@US#0")


def test_what_policy_says_counts_and_not_the_profile_alone():
    picture = take_in(make_jpeg(size=600), at=clock.now())
    at = clock.now()
    strict = rules_for("listing-main", limits={"min_px": 900}, policy_version="image@US#0 px#1", at=at)
    assert inspect_picture(picture, rules=strict, at=at).findings[0]["limit"] == 900
    assert inspect_picture(picture, rules=rules(), at=at).verdict == "eligible"


def test_a_lost_original_is_not_found():
    picture = take_in(make_jpeg(size=600), at=clock.now())
    files.delete("originals", picture.pk)
    with pytest.raises(NotFound):
        inspect_picture(picture, rules=rules(), at=clock.now())


def test_reading_once_gives_the_same_report_as_inspecting():
    data, profile = make_jpeg(size=1200, ground=240), load_profile("listing-main")
    together, alone = develop(data, [profile]).reports[0], inspect(data, profile)
    assert together.as_dict() == alone.as_dict()


@pytest.mark.parametrize(
    ("size", "page", "complete"),
    [(1600, [100, 200, 400, 800], [1600]), (1000, [100, 200, 400, 800], [1000]), (150, [100, 150], []), (60, [60], [])],
)
def test_renditions_are_made_for_pages_first_and_never_enlarged(size, page, complete):
    picture = kept(make_jpeg(size=size))
    srcset = picture_urls(picture).srcset
    assert widths(srcset) == page
    render_picture(picture.pk, completely=True)
    picture.refresh_from_db()
    urls = picture_urls(picture)
    assert widths(urls.srcset) == widths(urls.srcset_webp) == page + complete
    assert (urls.width, urls.height) == (size, size)


def widths(srcset):
    return [int(n) for n in re.findall(r" (\d+)w", srcset)]


def test_rendering_twice_changes_nothing():
    picture = kept(make_jpeg(size=600))
    url = picture_urls(picture).src
    render_picture(picture.pk)
    render_picture("0" * 64)
    picture.refresh_from_db()
    assert picture_urls(picture).src == url


def test_what_cannot_be_read_has_no_renditions_and_no_addresses():
    picture = kept(make_jpeg(size=600)[:-2000])
    assert Inspection.objects.get().verdict == "unreadable"
    assert picture_urls(picture) == picture_urls(None)
    render_findings = shown_findings(Inspection.objects.get().findings)
    assert render_findings[0].code == "corrupt_pixels"


def test_a_later_reading_that_gives_no_rendition_leaves_the_earlier_ones(monkeypatch):
    data = make_jpeg(size=600)
    record([develop_file(data, [rules()])], at=clock.now())
    from fondaco.images import develop as developing

    monkeypatch.setattr(developing, "_renditions", lambda *_a: {})
    record([develop_file(data, [rules("listing-other")])], at=clock.now())
    assert Picture.objects.get().rendered
    assert Inspection.objects.count() == 2


def test_pictures_of_the_same_product_look_alike():
    one = kept(make_jpeg(size=800, seed=3))
    again = kept(make_jpeg(size=800, seed=3, quality=89))
    kept(make_jpeg(size=800, seed=99))
    assert [other.pk for other, _bits in looking_like(one)] == [again.pk]
    assert looking_like(Picture(sha256="f" * 64, size_bytes=1)) == []


@pytest.mark.parametrize("bits", [0, 1, 2, 3])
def test_look_alikes_are_complete_up_to_three_bits(bits):
    base = -(2**62) + 12345
    flipped = base
    for position in (5, 21, 63)[:bits]:
        flipped ^= -(2**63) if position == 63 else 1 << position
    at = clock.now()
    one = Picture.objects.create(sha256="a" * 64, size_bytes=1, box_hash=base, created_at=at)
    Picture.objects.create(sha256="b" * 64, size_bytes=1, box_hash=flipped, created_at=at)
    Picture.objects.create(sha256="c" * 64, size_bytes=1, box_hash=~base, created_at=at)
    assert [(other.pk[0], n) for other, n in looking_like(one)] == [("b", bits)]


# ---------------------------------------------------------------- serving


def test_a_rendition_is_kept_for_good_and_never_run(client):
    picture = kept(make_jpeg(size=600))
    response = client.get(picture_urls(picture).src)
    body = b"".join(response.streaming_content)
    assert simplejpeg.decode_jpeg_header(body)[:2] == (400, 400)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = client.get(picture_urls(picture).src, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(picture_urls(picture).src).status_code == 200
    assert client.post(picture_urls(picture).src).status_code == 405


@pytest.mark.spec("IMG-SVC-43")
def test_no_address_gives_an_original(client):
    data = make_jpeg(size=600)
    picture = kept(data)
    sha = picture.pk
    asked = [
        *(f"/media/{sha}", f"/media/{sha}.jpg", f"/media/{sha}/original.jpg", f"/media/{sha}/v1.w600.jpg"),
        *(f"/media/{sha}/..%2f..%2foriginals.jpg", f"/media/../files/originals/{sha[:2]}/{sha[2:4]}/{sha}"),
        *(f"/media/{sha}/v1.w99999.jpg", f"/media/{sha}/v1.w400.exe", f"/files/originals/{sha}", f"/originals/{sha}"),
    ]
    for path in asked:
        response = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert body != data, path
        assert response.status_code in (200, 404), path
    assert client.get(f"/media/{sha}/v1.w99999.jpg").status_code == 404


def test_what_a_picture_carries_beside_pixels_is_not_served(client):
    secret = b"<?php system('rm') ?>"
    plain = make_jpeg(size=600)
    data = plain[:2] + b"\xff\xfe" + (len(secret) + 2).to_bytes(2, "big") + secret + plain[2:]
    response = client.get(picture_urls(kept(data)).src)
    assert secret not in b"".join(response.streaming_content)


def shown(source, **context):
    return Template("{% load pictures %}" + source).render(Context(context))


def test_the_tag_shows_sizes_formats_and_a_stand_in():
    picture = kept(make_jpeg(size=1000))
    html = shown('{% picture p sizes="20rem" alt=t %}', p=picture, t='A "mug"')
    assert 'sizes="20rem"' in html
    assert 'alt="A &quot;mug&quot;"' in html
    assert 'width="1000" height="1000"' in html
    assert 'loading="lazy"' in html
    assert "image/webp" not in html
    render_picture(picture.pk, completely=True)
    picture.refresh_from_db()
    assert 'type="image/webp"' in shown("{% picture p eager=True %}", p=picture)
    assert "No picture yet" in shown("{% picture p %}{% thumb p %}", p=None)
    assert picture_urls(picture).thumb in shown("{% thumb p %}", p=picture)


def test_addresses_are_those_of_the_door():
    picture = kept(make_jpeg(size=600))
    assert picture_urls(picture).thumb == reverse("images:rendition", args=[picture.pk, "v1.w100", "jpg"])


def test_asking_for_pictures_that_look_alike_walks_the_index(db) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from fondaco.images.models import Picture
    from fondaco.images.queries import looking_like

    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        Picture(sha256=f"{n:064x}", size_bytes=1, box_hash=(n * 0x9E3779B97F4A7C15) % 2**63, created_at=at)
        for n in range(1, 3000)
    ]
    rows += [
        Picture(
            sha256="f" * 64,
            size_bytes=1,
            box_hash=rows[5].box_hash ^ 0b1000000010000001000000100000010000001,
            created_at=at,
        )
    ]
    Picture.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as asked:
        found = looking_like(rows[5])
    assert [(other.pk, bits) for other, bits in found] == [("f" * 64, 6)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for query in asked.captured_queries[:4]:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                assert "USING INDEX picture_looks_" in str(cursor.fetchall())
