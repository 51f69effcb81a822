"""Manage Inventory: a seller's offers, filtered and found, a page at a time (IMG-08, IMG-09, IMG-SVC-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fondaco.catalogue.models import Channel, ImageStatus, ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.queries.narrowing import by_product
from fondaco.catalogue.rules import states
from fondaco.kit import text
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

_LAST = "\U0010ffff"

ORDERS = {"newest": ("-id",), "sku": ("sku", "id")}
"""How a list can be ordered, each for `web.paging.page_of` and each served by an index."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the seller asks for; empty means everything. `text` is a SKU (or its beginning), an ASIN, or words of a
    title; closed offers show only when asked for. `held`: a reason for being held out of search, or `any`."""

    text: str = ""
    channel: str = ""
    status: str = OfferStatus.ACTIVE
    image_status: str = ""
    product_type: str = ""
    held: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """From a query string; what is not one of the choices is ignored."""
        return cls(
            text=given.get("q", "").strip()[:200],
            channel=_known(given.get("channel", ""), Channel.values),
            status=_known(given.get("status", OfferStatus.ACTIVE), [*OfferStatus.values, "all"]) or OfferStatus.ACTIVE,
            image_status=_known(given.get("image", ""), ImageStatus.values),
            product_type=given.get("type", "")[:40],
            held=given.get("held", "")[:40],
        )

    @property
    def narrow(self) -> bool:
        """Whether anything but the usual is asked for."""
        return self != Filters()


def inventory(caller: Caller, filters: Filters) -> QuerySet[Offer]:
    """The offers of the caller's current seller account that answer the filters, product and main picture loaded.

    For `page_of` with one of `ORDERS`. Raises SignInRequired, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.VIEW)
    found = Offer.objects.filter(seller=seller).select_related("product__main_picture")
    if filters.status != "all":
        found = found.filter(status=filters.status)
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.image_status:
        found = found.filter(image_status=filters.image_status)
    return _of_products(found, filters)


def _of_products(found: QuerySet[Offer], filters: Filters) -> QuerySet[Offer]:
    """Narrowed by what products say, and by the text: an ASIN or the beginning of a SKU, which an index answers; only if
    nothing has that, the words of titles, folded, so that accents and case do not matter."""
    title = ""
    if filters.text:
        named = found.filter(_named(found, filters.text))
        if named.exists():
            found = named
        elif not text.fold(filters.text).split():
            return named
        else:
            title = filters.text
    if not (title or filters.product_type or filters.held):
        return found
    return by_product(found, title=title, product_type=filters.product_type, held=filters.held)


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """The seller's own pictures of one product by state, for its row in the list."""

    by_state: Mapping[str, int] = field(default_factory=dict)

    def _of(self, wanted: Iterable[str]) -> int:
        return sum(self.by_state.get(state, 0) for state in wanted)

    @property
    def shown(self) -> int:
        return self._of([states.ImageState.DISPLAYED.value])

    @property
    def processing(self) -> int:
        return self._of(s.value for s in (*states.WAITING, states.ImageState.ELIGIBLE))

    @property
    def rejected(self) -> int:
        return self._of([states.ImageState.REJECTED.value])

    @property
    def not_selected(self) -> int:
        return self._of([states.ImageState.NOT_SELECTED.value])


def image_summaries(offers: Iterable[Offer]) -> dict[UUID, ImageSummary]:
    """By offer, for the rows of one page: one query."""
    rows = list(offers)
    if not rows:
        return {}
    counts: defaultdict[tuple[UUID, UUID], dict[str, int]] = defaultdict(dict)
    live = ListingImage.objects.filter(
        product_id__in={offer.product_id for offer in rows},
        seller_id__in={offer.seller_id for offer in rows},
        state__in=[s.value for s in states.LIVE],
    )
    for product, seller, state, n in live.values_list("product_id", "seller_id", "state").annotate(n=Count("pk")):
        counts[product, seller][state] = n
    return {offer.pk: ImageSummary(counts[offer.product_id, offer.seller_id]) for offer in rows}


def reason_counts(offers: Iterable[Offer]) -> dict[UUID, int]:
    """How many reasons stand against the seller's rejected pictures, by offer; for the rows of one page: one query."""
    rows = [offer for offer in offers if offer.image_status == ImageStatus.REJECTED]
    if not rows:
        return {}
    counts: defaultdict[tuple[UUID, UUID], int] = defaultdict(int)
    rejected = ListingImage.objects.filter(
        product_id__in={offer.product_id for offer in rows},
        seller_id__in={offer.seller_id for offer in rows},
        state=states.ImageState.REJECTED.value,
    )
    for product, seller, reasons in rejected.values_list("product_id", "seller_id", "reasons"):
        counts[product, seller] += len(reasons)
    return {offer.pk: counts[offer.product_id, offer.seller_id] for offer in rows}


def _named(found: QuerySet[Offer], wanted: str) -> Q:
    """The beginning of a SKU (not `startswith`: on SQLite that ignores case), or an ASIN."""
    begins = Q(sku__gte=wanted, sku__lt=wanted + _LAST)
    products = list(Product.objects.filter(asin=wanted.upper()[:10]).values_list("pk", flat=True))
    if not products:
        return begins
    return begins | Q(pk__in=list(found.filter(product__in=products).values_list("pk", flat=True)))


def _known(value: str, choices: Iterable[str]) -> str:
    return value if value in set(choices) else ""
