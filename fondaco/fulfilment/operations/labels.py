"""Buying and voiding labels, outbound and return through one door.

Steps, each safe to be killed after: the row with its key is written (`ask_label`); the carrier is asked outside any
transaction; its answer is written together with the seller's charge and what the order or return behind it makes of
it. A question without an answer is asked again with the same key: `tasks.py` finds it by the row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.fulfilment import nudges
from fondaco.fulfilment.carriers.port import (
    CarrierRefused,
    Purchase,
    PurchaseRequest,
    Rate,
    RateRequest,
    TooLateToVoid,
    carriers,
)
from fondaco.fulfilment.listeners import listener_of
from fondaco.fulfilment.models import Label, LabelStep
from fondaco.fulfilment.rules.labels import ChargeAt, LabelState, Purpose, Step, pause_before_asking
from fondaco.fulfilment.rules.parcels import Package, band_price
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import operations as books
from fondaco.ledger.rules import AccountKind, Cause
from fondaco.sellers.addresses import PostalAddress, as_dict
from fondaco.sellers.models import Person, SellerAccount

__all__ = ["LabelAsk", "NoServiceTakesIt", "ask_carrier", "ask_label", "ask_return_label", "charge_label", "void_label"]

_REASONS = {Purpose.OUTBOUND: ("shipping_label", "PRIME-19"), Purpose.RETURN: ("return_label", "PRIME-35")}


class NoServiceTakesIt(Refusal):
    CODE = "no_service_takes_it"
    STATUS = 422
    WORDS = N_("No carrier service takes this parcel to that address.")
    FIX = N_("Check the weight, the sides and the address.")
    CLAUSE = "B-PRIME-18"


class LabelNotVoidable(Refusal):
    CODE = "label_not_voidable"
    WORDS = N_("This label cannot be voided: it was refused by the carrier, or the parcel is on its way.")


@dataclass(frozen=True, slots=True)
class LabelAsk:
    """Everything a label needs to be asked for. `cause` is the row it is for; `price` is what the seller pays."""

    purpose: Purpose
    seller: SellerAccount
    cause: Cause
    rate: Rate
    request: RateRequest
    price: Money
    request_key: str
    charge_at: ChargeAt = ChargeAt.PURCHASE
    policy_version: str = ""
    contents: Sequence[Mapping[str, Any]] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    ship_by_date: date | None = None
    promised_date: date | None = None
    is_protected: bool = False
    has_late_risk: bool = False
    asked_by: Person | None = None


def ask_label(ask: LabelAsk) -> Label:
    """Write down the question, in the caller's transaction; a task asks the carrier. The same key: the same label."""
    if earlier := Label.objects.filter(seller=ask.seller, request_key=ask.request_key).first():
        return earlier
    now = clock.now()
    label = _row_of(ask, now)
    try:
        with transaction.atomic():
            label.save(force_insert=True)
            _step(label, Step.ASKED, now, f"{ask.rate.carrier} {ask.rate.service}")
            _tell(label, "label.asked", ask.asked_by, service=f"{label.carrier_name} {label.service_name}")
    except IntegrityError:
        if earlier := Label.objects.filter(seller=ask.seller, request_key=ask.request_key).first():
            return earlier
        raise
    nudges.ask_carrier(label.pk)
    return label


def ask_return_label(
    *,
    seller: SellerAccount,
    origin: PostalAddress,
    destination: PostalAddress,
    package: Package,
    cause: Cause,
    request_key: str,
    store: str = policy.DEFAULT,
    contents: Sequence[Mapping[str, Any]] = (),
    references: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Label:
    """A prepaid return label (PRIME-33…35): the cheapest service that takes it, at the price of `return.label_rates`.

    Charged to the seller at the carrier's first scan (B-PRIME-18). Call it in the transaction of the authorisation;
    the label is bought by a task a moment later, and the listener of `cause.kind` is told. Asking the rates does not
    touch the database of the marketplace. Raises NoServiceTakesIt, CarrierSilent.
    """
    if earlier := Label.objects.filter(seller=seller, request_key=request_key).first():
        return earlier
    now = at or clock.now()
    currency = policy.store_of(store).currency
    request = RateRequest(Purpose.RETURN, origin, destination, package, now, currency)
    rates = carriers().rates(request)
    if not rates:
        raise NoServiceTakesIt
    price, version = return_label_price(package, rates[0].price, store=store, at=now)
    return ask_label(
        LabelAsk(
            purpose=Purpose.RETURN,
            seller=seller,
            cause=cause,
            rate=rates[0],
            request=request,
            price=price,
            request_key=request_key,
            charge_at=ChargeAt.FIRST_SCAN,
            policy_version=version,
            contents=contents,
            references=references or {},
            details=details or {},
            terms={"carrier": rates[0].terms_version},
        )
    )


def return_label_price(package: Package, carrier_price: Money, *, store: str, at: datetime) -> tuple[Money, str]:
    """What a prepaid return label costs, and the policy version; a store without rates pays the carrier's price."""
    rates = policy.value("return.label_rates", store, at=at)
    bands = [(row["max_weight_g"], row["price"]) for row in rates.value]
    price = band_price(package.weight_g, bands)
    return (price, rates.version) if price is not None else (carrier_price, rates.version)


def ask_carrier(*, label_id: UUID) -> Label | None:
    """Ask the carrier what is still open about this label, and write down the answer. Safe to run twice at once.

    Raises CarrierSilent when there is no answer: the question stays open, and is asked again. None: nothing is open.
    """
    label = _take_up(label_id)
    if label is None:
        return None
    if label.state == LabelState.ASKED:
        _ask_to_buy(label)
    else:
        _ask_to_void(label)
    return Label.objects.get(pk=label_id)


def void_label(*, label_id: UUID, actor: Any = None) -> Label:
    """Give a label back that no carrier has scanned: its charge is taken back. Ask for access first.

    A label that is still being bought is voided as soon as it is. Raises NotFound, LabelNotVoidable.
    """
    with transaction.atomic():
        label = _locked(label_id)
        if label.state in (LabelState.VOIDING, LabelState.VOIDED):
            return label
        if label.state == LabelState.ASKED:
            label.void_wanted = True
            label.save(update_fields=["void_wanted"])
        elif label.state == LabelState.BOUGHT and label.first_scan_at is None:
            _begin_void(label, clock.now())
        else:
            raise LabelNotVoidable
        _tell(label, "label.void_asked", actor)
        nudges.ask_carrier(label.pk)
    return label


def charge_label(label: Label, *, at: datetime) -> None:
    """The seller's charge, once; sets the posting on the given locked row without saving it."""
    if label.charge_posting_id or not label.price_minor:
        return
    reason, clause = _REASONS[Purpose(label.purpose)]
    posting = books.charge_seller(
        seller=label.seller,
        amount=label.price,
        cause=Cause(label.cause_kind, label.cause_id, label.cause_label),
        reason=reason,
        key=f"{label.key}:charge",
        clause=clause,
        policy_version=label.policy_version,
        to=AccountKind.LABELS,
        at=at,
    )
    label.charge_posting_id = posting.pk
    _step(label, Step.CHARGED, at, str(label.price))


def _row_of(ask: LabelAsk, now: datetime) -> Label:
    package = ask.request.package
    return Label(
        purpose=ask.purpose,
        seller=ask.seller,
        cause_kind=ask.cause.kind,
        cause_id=ask.cause.id,
        cause_label=ask.cause.label[:60],
        carrier=ask.rate.carrier,
        service=ask.rate.service,
        carrier_name=ask.rate.carrier_name,
        service_name=ask.rate.service_name,
        price_minor=ask.price.minor,
        currency=ask.price.currency,
        charge_at=ask.charge_at,
        policy_version=ask.policy_version[:80],
        from_address=as_dict(ask.request.origin),
        to_address=as_dict(ask.request.destination),
        weight_g=package.weight_g,
        length_mm=package.length_mm,
        width_mm=package.width_mm,
        height_mm=package.height_mm,
        contents=[dict(line) for line in ask.contents],
        references=dict(ask.references),
        details=dict(ask.details),
        ship_at=ask.request.ship_at,
        ship_by_date=ask.ship_by_date,
        promised_date=ask.promised_date,
        arrives_date=ask.rate.arrives_date,
        is_protected=ask.is_protected,
        has_late_risk=ask.has_late_risk,
        terms=dict(ask.terms),
        next_ask_at=now,
        request_key=ask.request_key,
        asked_by=ask.asked_by,
        created_at=now,
    )


def _take_up(label_id: UUID) -> Label | None:
    """Count the question and put off the next one, so that a sweep does not ask while we do."""
    with transaction.atomic():
        label = _locked(label_id)
        if label.next_ask_at is None:
            return None
        label.asks += 1
        label.next_ask_at = clock.now() + pause_before_asking(label.asks)
        label.save(update_fields=["asks", "next_ask_at"])
    return label


def _ask_to_buy(label: Label) -> None:
    request = RateRequest(
        Purpose(label.purpose), label.origin, label.destination, label.package, label.ship_at, label.currency
    )
    try:
        purchase = carriers().buy(
            PurchaseRequest(label.key, request, label.carrier, label.service, dict(label.references))
        )
    except CarrierRefused as refusal:
        _write_refused(label.pk, str(refusal.facts.get("reason", refusal.CODE)))
    else:
        _write_bought(label.pk, purchase)


def _ask_to_void(label: Label) -> None:
    try:
        carriers().void(key=label.key)
    except (TooLateToVoid, CarrierRefused) as refusal:
        _write_void_refused(label.pk, refusal.CODE)
    else:
        _write_voided(label.pk)


def _write_bought(label_id: UUID, purchase: Purchase) -> None:
    with transaction.atomic():
        label = _locked(label_id)
        if label.state != LabelState.ASKED:
            return
        now = clock.now()
        label.state, label.next_ask_at, label.next_look_at = LabelState.BOUGHT, None, now
        label.tracking_number = purchase.tracking_number
        label.carrier_reference = purchase.reference[:60]
        label.arrives_date = purchase.arrives_date
        _step(label, Step.BOUGHT, now, purchase.tracking_number)
        listener_of(label).bought(label)  # before the ledger: rows of orders and returns are locked before accounts
        _tell(label, "label.bought", label.asked_by, tracking=label.tracking_number, price=str(label.price))
        if label.charge_at == ChargeAt.PURCHASE:
            charge_label(label, at=now)
        label.save()
        if label.void_wanted:
            _begin_void(label, now)
            nudges.ask_carrier(label.pk)


def _write_refused(label_id: UUID, reason: str) -> None:
    with transaction.atomic():
        label = _locked(label_id)
        if label.state != LabelState.ASKED:
            return
        label.state, label.refusal, label.next_ask_at = LabelState.REFUSED, reason[:200], None
        _step(label, Step.REFUSED, clock.now(), reason)
        listener_of(label).refused(label)
        _tell(label, "label.refused", None, reason=reason)
        label.save()


def _begin_void(label: Label, now: datetime) -> None:
    label.state, label.next_ask_at, label.next_look_at, label.asks = LabelState.VOIDING, now, None, 0
    label.save()
    _step(label, Step.VOID_ASKED, now)


def _write_voided(label_id: UUID) -> None:
    with transaction.atomic():
        label = _locked(label_id)
        if label.state != LabelState.VOIDING:
            return
        label.state, label.next_ask_at = LabelState.VOIDED, None
        _step(label, Step.VOIDED, clock.now())
        listener_of(label).voided(label)
        _tell(label, "label.voided", None, tracking=label.tracking_number)
        if label.charge_posting_id:
            books.reverse(posting_id=label.charge_posting_id, why="label_voided")
        label.save()


def _write_void_refused(label_id: UUID, reason: str) -> None:
    with transaction.atomic():
        label = _locked(label_id)
        if label.state != LabelState.VOIDING:
            return
        now = clock.now()
        label.state, label.next_ask_at, label.next_look_at = LabelState.BOUGHT, None, now
        label.void_wanted = False
        _step(label, Step.VOID_REFUSED, now, reason)
        _tell(label, "label.void_refused", None, reason=reason)
        label.save()


def _locked(label_id: UUID) -> Label:
    label = Label.objects.select_for_update(of=("self",)).select_related("seller").filter(pk=label_id).first()
    if label is None:
        raise NotFound
    return label


def _step(label: Label, step: Step, at: datetime, note: str = "") -> None:
    LabelStep.objects.get_or_create(label=label, step=step, defaults={"at": at, "note": note[:200]})


def _tell(label: Label, verb: str, actor: Any, **about: Any) -> None:
    history.record(
        actor=actor,
        verb=verb,
        subject=label,
        about={"for": label.cause_label, **about},
        clause=_REASONS[Purpose(label.purpose)][1],
        policy_version=label.policy_version,
    )
