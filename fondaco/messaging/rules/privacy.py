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


def public_name(name: str, *, instead: str) -> str:
    """A person's name as the other side may read it: `instead` where there is none, or where it is an address."""
    bare = name.strip()
    return instead if not bare or has_address(bare) else bare


def file_name_without_addresses(name: str) -> str:
    """A file's name for others: an address in it goes, its ending stays."""
    stem, dot, ending = name.rpartition(".")
    if not has_address(name) or not dot or len(ending) > 5:
        return _ADDRESS.sub("_", name)
    # The ending of a file that is called after an address reads as a part of the address.
    return f"{_ADDRESS.sub('_', stem).strip('_ ') or 'photo'}.{ending}" if has_address(stem) else f"photo.{ending}"


def has_address(text: str) -> bool:
    return _ADDRESS.search(text) is not None
