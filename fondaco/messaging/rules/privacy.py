"""Nobody's address leaves: addresses in a text are replaced before anybody else reads it (B-PHOTO-03, Q-50)."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.UNICODE)


def without_addresses(text: str, *, own_domain: str, instead: str) -> str:
    """The text with every e-mail address outside `own_domain` replaced by `instead`."""

    def replaced(match: re.Match[str]) -> str:
        address = match.group().removeprefix("mailto:").rstrip(".")
        host = address.rpartition("@")[2].lower()
        return match.group() if host == own_domain.lower() else instead

    return _ADDRESS.sub(replaced, text)


def has_address(text: str) -> bool:
    return _ADDRESS.search(text) is not None
