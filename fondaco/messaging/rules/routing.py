"""Who answers a buyer (Q-42)."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.messaging.rules.words import Audience, Subject


@dataclass(frozen=True, slots=True)
class Contact:
    """A buyer's contact: what it is about, and whether an order, and a Prime item of it, stand behind it.

    `is_prime`: the item it is about is a Prime item; where no item was named, whether any item of the order is.
    """

    subject: Subject
    has_order: bool
    is_prime: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers, and the sentence it rests on."""

    audience: Audience
    reason: str
    clause: str = "Q-42"


def route(contact: Contact) -> Route:
    """Before an order: the seller. An order without Prime item: the seller. A Prime item: customer service, but a
    product question goes to the seller."""
    if not contact.has_order:
        return Route(Audience.SELLER, "before_order")
    if not contact.is_prime:
        return Route(Audience.SELLER, "no_prime_item")
    if contact.subject is Subject.PRODUCT_QUESTION:
        return Route(Audience.SELLER, "product_question")
    return Route(Audience.SERVICE, "prime_item")
