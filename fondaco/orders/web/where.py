"""Where things would be delivered to: the address or the ZIP that the visitor chose, for promises on pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from fondaco.kit import chance
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Address

SESSION_CART = "fondaco_cart"
SESSION_ADDRESS = "fondaco_address"
SESSION_ZIP = "fondaco_zip"


@dataclass(frozen=True, slots=True)
class Where:
    """`row`: an address of the person; else only a ZIP, or nothing is known yet."""

    postal: PostalAddress
    row: Address | None = None

    @property
    def label(self) -> str:
        parts = (
            (self.postal.city, self.postal.region, self.postal.postal_code) if self.row else (self.postal.postal_code,)
        )
        return " ".join(part for part in parts if part)


def where_of(request: Request) -> Where:
    """The chosen address, else the first one, else the ZIP of the session."""
    person = request.caller.person
    if person is not None:
        rows = list(Address.objects.filter(person=person, removed_at=None).order_by("created_at", "id")[:50])
        wanted = request.session.get(SESSION_ADDRESS)
        row = next((r for r in rows if str(r.pk) == wanted), rows[0] if rows else None)
        if row is not None:
            return Where(row.postal, row)
    country = store_of(settings.FONDACO_DEFAULT_STORE).country
    return Where(PostalAddress(postal_code=request.session.get(SESSION_ZIP, ""), country=country))


def choose_address(request: Request, address: Address) -> None:
    request.session[SESSION_ADDRESS] = str(address.pk)


def choose_zip(request: Request, text: str) -> None:
    request.session[SESSION_ZIP] = text.replace("\0", "").strip()[:20]


def cart_token(request: Request, *, make: bool = False) -> str:
    """The session's cart token; `make` gives it one."""
    token = request.session.get(SESSION_CART, "")
    if not token and make and request.caller.person is None:
        token = request.session[SESSION_CART] = chance.token_urlsafe(32)
    return str(token)
