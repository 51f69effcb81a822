"""Page tokens: where the next page begins, signed, and bound to the operation, the seller and the question."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core import signing

from fondaco.spapi.door.call import Call
from fondaco.spapi.door.errors import invalid

_SALT = "fondaco.spapi.page"


def token(call: Call, name: str, position: Any) -> str:
    """A token for the page that begins at `position` (JSON values)."""
    return signing.dumps([_print(call, name), position], salt=_SALT, compress=True)


def position(call: Call, name: str, given: str) -> Any:
    """The position in a token; None when none was given. Raises ApiError for a forged or foreign one."""
    if not given:
        return None
    try:
        print_, where = signing.loads(given, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise invalid("Invalid page token.", "Send the token of the page before, unchanged.") from None
    if print_ != _print(call, name):
        raise invalid("Invalid page token.", "It belongs to another request; repeat the same parameters.")
    return where


def _print(call: Call, name: str) -> str:
    """What the token holds for: operation, seller, and the question without its paging."""
    asked = {
        k: str(v)
        for k, v in call.values.items()
        if k not in ("pageToken", "nextToken", "NextToken", "nextPageToken", "paginationToken", "pageSize")
    }
    text = json.dumps([name, str(call.caller.seller and call.caller.seller.pk), asked], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
