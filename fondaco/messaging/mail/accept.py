"""The one door for mail: stored, file and row, before anybody is told that it was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fondaco.engine import clock, files
from fondaco.messaging import letters, nudges
from fondaco.messaging.models import Alias, InboundMail

MOST_BYTES = 20_000_000
"""Ten megabytes of files as a mail carries them, the words, and room to say of a larger file why it is not taken."""


def alias_of(address: str) -> Alias | None:
    """The alias with this address, written in any case and with or without a `+tag`."""
    local, _, host = address.strip().strip("<>").lower().rpartition("@")
    if host != letters.domain().lower():
        return None
    return Alias.objects.filter(token=local.split("+")[0][:20]).first()


def accept(
    raw: bytes, *, sender: str, recipients: Sequence[str], source: str, at: datetime | None = None
) -> list[InboundMail]:
    """Store a mail for each recipient; the same mail for the same recipient again stores nothing new.

    A mail that is too large or for nobody is stored as refused, so that it can be explained.
    """
    at = at or clock.now()
    sha256 = files.put("documents", raw)
    made = []
    with transaction.atomic():
        for recipient in dict.fromkeys(address[:320] for address in recipients):
            alias = alias_of(recipient)
            reason = "mail_too_large" if len(raw) > MOST_BYTES else "" if alias else "alias_unknown"
            row, is_new = InboundMail.objects.get_or_create(
                sha256=sha256,
                recipient=recipient,
                defaults={
                    "alias": alias,
                    "sender": sender[:320],
                    "source": source,
                    "size_bytes": len(raw),
                    "received_at": at,
                    "state": InboundMail.REFUSED if reason else InboundMail.RECEIVED,
                    "reason": reason,
                    "settled_at": at if reason else None,
                },
            )
            made.append(row)
            if is_new and not reason:
                nudges.file_mail(row.pk)
    return made
