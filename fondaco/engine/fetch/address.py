"""Which addresses a marketplace may connect to, and which spellings of a host are too clever.

The list of special ranges is microsoft-antissrf's, kept up to date by its makers. On top stand rules it does
not have: anything that carries an IPv4 address inside IPv6, and everything Python does not call global.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import idna
from AntiSSRF.ipaddress_ranges import IPAddressRanges

_SPECIAL = tuple(ip_network(r) for r in IPAddressRanges.recommended_latest)
_GLOBAL_UNICAST = ip_network("2000::/3")
_NUMBER_AT_END = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)$", re.IGNORECASE)
_LABELS = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$")


class OddHost(ValueError):
    """A host that is no plain name and no plain address."""


@lru_cache(maxsize=4096)
def refused(address: str) -> str | None:
    """Why an IP address may not be connected to, or None. Text that is no address is refused as well."""
    if "%" in address:
        return "scoped"
    try:
        ip = ip_address(address)
    except ValueError:
        return "not an address"
    if isinstance(ip, IPv6Address) and (why := _carries_ipv4(ip)):
        return why
    if ip.is_multicast:
        return "multicast"
    if not ip.is_global or ip.is_reserved or ip.is_private:
        return "not global"
    if any(ip in net for net in _SPECIAL if net.version == ip.version):
        return "special range"
    return None


def _carries_ipv4(ip: IPv6Address) -> str | None:
    """IPv6 that leads to an IPv4 address chosen by whoever wrote it: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    if ip not in _GLOBAL_UNICAST:
        return "outside global unicast"
    if ip.sixtofour is not None or ip.teredo is not None:
        return "tunnel"
    interface = int(ip) & (2**64 - 1)
    if interface >> 32 in (0x00005EFE, 0x02005EFE) and not IPv4Address(interface & (2**32 - 1)).is_global:
        return "tunnel"
    return None


def plain_host(text: str) -> str:
    """A host as ASCII lower case, IDNA encoded, or the canonical text of an address literal.

    Raises OddHost for spellings that resolvers read as addresses and people do not (`2130706433`, `0x7f.1`,
    `0177.0.0.1`, `127.1`), for brackets around anything but IPv6, and for names that no DNS would answer.
    """
    if text.startswith("["):
        if not text.endswith("]"):
            raise OddHost(text)
        return str(_literal(text[1:-1], IPv6Address))
    try:
        host = idna.encode(text.rstrip("."), uts46=True).decode() if not text.isascii() else text.rstrip(".").lower()
    except (idna.IDNAError, UnicodeError) as e:
        raise OddHost(text) from e
    if _NUMBER_AT_END.search(host):
        return str(_literal(host, IPv4Address))
    if not host or len(host) > 253 or not _LABELS.match(host):
        raise OddHost(text)
    return host


def _literal(text: str, kind: type[IPv4Address] | type[IPv6Address]) -> IPv4Address | IPv6Address:
    try:
        return kind(text)
    except ValueError as e:
        raise OddHost(text) from e


def is_literal(host: str) -> bool:
    """Whether a plain host is an address already."""
    return ":" in host or bool(_NUMBER_AT_END.search(host))
