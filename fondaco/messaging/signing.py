"""Signed addresses of photographs: one person's right to one copy for ten minutes, looked up anew when it is used."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from fondaco.kit.errors import NotFound
from fondaco.messaging.models import Attachment
from fondaco.sellers.access import Caller

_SALT = "fondaco.messaging.photo"
GOOD_FOR_S = 600


def signed_url(caller: Caller, found: Attachment, kind: str) -> str:
    """An address for this person and this copy (`preview`, `thumb`, `copy`)."""
    token = signing.dumps([str(found.pk), str(caller.require_person().pk), kind], salt=_SALT)
    return reverse("messaging:signed", args=[token])


def read(token: str) -> tuple[str, str, str]:
    """Photograph, person and copy. Raises NotFound for a token that is stale, changed or not ours."""
    try:
        pk, person_pk, kind = signing.loads(token, salt=_SALT, max_age=GOOD_FOR_S)
    except (signing.BadSignature, ValueError):
        raise NotFound(what="photo") from None
    return pk, person_pk, kind
