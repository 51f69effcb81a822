"""What buyers and sellers are told by mail, each in their language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco.engine import outbox
from fondaco.kit.money import Money
from fondaco.orders.models import Order, OrderItem, Parcel
from fondaco.sellers.models import Person
from fondaco.sellers.queries import owner_of
from fondaco.web import dates


def tell_buyer_placed(order: Order, items: Sequence[OrderItem], total: Money) -> None:
    person = order.buyer
    with translation.override(order.language or person.language or settings.LANGUAGE_CODE):
        lines = [
            _("%(quantity)s × %(title)s, expected by %(day)s")
            % {"quantity": i.quantity, "title": i.title, "day": dates.day(i.promised_date)}
            for i in items
        ]
        _post(
            person,
            _("Your order %(number)s") % {"number": order.number},
            [
                _("Thank you for your order from %(seller)s.") % {"seller": order.seller.display_name},
                "\n".join(lines),
                _("Total: %(total)s") % {"total": total.format(translation.get_language() or "en")},
                "\n".join(order.address_lines),
                _link(_("Follow it here:"), "orders:order", order.number),
            ],
            key=f"order-placed:{order.pk}",
        )


def tell_seller_placed(order: Order, items: Sequence[OrderItem]) -> None:
    owner = owner_of(order.seller)
    if owner is None:
        return
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        lines = [
            _("%(quantity)s × %(sku)s, %(title)s: ship by %(day)s")
            % {"quantity": i.quantity, "sku": i.sku, "title": i.title, "day": dates.day(i.ship_by)}
            for i in items
        ]
        _post(
            owner,
            _("Sold, ship now: %(number)s") % {"number": order.number},
            ["\n".join(lines), _link(_("The order:"), "orders:seller_order", order.number)],
            key=f"order-sold:{order.pk}",
        )


def tell_buyer_cancelled(order: Order, titles: Iterable[str], amount: Money, *, key: str) -> None:
    person = order.buyer
    with translation.override(order.language or person.language or settings.LANGUAGE_CODE):
        back = (
            _("%(amount)s go back to your card.") % {"amount": amount.format(translation.get_language() or "en")}
            if amount
            else ""
        )
        _post(
            person,
            _("Cancelled: your order %(number)s") % {"number": order.number},
            ["\n".join(titles), back, _link(_("Follow it here:"), "orders:order", order.number)],
            key=key,
        )


def tell_buyer_shipped(parcel: Parcel, titles: Iterable[str]) -> None:
    order = parcel.order
    person = order.buyer
    with translation.override(order.language or person.language or settings.LANGUAGE_CODE):
        _post(
            person,
            _("On its way: your order %(number)s") % {"number": order.number},
            [
                "\n".join(titles),
                _("Sent with %(carrier)s, tracking number %(tracking)s.")
                % {"carrier": parcel.carrier, "tracking": parcel.tracking_number or "–"},
                _link(_("Follow it here:"), "orders:order", order.number),
            ],
            key=f"parcel-shipped:{parcel.pk}",
        )


def _post(person: Person, subject: str, parts: Sequence[str], *, key: str) -> None:
    outbox.post(to=person.email, subject=subject, text="\n\n".join(part for part in parts if part), key=key)


def _link(words: str, name: str, number: str) -> str:
    try:
        return f"{words}\n{settings.FONDACO_BASE_URL}{reverse(name, args=[number])}"
    except NoReverseMatch:  # an installation without these pages
        return ""
