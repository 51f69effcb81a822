"""What domains above ask of a product type before it is listed, and what they add beside it.

A **gate** may refuse a type to a seller (HAND-05: handmade before approval). A **judge** may refuse what a listing says
(HAND-03: prohibited goods). A **follower** is told of new listings and writes rows of its own. All three are called
inside the operation's transaction, the first two before anything is written; they refuse by raising. Domains above
register theirs once, when they are loaded:

    @restrictions.gate
    def handmade_needs_approval(*, seller, product_type, store, at): ...

    restrictions.judge(handmade_words, applies=lambda of_type: of_type.is_handmade)
    restrictions.follow(handmade_listed, applies=lambda of_type: of_type.is_handmade)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fondaco.catalogue.product_types import ProductType
from fondaco.sellers.models import SellerAccount

type Applies = Callable[[ProductType], bool]


class Gate(Protocol):
    """Raises a Refusal when this seller may not list goods of this type in this store now."""

    def __call__(self, *, seller: SellerAccount, product_type: ProductType, store: str, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a listing says. `creator_id` is who added the product; None for a new one. Of an offer that is not stated
    (only the product's words change) `handling_days` is None, `channel` and `condition` are empty."""

    seller: SellerAccount
    product_type: ProductType
    store: str
    at: datetime
    title: str = ""
    brand: str = ""
    description: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    handling_days: int | None = None
    channel: str = ""
    condition: str = ""
    creator_id: UUID | None = None


class Judge(Protocol):
    """Raises a Refusal when what a listing says is not allowed."""

    def __call__(self, words: Words) -> None: ...


class Follower(Protocol):
    """Writes rows beside these products, which have just been listed by this seller. Safe to repeat."""

    def __call__(self, *, seller: SellerAccount, product_ids: Sequence[UUID], at: datetime) -> None: ...


_gates: list[Gate] = []
_judges: list[tuple[Applies, Judge]] = []
_followers: list[tuple[Applies, Follower]] = []


def gate(fn: Gate) -> Gate:
    """Register a gate. Registering the same one again does nothing."""
    if fn not in _gates:
        _gates.append(fn)
    return fn


def lift(fn: Gate) -> None:
    """Take a gate away again; for tests."""
    _gates.remove(fn)


def judge(fn: Judge, *, applies: Applies) -> None:
    """Register a judge for the product types that it applies to."""
    if all(known is not fn for _applies, known in _judges):
        _judges.append((applies, fn))


def follow(fn: Follower, *, applies: Applies) -> None:
    """Register a follower for the product types that it applies to."""
    if all(known is not fn for _applies, known in _followers):
        _followers.append((applies, fn))


def require_allowed(*, seller: SellerAccount, product_type: ProductType, store: str, at: datetime) -> None:
    """Asks every gate, in the order they were registered; the first refusal goes up."""
    for each in _gates:
        each(seller=seller, product_type=product_type, store=store, at=at)


def is_judged(of_type: ProductType) -> bool:
    """Whether anybody judges the words of listings of this type: bulk doors ask row by row only then."""
    return any(applies(of_type) for applies, _judge in _judges)


def require_sound(words: Words) -> None:
    """Asks every judge of this product type; the first refusal goes up."""
    for applies, each in _judges:
        if applies(words.product_type):
            each(words)


def is_followed(of_type: ProductType) -> bool:
    """Whether anybody wants to hear of new listings of this type."""
    return any(applies(of_type) for applies, _follower in _followers)


def listed(*, seller: SellerAccount, of_type: ProductType, product_ids: Sequence[UUID], at: datetime) -> None:
    """Tells every follower of this product type."""
    for applies, each in _followers:
        if applies(of_type):
            each(seller=seller, product_ids=product_ids, at=at)
