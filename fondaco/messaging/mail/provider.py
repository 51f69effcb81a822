"""Mail that a provider took in and passes on by its webhook: django-anymail speaks to each provider, we take the mail."""

from __future__ import annotations

from typing import Any

from anymail.signals import inbound

from fondaco.messaging.mail.accept import accept
from fondaco.messaging.mail.parse import addresses_in

_UID = "fondaco.messaging.provider"


def provide() -> None:
    """Called once, when the application is ready."""
    inbound.connect(take, dispatch_uid=_UID)


def take(sender: object, event: Any, esp_name: str, **_: object) -> None:
    """Store one mail before the webhook is answered; an error lets the provider send it again."""
    message = event.message
    told = [message.envelope_recipient] if message.envelope_recipient else []
    recipients = told or addresses_in(", ".join(str(message[h] or "") for h in ("To", "Cc", "Delivered-To")))
    accept(
        message.as_bytes(),
        sender=str(message.envelope_sender or ""),
        recipients=recipients,
        source=f"{esp_name}".lower()[:12],
    )
