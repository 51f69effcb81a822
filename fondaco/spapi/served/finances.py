"""Finances, version 2024-06-19: transactions, balances, summaries, from the books."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from fondaco.ledger import reasons
from fondaco.ledger.models import Entry
from fondaco.ledger.queries import balances_for, periods_for, statement_of
from fondaco.policy import stores
from fondaco.policy.stores import Store
from fondaco.spapi.door import Call, many, moment, operation, paging, text
from fondaco.spapi.door.call import store_of
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.door.parameters import moment_of
from fondaco.spapi.queries import money as queries
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms
from fondaco.spapi.served.forms import amount

ROLES = (ApiRole.FINANCE,)
PAGE = 100
_TYPES = {
    "sale": "Shipment",
    "refund": "Refund",
    "charge": "ServiceFee",
    "credit": "Adjustment",
    "reimbursement": "SAFE-T Reimbursement",
    "card_payment": "DebtPayment",
    "due_settled": "DebtRecovery",
    "payout": "Transfer",
    "reversal": "Adjustment",
}


@operation(
    "listTransactions",
    "GET",
    "/finances/2024-06-19/transactions",
    rate=(0.5, 10),
    roles=ROLES,
    query=(
        moment("postedAfter"),
        moment("postedBefore"),
        text("marketplaceId"),
        text("transactionStatus"),
        text("relatedIdentifierName"),
        text("relatedIdentifierValue"),
        text("nextToken"),
    ),
    differs="Every transaction is RELEASED at once: nothing is deferred here.",
)
def list_transactions(call: Call) -> dict[str, Any]:
    """What was booked on the account, the latest first."""
    name, value = call["relatedIdentifierName"], call["relatedIdentifierValue"]
    if bool(name) != bool(value):
        raise invalid("relatedIdentifierName and relatedIdentifierValue go together.")
    if not name and call["postedAfter"] is None and not call["nextToken"]:
        raise invalid("Missing required parameter: postedAfter.")
    if call["postedAfter"] and call["postedBefore"] and call["postedBefore"] < call["postedAfter"]:
        raise invalid("postedBefore lies before postedAfter.")
    store = store_of(call["marketplaceId"]) if call["marketplaceId"] else stores.store_of(call.seller.store)
    shown = call["transactionStatus"] in ("", "RELEASED") and name in ("", "ORDER_ID")
    question = queries.Question(after=call["postedAfter"], before=call["postedBefore"], order_number=value)
    after = paging.position(call, "listTransactions", call["nextToken"])
    rows, more = queries.lines(call.seller, question, size=PAGE, after=after) if shown else ([], False)
    numbers = queries.order_numbers(rows)
    payload: dict[str, Any] = {"transactions": [_transaction(row, call, store, numbers) for row in rows]}
    if more:
        payload["nextToken"] = paging.token(call, "listTransactions", queries.position_of(rows[-1]))
    return {"payload": payload}


def _transaction(entry: Entry, call: Call, store: Store, numbers: dict[str, str]) -> dict[str, Any]:
    posting = entry.posting
    total = _money(entry.amount_minor, entry.currency)
    related = [{"relatedIdentifierName": "FINANCIAL_EVENT_GROUP_ID", "relatedIdentifierValue": str(entry.period_id)}]
    if number := numbers.get(posting.cause_id):
        related.insert(0, {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": number})
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": call.seller.number,
            "accountType": "Standard Orders",
            "marketplaceId": store.marketplace_id,
        },
        "relatedIdentifiers": related,
        "transactionType": _TYPES[posting.kind],
        "transactionId": str(entry.pk),
        "transactionStatus": "RELEASED",
        "description": reasons.words_of(posting.reason),
        "postedDate": forms.moment(entry.at),
        "totalAmount": total,
        "marketplaceDetails": {"marketplaceId": store.marketplace_id, "marketplaceName": store.name},
        "items": [],
        "contexts": [],
        "breakdowns": [{"breakdownType": posting.reason, "breakdownAmount": total, "breakdowns": []}],
    }


@operation(
    "listBalances",
    "GET",
    "/finances/2024-06-19/balances",
    rate=(0.5, 10),
    roles=ROLES,
    query=(
        many("marketplaceIds"),
        text("balanceType"),
        text("accountType"),
        text("asOfDate"),
        text("nextToken"),
    ),
    differs="Only today's balances are told: asOfDate in the past is refused.",
)
def list_balances(call: Call) -> dict[str, Any]:
    """Available, reserved and total money of the account, by currency."""
    store = call.stores()[0] if call["marketplaceIds"] else stores.store_of(call.seller.store)
    paging.position(call, "listBalances", call["nextToken"])  # everything comes on one page: no token is good
    wanted = call["balanceType"]
    if wanted not in ("", "AVAILABLE", "RESERVED", "ACCOUNT_LEVEL_RESERVE", "DEFERRED", "TOTAL"):
        raise invalid(f"Invalid value for balanceType: {wanted[:40]}.")
    if call["asOfDate"] and moment_of("asOfDate", call["asOfDate"]) < call.at - timedelta(days=1):
        raise invalid("Balances of past days are not kept.", "Leave asOfDate out.")
    found = []
    for each in balances_for(call.caller):
        sums = {
            "AVAILABLE": each.proceeds_minor - each.held_minor,
            "RESERVED": each.held_minor,
            "DEFERRED": 0,
            "TOTAL": each.proceeds_minor - each.due_minor,
        }
        for kind, minor in sums.items():
            if wanted in ("", kind):
                found.append(
                    {
                        "partnerMetadata": {
                            "partnerId": call.seller.number,
                            "accountType": "Standard Orders",
                            "marketplaceId": store.marketplace_id,
                        },
                        "balanceType": kind,
                        "amount": _money(minor, each.currency),
                        "balances": [],
                        "asOfDate": forms.moment(call.at),
                        "lastUpdatedTime": forms.moment(call.at),
                    }
                )
    return {"balances": found}


@operation(
    "listSummary",
    "GET",
    "/finances/2024-06-19/summary",
    rate=(0.5, 10),
    roles=ROLES,
    query=(
        many("marketplaceIds"),
        text("accountType"),
        text("relatedIdentifierName"),
        text("relatedIdentifierValue"),
        text("periodStart"),
        text("periodEnd"),
        text("nextToken"),
    ),
)
def list_summary(call: Call) -> dict[str, Any]:
    """The sums of statement periods, the latest first."""
    paging.position(call, "listSummary", call["nextToken"])  # everything comes on one page: no token is good
    begin = moment_of("periodStart", call["periodStart"]) if call["periodStart"] else None
    end = moment_of("periodEnd", call["periodEnd"]) if call["periodEnd"] else None
    if end and len(call["periodEnd"]) <= 10:
        end = datetime.combine(end.date(), time(23, 59, 59), end.tzinfo)
    found = []
    for period in periods_for(call.caller):
        if (begin and period.ends_at <= begin) or (end and period.starts_at > end):
            continue
        identifier = str(period.pk)
        if call["relatedIdentifierValue"] and call["relatedIdentifierValue"] != identifier:
            continue
        statement = statement_of(period)
        found.append(
            {
                "partnerMetadata": {"partnerId": call.seller.number, "accountType": "Standard Orders"},
                "netProceeds": _money(statement.sum_minor, period.currency),
                "relatedIdentifiers": [
                    {"relatedIdentifierName": "FINANCIAL_EVENT_GROUP_ID", "relatedIdentifierValue": identifier}
                ],
                "breakdowns": [
                    {
                        "breakdownType": section.section.value,
                        "breakdownAmount": _money(section.sum_minor, period.currency),
                        "breakdowns": [
                            {
                                "breakdownType": row.reason,
                                "breakdownAmount": _money(row.sum_minor, period.currency),
                                "breakdowns": [],
                            }
                            for row in section.rows
                        ],
                    }
                    for section in statement.sections
                    if section.rows
                ],
                "periodStart": forms.moment(period.starts_at),
                "periodEnd": forms.moment(period.last_at),
            }
        )
    return {"summaries": found}


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"currencyCode": currency, "currencyAmount": float(amount(minor, currency))}
