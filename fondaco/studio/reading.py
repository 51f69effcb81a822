"""The policy that an imaging order is under: gathered when it is placed, found again by its versions (Q-52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from fondaco import policy
from fondaco.catalogue.models import Product
from fondaco.catalogue.product_types import categories_of
from fondaco.catalogue.terms import MAIN_PROFILE, submission_terms
from fondaco.engine import clock
from fondaco.images.operations import Rules, rules_for
from fondaco.kit.money import Money
from fondaco.studio.rules.ordering import price_for
from fondaco.studio.rules.wishes import Accepted

PROFILE = "studio"

_AT_ORDER = (
    "imaging.min_images",
    "imaging.price_table",
    "imaging.eligible_fulfilment",
    "imaging.eta_days_from_received",
    "imaging.sellable_during.min_units",
    "imaging.damage_excluded",
)


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What holds when an order is placed; `versions` is kept on it."""

    values: Mapping[str, Any]
    versions: dict[str, str]

    def price(self, product: Product) -> Money | None:
        """The quote for this product, None where its category has no price."""
        return price_for(categories=categories(product), table=self.values["imaging.price_table"])


def order_terms(*, store: str, at: datetime) -> OrderTerms:
    """The terms in force in a store at that moment."""
    found = policy.many(_AT_ORDER, store, at=at)
    return OrderTerms({k: v.value for k, v in found.items()}, {k: v.version for k, v in found.items()})


def at_order(versions: Mapping[str, str], key: str) -> Any:
    """The value of a key that an order was placed under."""
    return policy.by_version(versions[key]).value


def accepted_wishes(*, store: str, at: datetime) -> Accepted:
    """Which wishes sellers may add to an order at that moment."""
    found = policy.many(["imaging.styling_requests", "imaging.model_choice"], store, at=at)
    return Accepted(styling=found["imaging.styling_requests"].value, model=found["imaging.model_choice"].value)


def is_allowed(key: str, *, store: str) -> bool:
    """Whether a yes-or-no of policy holds in a store now: `imaging.preview`, `imaging.download`."""
    return bool(policy.value(key, store, at=clock.now()).value)


def said(label: str) -> str:
    """A label that policy holds, in the reader's language."""
    return gettext(label)


def categories(product: Product) -> frozenset[str]:
    """The words by which policy rows name a product: its type's categories and the type itself."""
    return categories_of(product.product_type) | {product.product_type}


def studio_rules(*, store: str, at: datetime) -> Rules:
    """The inspector's *studio* profile with the operator's limits. Its own smallest size is the stricter one."""
    terms = submission_terms(store=store, at=at)
    limits = {
        name: value
        for name, value in terms.limits(MAIN_PROFILE).items()
        if name not in ("min_px", "zoom_px", "advised_px")
    }
    return rules_for(PROFILE, limits=limits, policy_version=terms.version, at=at)
