"""What domains above do when an order comes into being or moves on, in the transaction of that.

    @hooks.on_placed
    def charge_referral_fee(order, *, at): ...

A hook may be called again for the same order (a repeated request is answered before, but a killed one starts anew):
everything it writes rolls back with the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from fondaco.orders.models import Order, OrderUnit, Parcel


class OrderHook(Protocol):
    def __call__(self, order: Order, *, at: datetime) -> None: ...


class UnitsHook(Protocol):
    def __call__(self, order: Order, units: Sequence[OrderUnit], *, at: datetime) -> None: ...


class ParcelHook(Protocol):
    def __call__(self, parcel: Parcel, *, at: datetime) -> None: ...


_placed: list[OrderHook] = []
_cancelled: list[UnitsHook] = []
_refunded: list[OrderHook] = []
_shipped: list[ParcelHook] = []
_voided: list[ParcelHook] = []
_delivered: list[ParcelHook] = []


def _register[H](hooks: list[H]) -> Callable[[H], H]:
    def add(fn: H) -> H:
        if fn not in hooks:
            hooks.append(fn)
        return fn

    return add


on_placed = _register(_placed)
on_cancelled = _register(_cancelled)
on_refunded = _register(_refunded)
"""Money went back to the buyer out of the seller's proceeds (`operations.record_refund`)."""
on_shipped = _register(_shipped)
"""The seller confirmed a parcel."""
on_voided = _register(_voided)
"""The seller took a confirmed parcel back; it is deleted after this."""
on_delivered = _register(_delivered)


def placed(order: Order, *, at: datetime) -> None:
    for hook in _placed:
        hook(order, at=at)


def cancelled(order: Order, units: Sequence[OrderUnit], *, at: datetime) -> None:
    for hook in _cancelled:
        hook(order, units, at=at)


def refunded(order: Order, *, at: datetime) -> None:
    for hook in _refunded:
        hook(order, at=at)


def shipped(parcel: Parcel, *, at: datetime) -> None:
    for hook in _shipped:
        hook(parcel, at=at)


def voided(parcel: Parcel, *, at: datetime) -> None:
    for hook in _voided:
        hook(parcel, at=at)


def delivered(parcel: Parcel, *, at: datetime) -> None:
    for hook in _delivered:
        hook(parcel, at=at)
