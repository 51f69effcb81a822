"""Restricted data tokens: which resources there are, and whether a token opens a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

ELEMENTS = ("buyerInfo", "shippingAddress", "buyerTaxInformation")

# Operations whose replies hold personal data, and the elements that each can hold; none: the whole reply is restricted.
RESOURCES: dict[str, tuple[str, ...]] = {
    "/orders/v0/orders": ELEMENTS,
    "/orders/v0/orders/{}": ELEMENTS,
    "/orders/v0/orders/{}/orderItems": ("buyerInfo",),
    "/orders/v0/orders/{}/address": (),
    "/orders/v0/orders/{}/buyerInfo": (),
    "/orders/v0/orders/{}/orderItems/buyerInfo": (),
    "/orders/v0/orders/{}/regulatedInfo": (),
    "/mfn/v0/shipments/{}": (),
    "/mfn/v0/shipments": (),
    "/reports/2021-06-30/documents/{}": (),
}
MOST_RESOURCES = 50

_PARAMETER = re.compile(r"\{[A-Za-z]+\}")


def shape_of(path: str) -> str | None:
    """The restricted resource that a path (specific, or with `{orderId}`) belongs to; None when it is not one."""
    generic = _PARAMETER.sub("{}", path)
    if generic in RESOURCES:
        return generic
    parts = generic.split("/")
    for known in RESOURCES:
        wanted = known.split("/")
        if len(wanted) == len(parts) and all(w in ("{}", p) for w, p in zip(wanted, parts, strict=True)):
            return known
    return None


def opened(resources: Iterable[Mapping[str, Any]], *, method: str, path: str) -> frozenset[str] | None:
    """The elements that a token opens at a path; None when it does not open the path at all."""
    found: set[str] | None = None
    for each in resources:
        if each.get("method") != method or not _covers(str(each.get("path", "")), path):
            continue
        found = (found or set()) | set(each.get("dataElements") or ())
    return None if found is None else frozenset(found)


def _covers(asked: str, path: str) -> bool:
    pattern = "".join(
        r"[^/]+" if _PARAMETER.fullmatch(part) else re.escape(part) for part in re.split(r"(\{[A-Za-z]+\})", asked)
    )
    return re.fullmatch(pattern, path) is not None
