"""Writing what search reads. A listing has a document from its first gallery on; while it is held back, its document
names no store, so that the shop does not find it and its seller does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from fondaco.catalogue.models import Offer, OfferStatus, Product, SearchDocument
from fondaco.catalogue.product_types import all_types
from fondaco.catalogue.search.tokens import tokens_of
from fondaco.engine.rows import update_rows

_BATCH = 500
HELD = "held"


def write(products: Sequence[Product]) -> None:
    """Bring the documents of these products up to date; rows that say the same already are not touched."""
    wanted = {product.pk: product for product in products}
    if not wanted:
        return
    marks = _marks(wanted)
    present = {doc.product_id: doc for doc in SearchDocument.objects.filter(product_id__in=list(wanted))}
    new, changed = [], []
    for pk, product in wanted.items():
        words, where = " ".join(words_of(product)), marks[pk]
        doc = present.get(pk)
        if doc is None:
            new.append(SearchDocument(product_id=pk, tokens=words, marks=where))
        elif (doc.tokens, doc.marks) != (words, where):
            doc.tokens, doc.marks = words, where
            changed.append(doc)
    SearchDocument.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    update_rows(changed, ["tokens", "marks"])


def refresh(product_ids: Iterable[UUID]) -> None:
    """As `write`, for those that have a document or should have one: never shown, a listing needs none."""
    known = Q(searchable=True) | Q(search_document__isnull=False)
    write(list(Product.objects.filter(known, pk__in=list(product_ids))))


def words_of(product: Product) -> list[str]:
    """The tokens of a product: title, brand, ASIN, the name of its type, and what is stated about it."""
    of_type = all_types().get(product.product_type)
    stated = [str(value) for value in product.attributes.values()]
    return tokens_of(product.title, product.brand, product.asin, of_type.name if of_type else "", *stated)


def mark(kind: str, value: str) -> str:
    """One thing that results can be narrowed by, as a token: `mark("store", "US")` is `storeus`."""
    return kind + "".join(c for c in value.lower() if c.isalnum())


def _marks(products: Mapping[UUID, Product]) -> dict[UUID, str]:
    """Type, department, and the stores with an active offer (a product without any offer is found nowhere) or why it is
    held back."""
    stores: defaultdict[UUID, set[str]] = defaultdict(set)
    found = [pk for pk, product in products.items() if product.searchable]
    active = Offer.objects.filter(product_id__in=found, status=OfferStatus.ACTIVE)
    for product_id, store in active.values_list("product_id", "store"):
        stores[product_id].add(mark("store", store))
    return {pk: " ".join([*sorted(stores[pk]), *_held(product), *_shelf(product)]) for pk, product in products.items()}


def _held(product: Product) -> list[str]:
    return [] if product.searchable else [HELD, mark(HELD, product.held_reason)]


def _shelf(product: Product) -> list[str]:
    of_type = all_types().get(product.product_type)
    return [mark("type", product.product_type), *([mark("dept", of_type.department)] if of_type else [])]
