"""Families: a parent product that nobody buys, and the products that differ by size, colour and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from fondaco import history
from fondaco.catalogue import locks
from fondaco.catalogue.models import Product
from fondaco.catalogue.operations.products import NotTheCreator, new_parent
from fondaco.catalogue.product_types import product_type, theme
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability


class UnknownTheme(Invalid):
    CODE = "unknown_variation_theme"
    WORDS = _("Products of this type cannot vary by %(theme)s.")
    FIX = _("Choose one of: %(themes)s.")


class NotOneType(Invalid):
    CODE = "variation_of_another_type"
    WORDS = _("%(asin)s is of another product type than its family.")


class AlreadyInFamily(Refusal):
    CODE = "already_in_family"
    WORDS = _("%(asin)s belongs to another family.")
    FIX = _("Take it out of that family first.")


class NotAParent(Refusal):
    CODE = "not_a_parent"
    WORDS = _("%(asin)s is a variation itself, or is on sale, and cannot be a parent.")
    FIX = _("Make a parent product without an offer.")


class ThemeValueMissing(Invalid):
    CODE = "variation_value_missing"
    WORDS = _("%(asin)s does not state its %(attribute)s.")


class SameVariation(Refusal):
    CODE = "same_variation"
    WORDS = _("%(asin)s and %(other)s have the same %(theme)s.")


class TooFew(Invalid):
    CODE = "family_too_small"
    WORDS = _("A family has at least two products.")
    FIX = _("Name the ASINs of the products that are one and the same thing in several sizes, colours and the like.")


def create_family(
    caller: Caller,
    *,
    child_asins: Sequence[str],
    variation_theme: str,
    title: str,
    brand: str = "",
    description: str = "",
) -> Product:
    """Make a parent without an offer for these products and link them by a theme of their type; returns the parent.

    What all of them state alike the parent states too, the theme's attributes left out. The same products by the same
    theme again answer with the parent that they have. Raises TooFew, and what `link_variation` raises.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    ids = list(dict.fromkeys(product_by_asin(asin).pk for asin in child_asins))
    if len(ids) < 2:
        raise TooFew
    with transaction.atomic():
        locked = {product.pk: product for product in locks.products(ids)}
        children = [locked[pk] for pk in ids]
        if any(child.creator_id != seller.pk for child in children):
            raise NotTheCreator
        parents = {child.parent_id for child in children}
        if len(parents) == 1 and None not in parents and {c.variation_theme for c in children} == {variation_theme}:
            return Product.objects.get(children=children[0])
        of_type = product_type(children[0].product_type)
        if variation_theme not in of_type.themes:
            raise UnknownTheme(theme=variation_theme[:40], themes=", ".join(of_type.themes))
        differing = theme(variation_theme).attributes
        parent = new_parent(
            caller,
            seller,
            of_type=of_type,
            title=title,
            brand=brand,
            description=description,
            attributes={k: v for k, v in _shared(children).items() if k not in differing},
            at=clock.now(),
        )
        return link_variation(
            caller, parent_asin=parent.asin, child_asins=[c.asin for c in children], variation_theme=variation_theme
        )


def _shared(products: Sequence[Product]) -> dict[str, Any]:
    first, *others = (dict(product.attributes) for product in products)
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def link_variation(caller: Caller, *, parent_asin: str, child_asins: Sequence[str], variation_theme: str) -> Product:
    """Make these products variations of the parent, by a theme of their type. Linking again changes nothing.

    Parent and children were all added by the caller's seller account, are of one type, and differ in the theme's
    attributes. Pictures are not shared (Q-09). Returns the parent. Raises NotFound, NotTheCreator, NotAParent,
    UnknownTheme, NotOneType, AlreadyInFamily, ThemeValueMissing, SameVariation.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    ids = [product_by_asin(asin).pk for asin in (parent_asin, *child_asins)]
    with transaction.atomic():
        locked = {product.pk: product for product in locks.products(ids)}
        parent, children = locked[ids[0]], [locked[pk] for pk in ids[1:]]
        if any(product.creator_id != seller.pk for product in (parent, *children)):
            raise NotTheCreator
        _require_theme(parent, variation_theme)
        if parent.parent_id is not None or parent.offers.exists() or parent in children:
            raise NotAParent(asin=parent.asin)
        for child in children:
            _require_fits(child, parent)
        _require_different([*parent.children.all(), *children], variation_theme)
        _link(caller, parent, children, variation_theme)
    return parent


def unlink_variation(caller: Caller, *, asin: str) -> Product:
    """Take a product out of its family. One that is in none stays as it is. Raises NotFound, NotTheCreator."""
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    with transaction.atomic():
        product = locks.product(product_by_asin(asin).pk)
        if product.creator_id != seller.pk:
            raise NotTheCreator
        if product.parent_id is None:
            return product
        product.parent, product.variation_theme, product.updated_at = None, "", clock.now()
        product.save(update_fields=["parent", "variation_theme", "updated_at"])
        history.record(actor=caller, verb="product.unlinked", subject=product)
    return product


def _link(caller: Caller, parent: Product, children: Sequence[Product], variation_theme: str) -> None:
    at = clock.now()
    joining = [child for child in children if child.parent_id != parent.pk]
    if not joining and parent.variation_theme == variation_theme:
        return
    parent.variation_theme, parent.updated_at = variation_theme, at
    parent.save(update_fields=["variation_theme", "updated_at"])
    for child in joining:
        child.parent, child.variation_theme, child.updated_at = parent, variation_theme, at
        child.save(update_fields=["parent", "variation_theme", "updated_at"])
    about: dict[str, Any] = {"theme": variation_theme, "asins": ", ".join(child.asin for child in joining)}
    history.record(actor=caller, verb="product.linked", subject=parent, about=about, at=at)


def _require_theme(parent: Product, variation_theme: str) -> None:
    themes = product_type(parent.product_type).themes
    if variation_theme not in themes or parent.variation_theme not in ("", variation_theme):
        allowed = [parent.variation_theme] if parent.variation_theme else themes
        raise UnknownTheme(theme=variation_theme[:40], themes=", ".join(allowed))


def _require_fits(child: Product, parent: Product) -> None:
    if child.product_type != parent.product_type:
        raise NotOneType(asin=child.asin)
    if child.parent_id not in (None, parent.pk) or child.children.exists():
        raise AlreadyInFamily(asin=child.asin)


def _require_different(children: Sequence[Product], variation_theme: str) -> None:
    seen: dict[tuple[str, ...], Product] = {}
    for child in {child.pk: child for child in children}.values():
        values = tuple(_value(child, name) for name in theme(variation_theme).attributes)
        if values in seen:
            raise SameVariation(asin=child.asin, other=seen[values].asin, theme=variation_theme)
        seen[values] = child


def _value(child: Product, attribute: str) -> str:
    value = str(child.attributes.get(attribute) or "").strip().casefold()
    if not value:
        raise ThemeValueMissing(asin=child.asin, attribute=attribute)
    return value
