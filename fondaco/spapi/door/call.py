"""One call of the interface: who asks, through which application, for which stores, with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from fondaco.policy import stores
from fondaco.policy.stores import Store
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.spapi.door.errors import invalid, unauthorized
from fondaco.spapi.door.host import PROXIED, PROXIED_HOSTS
from fondaco.spapi.models import Application, Grant


@dataclass(slots=True)
class Call:
    """`values` are the query parameters by published name, `path` those of the path, `body` the parsed body.

    `caller` is the member who granted the access, in the seller account it was granted for. `opened` are the elements
    of personal data that a restricted token opens here; None when the call came with a plain token.
    """

    request: HttpRequest
    application: Application
    grant: Grant | None
    caller: Caller
    at: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    opened: frozenset[str] | None = None

    def __getitem__(self, name: str) -> Any:
        return self.path[name] if name in self.path else self.values[name]

    @property
    def seller(self) -> SellerAccount:
        """The account that the token is for."""
        if self.caller.seller is None:
            raise unauthorized("The access token is not for a selling partner.")
        return self.caller.seller

    def stores(self, name: str = "marketplaceIds") -> list[Store]:
        """The stores that the call names, in its order. Raises ApiError for one that does not exist."""
        return [store_of(each) for each in self[name]]

    def require_known_marketplaces(self) -> None:
        """Whatever an operation does with marketplaces: one that does not exist is a mistake worth saying. Raises ApiError."""
        for name in ("marketplaceIds", "MarketplaceIds", "marketplaceId"):
            given = self.values.get(name) or []
            for each in [given] if isinstance(given, str) else given:
                store_of(each)

    def require_seller_id(self) -> SellerAccount:
        """The account in the path, which must be the token's own: another's reads as denied."""
        if self["sellerId"] != self.seller.number:
            raise unauthorized("The access token does not belong to this seller.")
        return self.seller

    def absolute(self, path: str) -> str:
        """A path of this server as the caller would reach it: through the proxy on this machine, if it came that way."""
        proxied = self.request.headers.get(PROXIED, "")
        if proxied in PROXIED_HOSTS:
            return f"https://{proxied}{path}"
        return self.request.build_absolute_uri(path)


def store_of(marketplace_id: str) -> Store:
    """The store of a marketplace id. Raises ApiError."""
    found = stores.store_by_marketplace_id(marketplace_id)
    if found is None:
        known = ", ".join(sorted(s.marketplace_id for s in stores.STORES.values()))
        raise invalid(f"Invalid marketplace id: {marketplace_id[:40]}.", f"One of: {known}")
    return found
