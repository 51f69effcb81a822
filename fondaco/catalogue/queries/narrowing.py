"""Narrowing a long list of offers by what their products say, without reading all of it.

What is frequent stands among the newest, so walking the list from its end soon fills a page. What is not frequent there
is looked up in the search index, where it is rare too. Offers whose product has no document yet, because it never had a
picture to show, are few in a store at work and have an index of their own (`offer_image_status`); they are walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fondaco.catalogue.models import ImageStatus, Offer
from fondaco.catalogue.search.documents import HELD, mark
from fondaco.catalogue.search.find import products_saying
from fondaco.catalogue.search.tokens import query_tokens
from fondaco.kit import text

SAMPLE = 400
FREQUENT = 10
"""So many of the sample and more: a page is full after a thousand rows."""
MOST = 500


def by_product(found: QuerySet[Offer], *, title: str = "", product_type: str = "", held: str = "") -> QuerySet[Offer]:
    """Those of one seller's offers whose product has all these words in its title, is of that type, is held out of
    search for that reason (`any`).

    A word may stand inside another one only in a list that is walked; in the index it is found from its beginning. What
    is frequent elsewhere in the catalogue, if not in this list, is walked too: its place in the index is too long.
    """
    said = _said(title, product_type, held)
    newest = found.order_by("-pk").values("pk")
    if not newest[SAMPLE - 1 : SAMPLE].exists() or _count(said, newest[:SAMPLE]) >= FREQUENT:
        return found.filter(said)
    marks = [mark("type", product_type)] if product_type else []
    marks += [HELD if held == "any" else mark(HELD, held)] if held else []
    with_document = products_saying(query_tokens(title), marks, most=MOST)
    never_shown = _never_shown(found, said)
    if len(with_document) == MOST or len(never_shown) == MOST:
        return found.filter(said)
    return found.filter(pk__in=_offers_on(found, with_document) | never_shown)


def _count(said: Q, among: QuerySet[Offer, Any]) -> int:
    return Offer.objects.filter(said, pk__in=among).count()


def _said(title: str, product_type: str, held: str) -> Q:
    said = Q()
    for word in text.fold(title).split():
        said &= Q(product__title_key__contains=word)
    if product_type:
        said &= Q(product__product_type=product_type)
    if held:
        said &= Q(product__searchable=False)
    if held not in ("", "any"):
        said &= Q(product__held_reason=held)
    return said


def _offers_on(found: QuerySet[Offer], product_ids: Iterable[UUID]) -> set[UUID]:
    return set(found.filter(product_id__in=list(product_ids)).order_by().values_list("pk", flat=True))


def _never_shown(found: QuerySet[Offer], said: Q) -> set[UUID]:
    waiting = found.filter(said, image_status__in=[ImageStatus.MISSING, ImageStatus.PROCESSING])
    return set(waiting.order_by("-pk").values_list("pk", flat=True)[:MOST])
