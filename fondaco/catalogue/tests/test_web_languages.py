"""No sentence of ours stands untranslated on a seller's page in Vietnamese or Traditional Chinese."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

import fondaco
from fondaco.catalogue.operations import create_offer
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_offer, shown_image
from fondaco.engine.testing import run_tasks
from fondaco.sellers.models import Person

pytestmark = pytest.mark.django_db
PO = {"vi": "vi", "zh-hant": "zh_Hant"}
APPS = ("catalogue", "images", "web", "policy", "feeds")


@cache
def sentences(language: str) -> frozenset[str]:
    """English msgids of more than one word that have another text in this language."""
    found: set[str] = set()
    for app in APPS:
        path = Path(fondaco.__file__).parent / app / "locale" / PO[language] / "LC_MESSAGES" / "django.po"
        for message in read_po(path.open("rb")):
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            if " " in msgid and "%(" not in msgid and msgid != message.string:
                found.add(msgid)
    return frozenset(found)


def words_of(page: str) -> str:
    visible = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    attributes = " ".join(re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', visible))
    return html.unescape(re.sub(r"<[^>]+>", "\n", visible) + "\n" + attributes)


@pytest.fixture
def pages(harbor, swift) -> list[str]:
    """A store in which everything has happened: rejected, displayed, not selected, processing."""
    bad = make_offer(harbor, title="Aaa").product
    image = shown_image(harbor, bad, data=make_jpeg(ground=205, fill=0.6))
    lost = make_offer(harbor, title="Bbb").product
    shown_image(harbor, lost)
    create_offer(swift, asin=lost.asin, sku="S-1", price_minor=1)
    for variant in ("MAIN", "PT01"):
        make_image(swift, lost, data=make_jpeg(size=1600), variant=variant)
    run_tasks()
    new = make_offer(harbor, title="Ccc").product
    make_image(harbor, new)
    offer = new.offers.get()
    of = reverse
    return [
        of("catalogue:portal"),
        of("catalogue:inventory"),
        f"{of('catalogue:inventory')}?q=nothing&image=rejected",
        of("catalogue:edit_offer", args=[offer.pk]),
        of("catalogue:add_product"),
        f"{of('catalogue:add_product')}?q=zzz",
        f"{of('catalogue:add_new')}?type=mug",
        of("catalogue:add_offer", args=[lost.asin]),
        *(of("catalogue:manage_images", args=[p.asin]) for p in (bad, lost, new)),
        *(of("catalogue:images_history", args=[p.asin]) for p in (bad, lost)),
        *(of("catalogue:images_ranking", args=[p.asin]) for p in (bad, lost)),
        of("catalogue:image", args=[bad.asin, image.pk]),
        of("catalogue:image_mend", args=[bad.asin, image.pk]),
        of("catalogue:troubleshoot"),
        *(f"{of('catalogue:troubleshoot')}?asin={p.asin}" for p in (bad, lost, new)),
        f"{of('catalogue:troubleshoot')}?asin={bad.asin}&method=feed",
    ]


@pytest.mark.spec("Q-54")
@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_every_sentence_is_translated(harbor, client: Client, pages, language):
    Person.objects.update(language=language)
    client.force_login(harbor.person)
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.content.decode()
        lines = {line.strip() for line in words_of(answer.content.decode()).splitlines()}
        assert not sentences(language) & lines, path
