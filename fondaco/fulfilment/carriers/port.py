"""The port to the carriers. A store names its adapter in settings (`FONDACO_CARRIERS`); the default is the simulator.

`key` makes a repeated purchase or void answer the same and happen once. An adapter raises `CarrierSilent` when it
got no answer: nobody knows whether it was done, so the same question is asked again. `CarrierRefused` is an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as N_

from fondaco.fulfilment.rules.labels import Purpose, ScanCode
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.errors import Refusal, TryLater
from fondaco.kit.money import Money
from fondaco.sellers.addresses import PostalAddress


class CarrierSilent(TryLater):
    CODE = "carrier_silent"
    WORDS = N_(
        "The carrier does not answer at the moment. We ask again with the same request, so nothing is paid twice."
    )


class CarrierRefused(Refusal):
    """`reason` is the carrier's own word."""

    CODE = "carrier_refused"
    WORDS = N_("The carrier refuses: %(reason)s.")
    FIX = N_("Check weight, sides and address, or choose another service.")


class TooLateToVoid(Refusal):
    CODE = "label_too_late_to_void"
    WORDS = N_("The carrier has scanned this parcel: its label can no longer be voided.")


@dataclass(frozen=True, slots=True)
class RateRequest:
    """A parcel from one address to another, handed over at `ship_at` (aware)."""

    purpose: Purpose
    origin: PostalAddress
    destination: PostalAddress
    package: Package
    ship_at: datetime
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Rate:
    """One service that would take it: its price, the day it would arrive, and whether it can be protected.

    `terms_version` names the carrier's terms that come with it.
    """

    carrier: str
    service: str
    carrier_name: str
    service_name: str
    price: Money
    arrives_date: date
    protectable: bool
    terms_version: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A bought label."""

    tracking_number: str
    reference: str
    arrives_date: date


@dataclass(frozen=True, slots=True)
class Scan:
    """What happened to a parcel; `key` is the carrier's own id of the scan."""

    key: str
    code: ScanCode
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    key: str
    rate: RateRequest
    carrier: str
    service: str
    references: Mapping[str, str] = field(default_factory=dict)


class Carriers(Protocol):
    """What an adapter must do. It is called outside any transaction."""

    def rates(self, request: RateRequest) -> Sequence[Rate]: ...

    def buy(self, request: PurchaseRequest) -> Purchase: ...

    def void(self, *, key: str) -> None: ...

    def track(self, tracking_number: str) -> Sequence[Scan]: ...


def carriers() -> Carriers:
    """The store's adapter."""
    path = getattr(settings, "FONDACO_CARRIERS", "fondaco.fulfilment.carriers.simulator.SimulatedCarriers")
    return import_string(path)()
