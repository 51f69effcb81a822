"""Listings that exist and are to say something else: locked, compared field by field, changed, and told to history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from fondaco import history
from fondaco.catalogue import locks, watchers
from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.search import documents
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.load import insert
from fondaco.feeds.load.insert import Terms
from fondaco.feeds.load.wanted import OFFER_FIELDS, PRODUCT_FIELDS, Wanted
from fondaco.kit import text

Tell = Callable[..., None]


@dataclass(slots=True, kw_only=True)
class Change:
    """Row `index` of the chunk wants something else of this offer. `parent` is the family it names: id and theme, or
    None when the row names none."""

    index: int
    offer_id: UUID
    product_id: UUID
    own: bool
    parent: tuple[str, str] | None = None


@dataclass(slots=True)
class Outcome:
    """How many listings changed, and how many said it already."""

    changed: int = 0
    same: int = 0
    touched: list[UUID] = field(default_factory=list)


def change(*, wanted: Wanted, changes: Sequence[Change], terms: Terms, actor: Any, tell: Tell) -> Outcome:
    """Applies the changes inside the chunk's transaction. Products are locked before offers, each by ascending id."""
    if not changes:
        return Outcome()
    products = {p.pk: p for p in locks.products({c.product_id for c in changes if c.own})}
    offers = {o.pk: o for o in locks.offers([c.offer_id for c in changes])}
    outcome, moved, events = Outcome(), [], []
    dirty_offers: list[Offer] = []
    dirty_products: list[Product] = []
    for each in changes:
        offer = offers[each.offer_id]
        about = _offer(wanted, each.index, offer)
        units = about.pop("units", 0)
        facts = _product(wanted, each, products[each.product_id]) if each.own else {}
        if not each.own and _states_other_facts(wanted, each.index, offer):
            tell(each.index, "facts-not-yours")
        if not (about or units or facts):
            outcome.same += 1
            continue
        outcome.changed += 1
        outcome.touched.append(each.product_id)
        if about or units:
            offer.updated_at = terms.at
            dirty_offers.append(offer)
        if units:
            moved.append((str(offer.pk), units))
            about["quantity"] = offer.units_sellable
        if facts:
            products[each.product_id].updated_at = terms.at
            dirty_products.append(products[each.product_id])
        events.append(
            history.build(
                actor=actor, verb="offer.changed", subject=offer, about=about | facts, why=terms.cause, at=terms.at
            )
        )
    _save(dirty_offers, dirty_products)
    if moved:
        insert.movements(moved=moved, terms=terms)
    if dirty_products or any("status" in e.about for e in events):
        documents.refresh(set(outcome.touched))
    watchers.touched(products=set(outcome.touched))
    history.record_all(events)
    return outcome


# --- one offer --------------------------------------------------------------------------------------------------------


def _offer(wanted: Wanted, index: int, offer: Offer) -> dict[str, Any]:
    """Sets what the row states and differs; returns it, with `units` for a difference in stock."""
    clean = wanted.checked.columns
    partial = clean["operation"][index] == "partial"
    stated = {key for key, _, _ in wanted.shape.offer}
    about: dict[str, Any] = {}
    for key, name, default in OFFER_FIELDS:
        if key not in stated or name == "units_sellable":
            continue
        cell = clean[key][index]
        if cell in (None, "") and (partial or key == "price"):
            continue
        value = _offer_value(name, None if cell in (None, "", CLEAR) else cell, default)
        if getattr(offer, name) != value:
            setattr(offer, name, value)
            about[name] = value.isoformat() if isinstance(value, date) else value
    quantity = clean["quantity"][index] if "quantity" in stated else None
    if isinstance(quantity, int) and offer.channel == "seller" and quantity != offer.units_sellable:
        about["units"] = quantity - offer.units_sellable
        offer.units_sellable = quantity
    if offer.status == "closed":
        offer.status = about["status"] = "active"
    return about


def _offer_value(name: str, cell: Any, default: str) -> Any:
    if cell is not None:
        return cell
    return {"handling_days": 1, "restock_date": None}.get(name, default)


# --- one product ------------------------------------------------------------------------------------------------------


def _product(wanted: Wanted, each: Change, product: Product) -> dict[str, Any]:
    clean = wanted.checked.columns
    partial = clean["operation"][each.index] == "partial"
    facts: dict[str, Any] = {}
    stated = {key for key, _ in wanted.shape.product}
    for key, name in PRODUCT_FIELDS:
        cell = clean[key][each.index] if key in stated else ""
        if key not in stated or (cell == "" and (partial or key in ("item-name", "product-type"))):
            continue
        value = "" if cell == CLEAR else cell
        if getattr(product, name) != value:
            setattr(product, name, value)
            facts[name] = value
    if "title" in facts:
        product.title_key = text.fold(product.title)[:400]
    attributes = _attributes(wanted, each.index, product.attributes, partial=partial)
    if attributes != product.attributes:
        product.attributes = facts["attributes"] = attributes
    if each.parent is not None:
        facts |= _family(product, each.parent)
    return facts


def _attributes(wanted: Wanted, index: int, before: Mapping[str, Any], *, partial: bool) -> dict[str, Any]:
    after = dict(before)
    for name in wanted.shape.attributes:
        column = wanted.checked.columns["gtin"] if name == "gtin" else wanted.checked.attributes[name]
        cell = column[index]
        if cell and cell != CLEAR:
            after[name] = cell
        elif not partial or cell == CLEAR:
            after.pop(name, None)
    return after


def _family(product: Product, parent: tuple[str, str]) -> dict[str, Any]:
    wanted = UUID(parent[0]) if parent[0] else None
    theme = parent[1] if wanted else ""
    if product.parent_id == wanted and (product.variation_theme == theme or wanted is None):
        return {}
    product.parent_id, product.variation_theme = wanted, theme
    return {"parent": parent[0], "variation_theme": theme}


def _states_other_facts(wanted: Wanted, index: int, offer: Offer) -> bool:
    """Whether the row states facts of a product that another seller created, and they differ."""
    clean = wanted.checked.columns
    stated = [(key, name) for key, name in wanted.shape.product if clean[key][index] not in ("", CLEAR)]
    return any(getattr(offer.product, name) != clean[key][index] for key, name in stated)


# --- writing ----------------------------------------------------------------------------------------------------------

_OFFER_COLUMNS = (
    "price_minor",
    "units_sellable",
    "condition",
    "condition_note",
    "channel",
    "handling_days",
    "restock_date",
    "status",
    "updated_at",
)
_PRODUCT_COLUMNS = (
    "title",
    "title_key",
    "product_type",
    "brand",
    "description",
    "attributes",
    "parent_id",
    "variation_theme",
    "updated_at",
)


def _save(offers: Sequence[Offer], products: Sequence[Product]) -> None:
    _update(Product, _PRODUCT_COLUMNS, products)
    _update(Offer, _OFFER_COLUMNS, offers)


def _update(model: Any, names: Sequence[str], rows: Sequence[Any]) -> None:
    """One prepared statement, many rows: `bulk_update` builds a CASE of every value and takes ten times as long."""
    if not rows:
        return
    fields = [model._meta.get_field(name.removesuffix("_id") if name == "parent_id" else name) for name in names]
    key = model._meta.pk
    sets = ", ".join(f"{f.column} = %s" for f in fields)
    values = [
        [
            *(f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields),
            key.get_db_prep_save(row.pk, connection),
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {model._meta.db_table} SET {sets} WHERE id = %s", values)
