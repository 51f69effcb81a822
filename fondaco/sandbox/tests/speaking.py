"""A client of the sandbox for its own tests: plain HTTP, a token."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from fondaco.sandbox.client import Sandbox

US = "ATVPDKIKX0DER"
MUG = {
    "item_name": [{"value": "Stoneware mug", "language_tag": "en_US", "marketplace_id": US}],
    "color": [{"value": "grey", "marketplace_id": US}],
    "condition_type": [{"value": "new_new", "marketplace_id": US}],
    "purchasable_offer": [
        {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}], "marketplace_id": US}
    ],
    "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
}


class Program:
    """Signs in once and calls."""

    def __init__(self, server: Sandbox) -> None:
        self.server, self.seller = server, server.credentials.seller_id
        form = {
            "grant_type": "refresh_token",
            "client_id": server.credentials.client_id,
            "client_secret": server.credentials.client_secret,
            "refresh_token": server.credentials.refresh_token,
        }
        asked = urllib.request.Request(server.credentials.token_url, data=urllib.parse.urlencode(form).encode())
        with urllib.request.urlopen(asked) as reply:
            self.token = json.loads(reply.read())["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"x-amz-access-token": self.token, "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(self.server.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(asked) as reply:
                raw = reply.read()
                return reply.status, json.loads(raw) if raw else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def list_mug(self, sku: str = "MUG-1", **attributes: Any) -> dict[str, Any]:
        body = {"productType": "MUG", "requirements": "LISTING", "attributes": MUG | attributes}
        status, answer = self.call("PUT", f"/listings/2021-08-01/items/{self.seller}/{sku}?marketplaceIds={US}", body)
        assert status == 200, answer
        assert answer["status"] == "ACCEPTED", answer
        return dict(answer)

    def listing(self, sku: str = "MUG-1") -> dict[str, Any]:
        path = (
            f"/listings/2021-08-01/items/{self.seller}/{sku}?marketplaceIds={US}&includedData=summaries,issues,offers"
        )
        status, answer = self.call("GET", path)
        assert status == 200, answer
        return dict(answer)
