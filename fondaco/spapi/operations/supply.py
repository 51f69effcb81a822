"""Supply sources: the default one follows the account's ship-from address and daily limit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.fulfilment.models import VolumeControl
from fondaco.fulfilment.operations.volume import control_volume
from fondaco.kit import text
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import SupplySource

DEFAULT_CODE = "DEFAULT"
MOST_SOURCES = 500


class CodeTaken(Refusal):
    CODE = "supply_source_code_taken"
    WORDS = N_("You already use the code %(code)s for a supply source.")


class DefaultStays(Refusal):
    CODE = "default_supply_source"
    WORDS = N_("The account's ship-from address cannot be archived.")


class CapUnit(Invalid):
    CODE = "throughput_cap_unit"
    WORDS = N_("The throughput cap is a number of orders a day.")


def sources_of(seller: SellerAccount) -> list[SupplySource]:
    """The account's sources that are not archived, the default one first."""
    ensure_default(seller)
    found = SupplySource.objects.filter(seller=seller).exclude(status="Archived")
    return list(found.order_by("-is_default", "created_at", "id")[:MOST_SOURCES])


def source_of(seller: SellerAccount, source_id: str) -> SupplySource:
    """One source. Raises NotFound."""
    ensure_default(seller)
    try:
        found = SupplySource.objects.filter(seller=seller, pk=UUID(source_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(what="supply source")
    return found


def ensure_default(seller: SellerAccount) -> None:
    """The ship-from address as a source, as it stands now."""
    address = seller.ship_from
    if address is None:
        return
    lines = [line for line in address.street.split("\n") if line]
    now = {
        "name": address.name,
        "addressLine1": lines[0] if lines else "",
        "addressLine2": ", ".join(lines[1:]),
        "city": address.city,
        "stateOrRegion": address.region,
        "postalCode": address.postal_code,
        "countryCode": address.country,
        "phone": address.phone,
    }
    needed = {"name", "addressLine1", "stateOrRegion", "countryCode"}
    wanted = {key: value for key, value in now.items() if value or key in needed}
    found = SupplySource.objects.filter(seller=seller, is_default=True).first()
    at = clock.now()
    if found is None:
        try:
            with transaction.atomic():
                SupplySource.objects.create(
                    seller=seller,
                    code=DEFAULT_CODE,
                    alias=address.name or seller.display_name,
                    address=wanted,
                    status="Active",
                    is_default=True,
                    created_at=at,
                    updated_at=at,
                )
        except IntegrityError:
            return
    elif found.address != wanted:
        SupplySource.objects.filter(pk=found.pk).update(address=wanted, updated_at=at)


def create(caller: Caller, *, code: str, alias: str, address: dict[str, Any]) -> SupplySource:
    """A source; it is inactive until it is switched on. Raises CodeTaken, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    at = clock.now()
    try:
        with transaction.atomic():
            made = SupplySource.objects.create(
                seller=seller,
                code=text.line(code, limit=80, required=True),
                alias=text.line(alias, limit=120, required=True),
                address=address,
                created_at=at,
                updated_at=at,
            )
            history.record(actor=caller, verb="supply_source.created", subject=made, about={"code": made.code}, at=at)
    except IntegrityError:
        raise CodeTaken(code=code[:80]) from None
    return made


def change(
    caller: Caller,
    *,
    source_id: str,
    alias: str | None = None,
    configuration: dict[str, Any] | None = None,
    capabilities: dict[str, Any] | None = None,
    status: str | None = None,
) -> SupplySource:
    """Change what is given. The default source's throughput cap is the daily limit of Prime orders (PRIME-29).

    Raises NotFound, CapUnit, DefaultStays, and what the daily limit refuses.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    found = source_of(seller, source_id)
    with transaction.atomic():
        row = SupplySource.objects.select_for_update().get(pk=found.pk)
        if row.status == "Archived" and status != "Archived":
            raise NotFound(what="supply source")
        if status == "Archived" and row.is_default:
            raise DefaultStays
        if alias is not None:
            row.alias = text.line(alias, limit=120, required=True)
        if configuration is not None:
            row.configuration = configuration
            if row.is_default and (cap := _cap(configuration)) is not None:
                control_volume(caller, limit_per_day=cap)
        if capabilities is not None:
            row.capabilities = capabilities
        row.status = status or row.status
        row.updated_at = clock.now()
        row.save()
        history.record(actor=caller, verb="supply_source.changed", subject=row, about={"status": row.status})
    return row


def configuration_of(row: SupplySource) -> dict[str, Any]:
    """The configuration as it holds now: the default source tells the daily limit that is in force."""
    made = dict(row.configuration)
    if row.is_default:
        limit = VolumeControl.objects.filter(seller=row.seller).values_list("limit_per_day", flat=True).first()
        if limit is not None:
            operational = dict(made.get("operationalConfiguration") or {})
            cap = {"value": limit, "timeUnit": "Days"}
            operational["throughputConfig"] = {"throughputCap": cap, "throughputUnit": "Order"}
            made["operationalConfiguration"] = operational
    return made


def _cap(configuration: dict[str, Any]) -> int | None:
    operational = configuration.get("operationalConfiguration") or {}
    cap = (operational.get("throughputConfig") or {}).get("throughputCap")
    if not cap:
        return None
    value, unit = cap.get("value"), cap.get("timeUnit", "Days")
    if unit != "Days" or isinstance(value, bool) or not isinstance(value, int):
        raise CapUnit
    return value
