"""Seller accounts and applications, as the door and its pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import Application, Grant


def sells_in(seller: SellerAccount) -> frozenset[str]:
    """Codes of the stores in which the account has offers."""
    rows = Offer.objects.filter(seller=seller, status=OfferStatus.ACTIVE).exclude(store=seller.store)
    return frozenset(rows.order_by().values_list("store", flat=True).distinct()[:20])


@dataclass(frozen=True, slots=True)
class Applications:
    """What the page lists: the account's own applications, and the grants it gave."""

    own: tuple[Application, ...]
    grants: tuple[Grant, ...]


def applications_of(caller: Caller) -> Applications:
    """Raises SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    own = Application.objects.filter(seller=seller, ended_at__isnull=True).order_by("-created_at", "-id")
    grants = Grant.objects.filter(seller=seller, revoked_at__isnull=True).select_related("application", "person")
    return Applications(tuple(own), tuple(grants.order_by("-created_at", "-id")))
