"""Shipping templates: the seller's delivery options by region, days and rates (PRIME-10, 12, 13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.catalogue.queries.access import offer_for
from fondaco.engine import clock
from fondaco.fulfilment.models import ShippingTemplate, TemplateOffer, TemplateOption
from fondaco.fulfilment.rules.address import ZIP_RANGES
from fondaco.fulfilment.rules.promise import Speed
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.text import line
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability

REGIONS = ("contiguous", "alaska_hawaii", "unincorporated", "military", "international")
MOST_MINOR = 10**7
MOST_DAYS = 60
_STATE = re.compile(r"US-([A-Z]{2})")


class OptionWrong(Invalid):
    CODE = "shipping_option_wrong"
    WORDS = N_("Something about the option %(speed)s is not valid: days 0 to 60, rates from 0, known regions.")


class NoOptions(Invalid):
    CODE = "shipping_options_missing"
    WORDS = N_("A template needs at least one delivery option.")
    FIX = N_("Standard delivery is the least.")


class DefaultStays(Refusal):
    CODE = "shipping_template_is_default"
    WORDS = N_("The default template cannot be removed.")
    FIX = N_("Make another one the default first.")


@dataclass(frozen=True, slots=True)
class NewOption:
    """One speed with its days, rates in minor units and regions."""

    speed: str
    transit_days: int
    price_minor: int = 0
    further_minor: int = 0
    regions: tuple[str, ...] = ("contiguous",)


@dataclass(frozen=True, slots=True)
class Weekend:
    """Whether parcels leave and arrive on Saturday and Sunday, and leave on public holidays (B-PRIME-27)."""

    ships_saturday: bool = False
    ships_sunday: bool = False
    delivers_saturday: bool = False
    delivers_sunday: bool = False
    ships_holidays: bool = False


def save_template(
    caller: Caller,
    *,
    name: str,
    options: Sequence[NewOption],
    weekend: Weekend = Weekend(),
    template_id: str | UUID | None = None,
    automation: bool = False,
    make_default: bool = False,
    request_key: str = "",
) -> ShippingTemplate:
    """Make a template, or change one. The first is the default. Orders keep what was agreed.

    Raises Denied, NotFound, NoOptions, OptionWrong.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    checked = _checked(options)
    title = line(name, limit=80, required=True)
    at = clock.now()
    with transaction.atomic():
        SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        earlier = (
            ShippingTemplate.objects.filter(seller=seller, request_key=request_key).exclude(request_key="").first()
        )
        if template_id is None and earlier is not None:
            return earlier
        row = _own(seller, template_id) if template_id else ShippingTemplate(seller=seller, request_key=request_key)
        row.name, row.automation, row.updated_at = title, automation, at
        for field in ("ships_saturday", "ships_sunday", "delivers_saturday", "delivers_sunday", "ships_holidays"):
            setattr(row, field, getattr(weekend, field))
        others = ShippingTemplate.objects.filter(seller=seller, removed_at=None, is_default=True).exclude(pk=row.pk)
        if make_default or not others.exists():
            others.update(is_default=False)
            row.is_default = True
        row.save()
        row.options.all().delete()
        TemplateOption.objects.bulk_create(_row(row, option) for option in checked)
        about = {"name": title, "options": [option.speed for option in checked]}
        history.record(actor=caller, verb="shipping.template_saved", subject=row, about=about, at=at)
    return row


def remove_template(caller: Caller, *, template_id: str | UUID) -> None:
    """Remove one; its offers use the default then. Raises Denied, NotFound, DefaultStays."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    at = clock.now()
    with transaction.atomic():
        SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        row = _own(seller, template_id)
        if row.is_default:
            raise DefaultStays
        TemplateOffer.objects.filter(template=row).delete()
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        history.record(actor=caller, verb="shipping.template_removed", subject=row, at=at)


def use_template(caller: Caller, *, offer_id: str | UUID, template_id: str | UUID | None) -> None:
    """Ship an offer by this template; None: by the default. Raises Denied, NotFound."""
    offer = offer_for(caller, offer_id)
    caller.require(Capability.EDIT_LISTINGS, seller=offer.seller)
    at = clock.now()
    with transaction.atomic():
        if template_id is None:
            TemplateOffer.objects.filter(offer=offer).delete()
        else:
            template = _own(offer.seller, template_id)
            try:
                with transaction.atomic():
                    TemplateOffer.objects.update_or_create(offer=offer, defaults={"template": template})
            except IntegrityError:
                TemplateOffer.objects.filter(offer=offer).update(template=template)
        history.record(actor=caller, verb="shipping.template_chosen", subject=offer, about=_about(template_id), at=at)


def _about(template_id: Any) -> dict[str, str]:
    return {"template": str(template_id or "")}


def _own(seller: SellerAccount, template_id: str | UUID) -> ShippingTemplate:
    row = ShippingTemplate.objects.filter(seller=seller, removed_at=None, pk=as_id(template_id)).first()
    if row is None:
        raise NotFound(what="template")
    return row


def _checked(options: Sequence[NewOption]) -> list[NewOption]:
    if not options:
        raise NoOptions
    seen: set[str] = set()
    for option in options:
        amounts = (option.price_minor, option.further_minor)
        fits = (
            option.speed in Speed
            and option.speed not in seen
            and _whole(option.transit_days, MOST_DAYS)
            and all(_whole(amount, MOST_MINOR) for amount in amounts)
            and all(_known(region) for region in option.regions)
        )
        if not fits:
            raise OptionWrong(speed=str(option.speed)[:20])
        seen.add(option.speed)
    return list(options)


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _known(region: str) -> bool:
    state = _STATE.fullmatch(region)
    return region in REGIONS or (state is not None and state.group(1) in ZIP_RANGES)


def _row(template: ShippingTemplate, option: NewOption) -> TemplateOption:
    return TemplateOption(
        template=template,
        speed=option.speed,
        transit_days=option.transit_days,
        price_minor=option.price_minor,
        further_minor=option.further_minor,
        regions=list(option.regions),
    )
