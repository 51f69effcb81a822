"""Finances, version 0: event groups (statement periods) and events, from the books."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fondaco.kit.errors import NotFound
from fondaco.ledger.models import Entry, Period
from fondaco.ledger.queries import sums_of
from fondaco.policy import stores
from fondaco.spapi.door import Call, moment, operation, paging, text, whole
from fondaco.spapi.queries import money as queries
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms
from fondaco.spapi.served.forms import amount

ROLES = (ApiRole.FINANCE,)
_PAGE = whole("MaxResultsPerPage", default=100, most=100)
_DIFFERS = "An event says the sum that was booked; it is not split by item."


@operation(
    "listFinancialEventGroups",
    "GET",
    "/finances/v0/financialEventGroups",
    rate=(0.5, 30),
    roles=ROLES,
    query=(
        whole("MaxResultsPerPage", default=10, most=100),
        moment("FinancialEventGroupStartedBefore"),
        moment("FinancialEventGroupStartedAfter"),
        text("NextToken"),
    ),
)
def list_financial_event_groups(call: Call) -> dict[str, Any]:
    """Statement periods, the latest first."""
    found = Period.objects.filter(seller=call.seller)
    if call["FinancialEventGroupStartedBefore"]:
        found = found.filter(starts_at__lt=call["FinancialEventGroupStartedBefore"])
    if call["FinancialEventGroupStartedAfter"]:
        found = found.filter(starts_at__gte=call["FinancialEventGroupStartedAfter"])
    start, size = int(paging.position(call, "groups", call["NextToken"]) or 0), call["MaxResultsPerPage"]
    rows = list(found.order_by("-starts_at", "currency", "-number")[start : start + size + 1])
    sums = sums_of(rows[:size])
    payload: dict[str, Any] = {"FinancialEventGroupList": [_group(row, sums[row.pk]) for row in rows[:size]]}
    if len(rows) > size:
        payload["NextToken"] = paging.token(call, "groups", start + size)
    return {"payload": payload}


def _group(period: Period, total: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "FinancialEventGroupId": str(period.pk),
        "ProcessingStatus": "Closed" if period.closed_at else "Open",
        "OriginalTotal": _money(total, period.currency),
        "BeginningBalance": _money(period.opening_minor, period.currency),
        "FinancialEventGroupStart": forms.moment(period.starts_at),
    }
    if period.closed_at:
        made["FinancialEventGroupEnd"] = forms.moment(period.last_at)
        made["FundTransferStatus"] = "Succeeded"
        made["FundTransferDate"] = forms.moment(period.closed_at)
    return made


@operation(
    "listFinancialEventsByGroupId",
    "GET",
    "/finances/v0/financialEventGroups/{eventGroupId}/financialEvents",
    rate=(0.5, 30),
    roles=ROLES,
    query=(_PAGE, moment("PostedAfter"), moment("PostedBefore"), text("NextToken")),
    differs=_DIFFERS,
)
def list_financial_events_by_group_id(call: Call) -> dict[str, Any]:
    """The events of one statement period."""
    try:
        period = Period.objects.filter(seller=call.seller, pk=UUID(call["eventGroupId"])).first()
    except ValueError:
        period = None
    if period is None:
        raise NotFound(what="financial event group")
    return _events(call, queries.Question(after=call["PostedAfter"], before=call["PostedBefore"], period=period))


@operation(
    "listFinancialEventsByOrderId",
    "GET",
    "/finances/v0/orders/{orderId}/financialEvents",
    rate=(0.5, 30),
    roles=ROLES,
    query=(_PAGE, text("NextToken")),
    differs=_DIFFERS,
)
def list_financial_events_by_order_id(call: Call) -> dict[str, Any]:
    """The events of one order."""
    return _events(call, queries.Question(order_number=call["orderId"]))


@operation(
    "listFinancialEvents",
    "GET",
    "/finances/v0/financialEvents",
    rate=(0.5, 30),
    roles=ROLES,
    query=(_PAGE, moment("PostedAfter"), moment("PostedBefore"), text("NextToken")),
    differs=_DIFFERS,
)
def list_financial_events(call: Call) -> dict[str, Any]:
    """The events in a time."""
    return _events(call, queries.Question(after=call["PostedAfter"], before=call["PostedBefore"]))


def _events(call: Call, question: queries.Question) -> dict[str, Any]:
    after = paging.position(call, "events", call["NextToken"])
    rows, more = queries.lines(call.seller, question, size=call["MaxResultsPerPage"], after=after)
    payload: dict[str, Any] = {"FinancialEvents": _sorted(rows, call)}
    if more:
        payload["NextToken"] = paging.token(call, "events", queries.position_of(rows[-1]))
    return {"payload": payload}


def _sorted(rows: Sequence[Entry], call: Call) -> dict[str, list[dict[str, Any]]]:
    """The lines in the published lists."""
    numbers = queries.order_numbers(rows)
    name = stores.store_of(call.seller.store).name
    lists: dict[str, list[dict[str, Any]]] = {
        "ShipmentEventList": [],
        "RefundEventList": [],
        "GuaranteeClaimEventList": [],
        "ServiceFeeEventList": [],
        "ImagingServicesFeeEventList": [],
        "SAFETReimbursementEventList": [],
        "DebtRecoveryEventList": [],
        "AdjustmentEventList": [],
    }
    for row in rows:
        kind, event = _event(row, numbers, name)
        lists[kind].append(event)
    return lists


def _event(row: Entry, numbers: dict[str, str], store_name: str) -> tuple[str, dict[str, Any]]:
    posting = row.posting
    total, at = _money(row.amount_minor, row.currency), forms.moment(row.at)
    order = {"AmazonOrderId": numbers[posting.cause_id]} if posting.cause_id in numbers else {}
    if posting.kind == "sale":
        charges = [{"ChargeType": "Principal", "ChargeAmount": total}]
        return "ShipmentEventList", {
            **order, "MarketplaceName": store_name, "PostedDate": at, "OrderChargeList": charges,
        }  # fmt: skip
    if posting.kind == "refund":
        charges = [{"ChargeType": posting.reason, "ChargeAmount": total}]
        kind = "GuaranteeClaimEventList" if posting.reason == "guarantee_claim" else "RefundEventList"
        return kind, {
            **order, "MarketplaceName": store_name, "PostedDate": at, "OrderChargeAdjustmentList": charges,
        }  # fmt: skip
    if posting.reason == "imaging_service":
        fees = [{"FeeType": "ImagingServicesFee", "FeeAmount": total}]
        item = {"ImagingRequestBillingItemID": posting.cause_id, "PostedDate": at, "FeeList": fees}
        return "ImagingServicesFeeEventList", item | ({"ASIN": posting.cause_label[:10]} if posting.cause_label else {})
    if posting.kind == "reimbursement":
        return "SAFETReimbursementEventList", {
            "PostedDate": at,
            "SAFETClaimId": posting.cause_label or posting.cause_id,
            "ReimbursedAmount": total,
            "ReasonCode": posting.reason,
        }
    if posting.kind == "charge":
        fees = [{"FeeType": posting.reason, "FeeAmount": total}]
        return "ServiceFeeEventList", {**order, "FeeReason": posting.reason, "FeeList": fees, "StoreName": store_name}
    if posting.kind in ("card_payment", "due_settled"):
        return "DebtRecoveryEventList", {"DebtRecoveryType": posting.reason, "RecoveryAmount": total}
    return "AdjustmentEventList", {
        "AdjustmentType": posting.reason,
        "PostedDate": at,
        "StoreName": store_name,
        "AdjustmentAmount": total,
    }


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"CurrencyCode": currency, "CurrencyAmount": float(amount(minor, currency))}
