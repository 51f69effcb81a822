"""The one door for mail: stored, file and row, before anybody is told that it was accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fondaco.engine import clock, files
from fondaco.messaging import letters, nudges
from fondaco.messaging.models import Alias, InboundMail

MOST_BYTES = 20_000_000
"""Ten megabytes of files as a mail carries them, the words, and room to say of a larger file why it is not taken."""


def token_of(address: str) -> str:
    """The token of an address of ours, written in any case and with or without a `+tag`; nothing of any other."""
    local, _, host = address.strip().strip("<>").lower().rpartition("@")
    return local.split("+")[0][:20] if host == letters.domain().lower() else ""


def alias_of(address: str) -> Alias | None:
    """The alias with this address."""
    return aliases_of([address]).get(address)


def aliases_of(addresses: Collection[str]) -> dict[str, Alias]:
    """Aliases by these addresses; those that nobody has are left out."""
    tokens = {address: token for address in addresses if (token := token_of(address))}
    found = {alias.token: alias for alias in Alias.objects.filter(token__in=set(tokens.values()))} if tokens else {}
    return {address: found[token] for address, token in tokens.items() if token in found}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail whose bytes are on file already: their hash and number, and what the envelope says."""

    sha256: str
    size_bytes: int
    sender: str
    recipients: Sequence[str]
    source: str


def accept(
    raw: bytes, *, sender: str, recipients: Sequence[str], source: str, at: datetime | None = None
) -> list[InboundMail]:
    """Store a mail for each recipient; the same mail for the same recipient again stores nothing new.

    A mail that is too large or for nobody is stored as refused, so that it can be explained.
    """
    return accept_all([Incoming(files.put("documents", raw), len(raw), sender, recipients, source)], at=at)[0]


def accept_all(mails: Sequence[Incoming], *, at: datetime | None = None) -> list[list[InboundMail]]:
    """Rows and tasks of many mails in one transaction: as `accept`, for each of them."""
    at = at or clock.now()
    with transaction.atomic():
        aliases = aliases_of({address for mail in mails for address in mail.recipients})
        made = {
            (mail.sha256, recipient): _row(mail, recipient, aliases.get(recipient), at=at)
            for mail in mails
            for recipient in _recipients(mail)
        }
        InboundMail.objects.bulk_create(made.values(), ignore_conflicts=True)
        rows = {
            (row.sha256, row.recipient): row
            for row in InboundMail.objects.filter(sha256__in={mail.sha256 for mail in mails})
        }
        nudges.file_mails(
            [
                new.pk
                for key, new in made.items()
                if rows[key].pk == new.pk and new.state == InboundMail.RECEIVED  # and not one that came before
            ]
        )
    return [[rows[mail.sha256, recipient] for recipient in _recipients(mail)] for mail in mails]


def _recipients(mail: Incoming) -> list[str]:
    return list(dict.fromkeys(address[:320] for address in mail.recipients))


def _row(mail: Incoming, recipient: str, alias: Alias | None, *, at: datetime) -> InboundMail:
    reason = "mail_too_large" if mail.size_bytes > MOST_BYTES else "" if alias else "alias_unknown"
    return InboundMail(
        sha256=mail.sha256,
        recipient=recipient,
        alias=alias,
        sender=mail.sender[:320],
        source=mail.source,
        size_bytes=mail.size_bytes,
        received_at=at,
        state=InboundMail.REFUSED if reason else InboundMail.RECEIVED,
        reason=reason,
        settled_at=at if reason else None,
    )
