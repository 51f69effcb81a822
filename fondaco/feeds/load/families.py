"""Parents of variation families: products without an offer, known to a seller's files by a SKU."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fondaco import history
from fondaco.catalogue import locks
from fondaco.catalogue.models import Product
from fondaco.catalogue.product_types import theme as theme_of
from fondaco.feeds.check import Checked
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.load.insert import Terms
from fondaco.feeds.load.wanted import Shape
from fondaco.feeds.models import FamilySku
from fondaco.kit import text
from fondaco.sellers.models import SellerAccount

Tell = Callable[..., None]
_AT_ONCE = 500


def resolve(
    *, seller: SellerAccount, rows: Sequence[int], clean: Mapping[str, Sequence[Any]], tell: Tell
) -> dict[int, tuple[str, str]]:
    """Id and theme of the parents that these rows name; CLEAR leaves the family. Tells of unknown ones."""
    wanted = {clean["parent-sku"][i] for i in rows} - {CLEAR}
    known = parents(seller=seller, skus=wanted)
    found: dict[int, tuple[str, str]] = {}
    for index in rows:
        sku = clean["parent-sku"][index]
        if sku == CLEAR:
            found[index] = ("", "")
        elif sku not in known:
            tell(index, "parent-unknown", column="parent-sku", sent=sku)
        elif clean["product-type"][index] not in ("", known[sku].product_type):
            tell(index, "parent-other-type", column="parent-sku", sent=sku)
        else:
            found[index] = (str(known[sku].pk), known[sku].variation_theme)
    return found


def require_different(
    *,
    found: dict[int, tuple[str, str]],
    own: Mapping[int, str],
    skus: Sequence[str],
    attributes: Mapping[str, Sequence[str]],
    tell: Tell,
) -> None:
    """Tells of rows that say of themselves what another member of their family says: a buyer could not choose. They leave
    `found`. `own` are the products that rows are about already."""
    ids = sorted(UUID(parent) for parent in {parent for parent, theme in found.values() if parent and theme})
    locks.products(ids)  # or another chunk would add the same one now
    taken: dict[tuple[str, ...], str] = {}
    ours = set(own.values())
    for at in range(0, len(ids), _AT_ONCE):
        members = Product.objects.filter(parent_id__in=ids[at : at + _AT_ONCE]).order_by("pk")
        for pk, parent, theme, stated, asin in members.values_list(
            "pk", "parent_id", "variation_theme", "attributes", "asin"
        ):
            if str(pk) not in ours and (values := _said(theme, stated.get)):
                taken[str(parent), *values] = asin
    for index, (parent_id, theme) in list(found.items()):
        stated_here = {name: column[index] for name, column in attributes.items()} if parent_id else {}
        values = _said(theme, stated_here.get)
        if not values:
            continue
        other = taken.setdefault((parent_id, *values), skus[index])
        if other != skus[index]:
            tell(index, "variation-same", column="parent-sku", sent=" · ".join(values), other=other)
            del found[index]


def _said(theme: str, value_of: Callable[[str], Any]) -> tuple[str, ...]:
    """What a product says of itself in the theme's attributes; nothing where one of them is not said."""
    if not theme:
        return ()
    values = tuple(str(value_of(name) or "").strip().casefold() for name in theme_of(theme).attributes)
    return values if all(v and v != CLEAR for v in values) else ()


def parents(*, seller: SellerAccount, skus: set[str]) -> dict[str, Product]:
    """The parent products by the SKUs that the seller's files call them."""
    wanted = sorted(skus)
    found: dict[str, Product] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        rows = FamilySku.objects.filter(seller=seller, sku__in=wanted[at : at + _AT_ONCE]).select_related("product")
        found |= {row.sku: row.product for row in rows}
    return found


def write_parents(
    *, seller: SellerAccount, checked: Checked, shape: Shape, terms: Terms, actor: Any
) -> tuple[int, int, int]:
    """Makes or changes the parents of a chunk; returns how many were created, changed and found the same.

    A deleted parent stays as long as it has children; its SKU is forgotten.
    """
    clean = checked.columns
    known = parents(seller=seller, skus=set(clean["sku"]) if len(checked) else set())
    created = changed = same = 0
    for index in range(len(checked)):
        sku, operation = clean["sku"][index], clean["operation"][index]
        product = known.get(sku)
        if operation == "delete":
            gone, _ = FamilySku.objects.filter(seller=seller, sku=sku).delete()
            changed, same = changed + bool(gone), same + (not gone)
        elif product is None:
            created += 1
            product = _new(seller, checked, index, shape, terms)
            FamilySku.objects.create(seller=seller, sku=sku, product=product)
            history.record(
                actor=actor, verb="product.added", subject=product, about={"asin": product.asin}, at=terms.at
            )
        elif _differs(product, checked, index, shape):
            changed += 1
            product.updated_at = terms.at
            product.save()
        else:
            same += 1
    return created, changed, same


def _facts(checked: Checked, index: int, shape: Shape) -> dict[str, Any]:
    clean = checked.columns
    attributes = {name: checked.attributes[name][index] for name in shape.attributes if name in checked.attributes}
    return {
        "title": clean["item-name"][index],
        "title_key": text.fold(clean["item-name"][index])[:400],
        "product_type": clean["product-type"][index],
        "brand": clean["brand"][index],
        "description": clean["description"][index],
        "variation_theme": clean["variation-theme"][index],
        "attributes": {name: value for name, value in attributes.items() if value and value != CLEAR},
    }


def _new(seller: SellerAccount, checked: Checked, index: int, shape: Shape, terms: Terms) -> Product:
    return Product.objects.create(
        **_facts(checked, index, shape), creator=seller, created_at=terms.at, updated_at=terms.at
    )


def _differs(product: Product, checked: Checked, index: int, shape: Shape) -> bool:
    partial = checked.columns["operation"][index] == "partial"
    changed = False
    for name, value in _facts(checked, index, shape).items():
        if partial and not value:
            continue
        if value == CLEAR:
            value = ""
        if getattr(product, name) != value:
            setattr(product, name, value)
            changed = True
    return changed
