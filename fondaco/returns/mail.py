"""Mails of returns, in the reader's language; each is written once, with its cause."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco.engine import outbox
from fondaco.kit.money import Money
from fondaco.returns.models import Refund, Return
from fondaco.sellers.models import Person
from fondaco.web import dates


def tell_authorised(row: Return) -> None:
    """PRIME-33: approved, with the way to the label."""
    with _speaking(row.buyer, row):
        text = _("Your return %(number)s is authorised.") % {"number": row.number}
        how = (
            _("Print the prepaid label here, put it on the parcel and hand it to the carrier:")
            if row.label_state != "none"
            else _("Send the parcel to the address that you find here, and keep the receipt:")
        )
        _send(row, "authorised", _("Return authorised: %(number)s") % {"number": row.number}, [text, how])


def tell_waiting(row: Return) -> None:
    """Somebody must decide first."""
    with _speaking(row.buyer, row):
        text = (
            _("Your request %(number)s is outside the return window. Customer service looks at it and writes to you.")
            if row.acceptance == "out_of_window"
            else _("Your request %(number)s is with the seller, who answers you.")
        )
        _send(
            row, "waiting", _("Return requested: %(number)s") % {"number": row.number}, [text % {"number": row.number}]
        )


def tell_decided(row: Return) -> None:
    """Customer service or the seller decided."""
    if row.acceptance == "authorised":
        tell_authorised(row)
        return
    with _speaking(row.buyer, row):
        text = _("Your return %(number)s was declined.") % {"number": row.number}
        _send(row, "declined", _("Return declined: %(number)s") % {"number": row.number}, [text, row.decision_note])


def tell_blocked(row: Return) -> None:
    """Q-33: the class changed after it was authorised."""
    with _speaking(row.buyer, row):
        text = _(
            "Return %(number)s cannot go on: the item is now classed as hazardous, so its label was voided. "
            "Please do not send it. Customer service will contact you about a refund."
        ) % {"number": row.number}
        _send(row, "blocked", _("Do not send return %(number)s") % {"number": row.number}, [text])


def tell_refunded(row: Return, refund: Refund) -> None:
    """How much, and where to see why."""
    with _speaking(row.buyer, row):
        amount = dates.money(Money(refund.amount_minor, refund.currency))
        text = _("We refunded %(amount)s for your return %(number)s.") % {"amount": amount, "number": row.number}
        why = _("Line by line you see it here:")
        subject = _("Refund for return %(number)s: %(amount)s") % {"amount": amount, "number": row.number}
        _send(row, f"refunded:{refund.pk}", subject, [text, why])


def _speaking(person: Person, row: Return) -> translation.override:
    return translation.override(person.language or settings.LANGUAGE_CODE)


def _send(row: Return, what: str, subject: str, parts: list[str]) -> None:
    link = f"{settings.FONDACO_BASE_URL}{reverse('returns:return', args=[row.number])}"
    outbox.post(
        to=row.buyer.email,
        subject=subject,
        text="\n\n".join([*(p for p in parts if p), link]),
        key=f"return:{row.pk}:{what}",
    )
