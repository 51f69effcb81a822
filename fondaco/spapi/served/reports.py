"""Reports, version 2021-06-30."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.urls import reverse
from pydantic import AwareDatetime, BaseModel, Field

from fondaco.kit.errors import NotFound
from fondaco.spapi.door import Answer, Call, many, moment, operation, paging, text, whole, yes_no
from fondaco.spapi.door.call import store_of
from fondaco.spapi.models import ReportRequest, ReportSchedule
from fondaco.spapi.models.documents import DocumentKind, FeedStatus
from fondaco.spapi.operations import documents, reports
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served import forms

ROLES = (ApiRole.PRODUCT_LISTING, ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING, ApiRole.FINANCE)
Period = Literal[
    "PT5M",
    "PT15M",
    "PT30M",
    "PT1H",
    "PT2H",
    "PT4H",
    "PT8H",
    "PT12H",
    "P1D",
    "P2D",
    "P3D",
    "PT84H",
    "P7D",
    "P14D",
    "P15D",
    "P18D",
    "P30D",
    "P1M",
]


class CreateReportSpecification(BaseModel):
    reportType: Annotated[str, Field(min_length=1, max_length=80)]
    marketplaceIds: Annotated[list[str], Field(min_length=1, max_length=25)]
    reportOptions: dict[str, str] = Field(default_factory=dict)
    dataStartTime: AwareDatetime | None = None
    dataEndTime: AwareDatetime | None = None


class CreateReportScheduleSpecification(BaseModel):
    reportType: Annotated[str, Field(min_length=1, max_length=80)]
    marketplaceIds: Annotated[list[str], Field(min_length=1, max_length=25)]
    reportOptions: dict[str, str] = Field(default_factory=dict)
    period: Period
    nextReportCreationTime: AwareDatetime | None = None


@operation(
    "createReport",
    "POST",
    "/reports/2021-06-30/reports",
    rate=(0.0167, 15),
    roles=ROLES,
    body=CreateReportSpecification,
)
def create_report(call: Call) -> Answer:
    """Ask for a report; a task makes it."""
    body: CreateReportSpecification = call.body
    for each in body.marketplaceIds:
        store_of(each)
    made = reports.create(
        call.caller,
        report_type=body.reportType,
        marketplace_ids=body.marketplaceIds,
        options=body.reportOptions,
        data_from=body.dataStartTime,
        data_until=body.dataEndTime,
    )
    return Answer(202, {"reportId": made.number})


@operation(
    "getReports",
    "GET",
    "/reports/2021-06-30/reports",
    rate=(0.0222, 10),
    roles=ROLES,
    query=(
        many("reportTypes", most=10),
        many("processingStatuses", choices=tuple(FeedStatus.values)),
        many("marketplaceIds", most=10),
        whole("pageSize", default=10, most=100),
        moment("createdSince"),
        moment("createdUntil"),
        text("nextToken"),
    ),
)
def get_reports(call: Call) -> dict[str, Any]:
    """The seller's reports, newest first."""
    found = ReportRequest.objects.filter(seller=call.seller).select_related("document", "schedule")
    if call["reportTypes"]:
        found = found.filter(report_type__in=call["reportTypes"])
    if call["processingStatuses"]:
        found = found.filter(status__in=call["processingStatuses"])
    if call["createdSince"]:
        found = found.filter(created_at__gte=call["createdSince"])
    if call["createdUntil"]:
        found = found.filter(created_at__lte=call["createdUntil"])
    start, size = int(paging.position(call, "getReports", call["nextToken"]) or 0), call["pageSize"]
    rows = list(found.order_by("-created_at", "-id")[start : start + size + 1])
    markets = set(call["marketplaceIds"])
    shown = [r for r in rows[:size] if not markets or markets & set(r.marketplace_ids)]
    reply: dict[str, Any] = {"reports": [_report(r) for r in shown]}
    if len(rows) > size:
        reply["nextToken"] = paging.token(call, "getReports", start + size)
    return reply


@operation("getReport", "GET", "/reports/2021-06-30/reports/{reportId}", rate=(2, 15), roles=ROLES)
def get_report(call: Call) -> dict[str, Any]:
    """One report, and its document once it is made."""
    found = ReportRequest.objects.filter(seller=call.seller, number=call["reportId"][:12])
    row = found.select_related("document", "schedule").first()
    if row is None:
        raise NotFound(what="report")
    return _report(row)


@operation("cancelReport", "DELETE", "/reports/2021-06-30/reports/{reportId}", rate=(0.0222, 10), roles=ROLES)
def cancel_report(call: Call) -> Answer:
    """Call a report off that has not begun."""
    reports.cancel(call.seller, number=call["reportId"])
    return Answer(200)


@operation(
    "getReportSchedules",
    "GET",
    "/reports/2021-06-30/schedules",
    rate=(0.0222, 10),
    roles=ROLES,
    query=(many("reportTypes", required=True, most=10),),
)
def get_report_schedules(call: Call) -> dict[str, Any]:
    """The schedules of some report types."""
    found = ReportSchedule.objects.filter(
        seller=call.seller, report_type__in=call["reportTypes"], next_at__isnull=False
    )
    return {"reportSchedules": [_schedule(row) for row in found.order_by("created_at", "id")]}


@operation(
    "createReportSchedule",
    "POST",
    "/reports/2021-06-30/schedules",
    rate=(0.0222, 10),
    roles=ROLES,
    body=CreateReportScheduleSpecification,
)
def create_report_schedule(call: Call) -> Answer:
    """Have a report made again and again."""
    body: CreateReportScheduleSpecification = call.body
    for each in body.marketplaceIds:
        store_of(each)
    made = reports.schedule(
        call.caller,
        report_type=body.reportType,
        marketplace_ids=body.marketplaceIds,
        options=body.reportOptions,
        period=body.period,
        next_at=body.nextReportCreationTime,
    )
    return Answer(201, {"reportScheduleId": made.number})


@operation(
    "getReportSchedule", "GET", "/reports/2021-06-30/schedules/{reportScheduleId}", rate=(0.0222, 10), roles=ROLES
)
def get_report_schedule(call: Call) -> dict[str, Any]:
    """One schedule that stands."""
    found = ReportSchedule.objects.filter(
        seller=call.seller, number=call["reportScheduleId"][:12], next_at__isnull=False
    ).first()
    if found is None:
        raise NotFound(what="report schedule")
    return _schedule(found)


@operation(
    "cancelReportSchedule", "DELETE", "/reports/2021-06-30/schedules/{reportScheduleId}", rate=(0.0222, 10), roles=ROLES
)
def cancel_report_schedule(call: Call) -> Answer:
    """Call a schedule off."""
    reports.end_schedule(call.seller, number=call["reportScheduleId"])
    return Answer(200)


@operation(
    "getReportDocument",
    "GET",
    "/reports/2021-06-30/documents/{reportDocumentId}",
    rate=(0.0167, 15),
    roles=ROLES,
    query=(yes_no("enableContentEncodingUrlHeader"),),
)
def get_report_document(call: Call) -> dict[str, Any]:
    """Where a report can be fetched, for a quarter of an hour."""
    found = documents.document_of(call.seller, call["reportDocumentId"], kinds=(DocumentKind.REPORT.value,))
    url = call.absolute(reverse("spapi:document", args=[documents.ticket(found, put=False)]))
    return {"reportDocumentId": documents.public_id(found), "url": url}


def _report(row: ReportRequest) -> dict[str, Any]:
    made: dict[str, Any] = {
        "reportId": row.number,
        "reportType": row.report_type,
        "marketplaceIds": row.marketplace_ids,
        "createdTime": forms.moment(row.created_at),
        "processingStatus": row.status,
    }
    for name, at in (
        ("dataStartTime", row.data_from),
        ("dataEndTime", row.data_until),
        ("processingStartTime", row.started_at),
        ("processingEndTime", row.ended_at),
    ):
        if at:
            made[name] = forms.moment(at)
    if row.schedule:
        made["reportScheduleId"] = row.schedule.number
    if row.document:
        made["reportDocumentId"] = documents.public_id(row.document)
    return made


def _schedule(row: ReportSchedule) -> dict[str, Any]:
    made: dict[str, Any] = {
        "reportScheduleId": row.number,
        "reportType": row.report_type,
        "marketplaceIds": row.marketplace_ids,
        "period": row.period,
    }
    if row.options:
        made["reportOptions"] = row.options
    if row.next_at:
        made["nextReportCreationTime"] = forms.moment(row.next_at)
    return made
