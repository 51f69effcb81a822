"""A client with a token: every reply is held against the published model before a test sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.tests.factories import make_caller, make_seller
from fondaco.spapi.operations import access
from fondaco.spapi.rules.roles import ALL
from fondaco.spapi.tests import published

US = "ATVPDKIKX0DER"


@dataclass
class SpClient:
    """Speaks for one seller account through one application."""

    caller: Caller
    application: Any
    secret: str
    refresh_token: str
    token: str
    web: Client = field(default_factory=Client)

    @property
    def seller(self) -> SellerAccount:
        assert self.caller.seller is not None
        return self.caller.seller

    def call(self, method: str, path: str, *, body: Any = None, token: str | None = None, **query: Any) -> Any:
        """The response, checked."""
        headers = {"x-amz-access-token": self.token if token is None else token}
        params = {k: ",".join(v) if isinstance(v, list | tuple) else str(v) for k, v in query.items()}
        raw = json.dumps(body) if body is not None else ""
        from urllib.parse import urlencode

        response = self.web.generic(
            method,
            path + (f"?{urlencode(params)}" if params else ""),
            raw,
            content_type="application/json" if body is not None else "",
            headers=headers,
        )
        published.check(response)
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def ok(self, method: str, path: str, **given: Any) -> Any:
        """The body of a reply that must be good."""
        response = self.call(method, path, **given)
        assert response.status_code < 300, response.content
        return json.loads(response.content) if response.content else None


def make_client(seller: SellerAccount | None = None, *, roles: Any = ALL) -> SpClient:
    """A client for the owner of a seller account (a new one by default)."""
    caller = make_caller(seller=seller or make_seller(return_to="IL"))
    made = access.register(caller, name="Stock program", roles=[str(r) for r in roles])
    granted = access.grant(caller, application_id=made.application.pk)
    token = access.exchange(
        {
            "grant_type": "refresh_token",
            "client_id": made.application.client_id,
            "client_secret": made.secret,
            "refresh_token": granted.refresh_token,
        }
    )["access_token"]
    return SpClient(caller, made.application, made.secret, granted.refresh_token, token)
