"""Words that must be read again later and that a reader of the database must not be able to use: links with a secret.

Sealed with a key made of the secret key of the settings, which is not in the database (`SECRET_KEY_FALLBACKS` still
open what older keys sealed). A sealed word stands inside a text as `⟦sealed:…⟧`.
"""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_SEALED = re.compile(r"⟦sealed:([\w=-]+)⟧")
GONE = "⟦…⟧"


def seal(text: str, *secrets: str) -> str:
    """The text with each of these words sealed in its place."""
    for secret in secrets:
        if secret:
            token = _cipher().encrypt(secret.encode()).decode()
            text = text.replace(secret, f"⟦sealed:{token}⟧")
    return text


def unseal(text: str) -> str:
    """The text as it was; what was sealed with a key that is gone stays unreadable."""
    return _SEALED.sub(lambda found: _opened(found[1]), text)


def without_sealed(text: str) -> str:
    """The text with what was sealed taken out for good."""
    return _SEALED.sub(GONE, text)


def _opened(token: str) -> str:
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken:
        return GONE


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(str(key))) for key in keys])


def _key_from(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"fondaco.engine.sealing:" + secret.encode()).digest())
