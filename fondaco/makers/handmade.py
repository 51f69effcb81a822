"""What this domain asks of handmade listings, whichever door they come through: the catalogue calls these.

HAND-05: nobody without an approval. HAND-02…04, B-HAND-10: what it says. HAND-21: what stands beside the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from fondaco import policy
from fondaco.catalogue import holds, nudges, restrictions, watchers
from fondaco.catalogue.models import Offer, OfferStatus, Product
from fondaco.catalogue.product_types import ProductType
from fondaco.catalogue.restrictions import Words
from fondaco.engine import clock
from fondaco.kit.errors import Denied, Invalid
from fondaco.kit.findings import Finding
from fondaco.makers import nudges as own_nudges
from fondaco.makers.models import HandmadeListing, Maker, Relisting
from fondaco.makers.rules import listing as rules
from fondaco.sellers.models import SellerAccount


class HandmadeNotApproved(Denied):
    CODE = "handmade_not_approved"
    WORDS = N_("Handmade products can be listed only after your application is approved and your store is set up.")
    FIX = N_("Apply, or open the link of your invitation.")
    CLAUSE = "HAND-05"
    LINK = ("makers:home", N_("Apply to sell handmade"))


class StoreNotOpen(Denied):
    CODE = "handmade_store_not_open"
    WORDS = N_("Your approval opens the stores %(stores)s, not %(store)s.")
    FIX = N_("Another region needs its own seller account there, and no new application.")
    CLAUSE = "B-HAND-13"
    LINK = ("makers:regions", N_("Sell in other countries"))


class ProhibitedHandmade(Invalid):
    CODE = "handmade_prohibited"
    WORDS = N_("“%(words)s” points to something that the handmade store does not take: %(label)s.")
    FIX = N_("Leave it out of this store. If your product is something else, say so in other words.")
    CLAUSE = "HAND-03"


class NotEligible(Invalid):
    CODE = "handmade_not_eligible"
    WORDS = N_("“%(words)s” speaks against what every handmade product must be: %(label)s.")
    FIX = N_("Leave it out of this store. If your product is made as asked, say so in other words.")
    CLAUSE = "B-HAND-02"


class HandmadeNotNew(Invalid):
    CODE = "handmade_not_new"
    WORDS = N_("A handmade product is offered new.")
    FIX = N_("Choose the condition “New”, or offer it in another category.")
    CLAUSE = "B-HAND-02"


class CategoryLimit(Invalid):
    CODE = "handmade_category_limit"
    WORDS = N_("“%(words)s” does not fit the policy of this category: %(label)s.")
    FIX = N_("Read the category listing policies and choose a category that takes it.")
    CLAUSE = "HAND-04"


class WrongProductionTime(Invalid):
    CODE = "handmade_production_days"
    WORDS = N_("Production takes from %(least)s to %(most)s days, customisation included; you stated %(days)s.")
    FIX = N_("State the days that you need from the order to the parcel.")
    CLAUSE = "B-HAND-10"


class NotYourWork(Denied):
    CODE = "handmade_of_another_maker"
    WORDS = N_("A handmade product is offered by its maker alone; this one is another maker’s.")
    FIX = N_("List your own work as a product of its own.")
    CLAUSE = "HAND-02"


class CustomisedShipsFromSeller(Invalid):
    CODE = "customised_not_marketplace_fulfilled"
    WORDS = N_("A customised product is shipped by you, not by the marketplace.")
    CLAUSE = "B-HAND-11"


_OF_WORDS: Mapping[str, type[Invalid]] = {
    "handmade_not_eligible": NotEligible,
    "handmade_prohibited": ProhibitedHandmade,
    "handmade_category_limit": CategoryLimit,
}
HELD_WORDS = {
    "handmade_out_of_stock": N_("No unit is left, or no quantity was given."),
    "handmade_private": N_("The listing is marked as private."),
    "handmade_adult": N_("The listing is marked as adult."),
    "handmade_vacation": N_("The maker’s vacation mode is on."),
    "handmade_account": N_("The seller account is not active."),
    "handmade_relisting": N_("It takes the place of the original listing as soon as that ends."),
}


def is_handmade(of_type: ProductType) -> bool:
    """Whether this domain has a say in listings of the type."""
    return of_type.is_handmade


def needs_approval(*, seller: SellerAccount, product_type: ProductType, store: str, at: datetime) -> None:
    """The gate: an approved and registered maker, in a store that the approval opened."""
    if not product_type.is_handmade:
        return
    maker = Maker.objects.filter(seller=seller).first()
    if maker is None:
        raise HandmadeNotApproved
    if store not in maker.stores:
        raise StoreNotOpen(stores=list(maker.stores), store=store)


def judge_words(words: Words) -> None:
    """The judge: prohibited goods, the limits of the category, the days of production, and whose work it is."""
    if words.creator_id is not None and words.creator_id != words.seller.pk:
        raise NotYourWork
    texts = [words.title, words.description, *(str(value) for value in words.attributes.values())]
    limits = limits_for(words.product_type.key, store=words.store, at=words.at)
    findings = rules.judge(texts=texts, handling_days=words.handling_days, limits=limits, condition=words.condition)
    for finding in findings:
        raise refusal_of(finding)


def limits_for(product_type: str, *, store: str, at: datetime) -> rules.Limits:
    """What policy says of listings of this type in a store at that moment."""
    asked = ("prohibited", "eligibility", "prohibited_signs", "category_limits", "production_days")
    found = {name: policy.value(f"handmade.{name}", store, at=at).value for name in asked}
    return rules.limits_of(
        category=rules.CATEGORY_OF_TYPE.get(product_type, ""),
        prohibited=found["prohibited"],
        products=found["eligibility"]["products"],
        signs=found["prohibited_signs"],
        category_limits=found["category_limits"],
        days=found["production_days"],
    )


def refusal_of(finding: Finding) -> Invalid:
    """A finding of the rules as the refusal that people read."""
    if finding.code == "handmade_production_days":
        least, most = finding.limit
        return WrongProductionTime(least=least, most=most, days=finding.measured)
    if finding.code == "handmade_not_new":
        return HandmadeNotNew()
    return _OF_WORDS[finding.code](words=finding.measured, label=gettext_lazy(finding.limit))


def beside(*, seller: SellerAccount, product_ids: Sequence[UUID], at: datetime) -> None:
    """The follower: each listed product gets its row here, with the ceiling by which it shows (HAND-21)."""
    sla = policy.value("handmade.display_sla_hours", seller.store, at=at)
    types = dict(Product.objects.filter(pk__in=product_ids).values_list("pk", "product_type"))
    HandmadeListing.objects.bulk_create(
        [
            HandmadeListing(
                product_id=pk,
                seller=seller,
                category=rules.CATEGORY_OF_TYPE.get(of_type, ""),
                policy_version=sla.version,
                listed_at=at,
                due_at=at + timedelta(hours=sla.value),
            )
            for pk, of_type in types.items()
        ],
        ignore_conflicts=True,
    )


def holds_back(products: Sequence[Product], at: datetime) -> Mapping[UUID, str]:
    """The holder: why a handmade listing that has a good picture is kept out of search all the same (B-HAND-09)."""
    listings = HandmadeListing.objects.filter(product_id__in=[p.pk for p in products if is_type(p.product_type)])
    found: dict[UUID, str] = {}
    rows = {row.product_id: row for row in listings.select_related("seller")}
    if not rows:
        return found
    in_stock = set(
        Offer.objects.filter(product_id__in=list(rows), status=OfferStatus.ACTIVE, units_sellable__gt=0).values_list(
            "product_id", flat=True
        )
    )
    waiting = dict(
        Relisting.objects.filter(offer__product_id__in=list(rows), switched_at=None).values_list(
            "offer__product_id", "pk"
        )
    )
    for pk, row in rows.items():
        if reason := _reason(row, in_stock=pk in in_stock, at=at):
            found[pk] = reason
        elif pk in waiting:
            found[pk] = "handmade_relisting"
            own_nudges.switch_relisting(waiting[pk])
    return found


def _reason(row: HandmadeListing, *, in_stock: bool, at: datetime) -> str:
    if not row.seller.is_active:
        return "handmade_account"
    if row.seller.is_on_vacation(on=at.astimezone(row.seller.zone).date()):
        return "handmade_vacation"
    if row.is_private or row.is_adult:
        return "handmade_private" if row.is_private else "handmade_adult"
    return "" if in_stock else "handmade_out_of_stock"


def offer_changed(offer: Offer, *, at: datetime) -> None:
    """The watcher: an offer has run out or come in again, so what search shows of a handmade product may change."""
    if HandmadeListing.objects.filter(product_id=offer.product_id).exists():
        nudges.publish(offer.product_id)


def is_type(product_type: str) -> bool:
    """Whether a product type's key is one of the handmade store."""
    return product_type in rules.TYPES


def register() -> None:
    """Called once, when the app is loaded."""
    restrictions.gate(needs_approval)
    restrictions.judge(judge_words, applies=is_handmade)
    restrictions.follow(beside, applies=is_handmade)
    holds.hold(holds_back, HELD_WORDS)
    watchers.watch(offer_changed)


def now_in(seller: SellerAccount) -> Any:
    """Today, where the seller is."""
    return clock.now().astimezone(seller.zone).date()
