"""Reports: asked for, made by a task, made again by schedules."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.spapi import nudges
from fondaco.spapi.models import Document, ReportRequest, ReportSchedule
from fondaco.spapi.models.documents import DocumentKind, FeedStatus
from fondaco.spapi.operations import documents, ended
from fondaco.spapi.rules import periods
from fondaco.spapi.rules.notices import REPORT_FINISHED

_OVER = (FeedStatus.DONE, FeedStatus.FATAL, FeedStatus.CANCELLED)
MOST_TRIES = 5

Maker = Callable[[ReportRequest], Iterator[str]]


@dataclass(frozen=True, slots=True)
class ReportType:
    """How a report is made: its lines as text, each with its line end, and what the file is."""

    name: str
    make: Maker
    content_type: str


_types: dict[str, ReportType] = {}


class ReportTypeUnknown(Invalid):
    CODE = "report_type_unknown"
    WORDS = N_("There is no report type %(report_type)s.")


class ReportTimes(Invalid):
    CODE = "report_times_wrong"
    WORDS = N_("dataStartTime must lie before dataEndTime, and not in the future.")


class ReportOver(Refusal):
    CODE = "report_over"
    WORDS = N_("This report is no longer in the queue.")


def report(name: str, *, content_type: str = "text/tab-separated-values; charset=UTF-8") -> Callable[[Maker], Maker]:
    """Register what makes a report type. It runs in a task, perhaps more than once; it only reads."""

    def register(fn: Maker) -> Maker:
        _types[name] = ReportType(name, fn, content_type)
        return fn

    return register


def known() -> list[str]:
    """The report types that can be asked for."""
    from fondaco.spapi import report_types, report_types_returns  # noqa: F401  they register themselves

    return sorted(_types)


def create(
    caller: Caller,
    *,
    report_type: str,
    marketplace_ids: list[str],
    options: dict[str, str],
    data_from: datetime | None = None,
    data_until: datetime | None = None,
) -> ReportRequest:
    """Ask for a report. Raises ReportTypeUnknown, ReportTimes, Denied."""
    seller = caller.require_seller(Capability.VIEW)
    _require_type(report_type)
    at = clock.now()
    if data_from and (data_from > at or (data_until and data_until < data_from)):
        raise ReportTimes
    with transaction.atomic():
        made = ReportRequest.objects.create(
            seller=seller,
            person=caller.person,
            report_type=report_type,
            marketplace_ids=marketplace_ids,
            options=options,
            data_from=data_from,
            data_until=data_until,
            created_at=at,
        )
        nudges.make_report(made.pk)
    return made


def cancel(seller: SellerAccount, *, number: str) -> None:
    """Call a report off that has not begun. Raises NotFound, ReportOver."""
    with transaction.atomic():
        found = ReportRequest.objects.select_for_update().filter(seller=seller, number=number[:12]).first()
        if found is None:
            raise NotFound(what="report")
        if found.status == FeedStatus.CANCELLED:
            return
        if found.status != FeedStatus.IN_QUEUE:
            raise ReportOver
        found.status, found.ended_at = FeedStatus.CANCELLED, clock.now()
        found.save(update_fields=["status", "ended_at"])
        _tell(found)


def make(report_id: UUID) -> None:
    """Make a report. Making it twice at once writes one document to the request."""
    with transaction.atomic():
        request = ReportRequest.objects.select_for_update().filter(pk=report_id).first()
        if request is None or request.status in _OVER:
            return
        request.attempts += 1
        request.started_at = request.started_at or clock.now()
        request.status = FeedStatus.FATAL if request.attempts > MOST_TRIES else FeedStatus.IN_PROGRESS
        request.ended_at = clock.now() if request.status == FeedStatus.FATAL else None
        request.save(update_fields=["attempts", "started_at", "status", "ended_at"])
        if request.status == FeedStatus.FATAL:
            _tell(request)
            return
    known()
    kind = _types[request.report_type]
    request = ReportRequest.objects.select_related("seller", "person").get(pk=report_id)
    document = _written(request, kind)
    with transaction.atomic():
        locked = ReportRequest.objects.select_for_update().get(pk=report_id)
        if locked.status in _OVER:
            return
        locked.status, locked.document, locked.ended_at = FeedStatus.DONE, document, clock.now()
        locked.save(update_fields=["status", "document", "ended_at"])
        _tell(locked)


def _tell(request: ReportRequest) -> None:
    result = ("reportDocumentId", request.document)
    ended.tell(request, kind=REPORT_FINISHED, what="report", of_type=request.report_type, result=result)


def _written(request: ReportRequest, kind: ReportType) -> Document:
    with tempfile.TemporaryFile() as spool, translation.override("en"):
        for piece in kind.make(request):
            spool.write(piece.encode())
        spool.seek(0)
        return documents.keep(
            request.seller, kind=DocumentKind.REPORT, content_type=kind.content_type, source=cast(IO[bytes], spool)
        )


def due(*, at: datetime) -> list[UUID]:
    """Reports that were asked for before `at` and are not made."""
    open_ones = ReportRequest.objects.filter(
        status__in=[FeedStatus.IN_QUEUE, FeedStatus.IN_PROGRESS], created_at__lte=at
    )
    return list(open_ones.order_by("created_at").values_list("pk", flat=True)[:500])


# --- schedules --------------------------------------------------------------------------------------------------------


def schedule(
    caller: Caller,
    *,
    report_type: str,
    marketplace_ids: list[str],
    options: dict[str, str],
    period: str,
    next_at: datetime | None,
) -> ReportSchedule:
    """Have a report made again and again; it takes the place of a schedule of the same type. Raises ReportTypeUnknown."""
    seller = caller.require_seller(Capability.VIEW)
    _require_type(report_type)
    at = clock.now()
    with transaction.atomic():
        SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        ReportSchedule.objects.filter(seller=seller, report_type=report_type, next_at__isnull=False).update(
            next_at=None
        )
        return ReportSchedule.objects.create(
            seller=seller,
            person=caller.person,
            report_type=report_type,
            marketplace_ids=marketplace_ids,
            options=options,
            period=period,
            next_at=max(next_at or at, at),
            created_at=at,
        )


def end_schedule(seller: SellerAccount, *, number: str) -> None:
    """Call a schedule off. Again does nothing. Raises NotFound."""
    if not ReportSchedule.objects.filter(seller=seller, number=number[:12]).update(next_at=None):
        raise NotFound(what="report schedule")


def run_schedules(*, at: datetime) -> int:
    """Ask for the reports whose time has come; returns how many. Run twice at once, each is asked for once."""
    made = 0
    ids = ReportSchedule.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True)[:500]
    for pk in list(ids):
        with transaction.atomic():
            row = ReportSchedule.objects.select_for_update().get(pk=pk)
            if row.next_at is None or row.next_at > at:
                continue
            made += _make_of(row, at)
    return made


def _make_of(row: ReportSchedule, at: datetime) -> int:
    due_for = row.next_at
    assert due_for is not None
    step = periods.PERIODS[row.period] or timedelta(days=30)
    try:
        with transaction.atomic():
            request = ReportRequest.objects.create(
                seller_id=row.seller_id,
                person_id=row.person_id,
                report_type=row.report_type,
                marketplace_ids=row.marketplace_ids,
                options=row.options,
                data_from=due_for - step,
                data_until=due_for,
                schedule=row,
                due_for=due_for,
                created_at=at,
            )
    except IntegrityError:
        request = None
    row.next_at = periods.next_after(due_for, period=row.period, now=at)
    row.save(update_fields=["next_at"])
    if request is not None:
        nudges.make_report(request.pk)
    return int(request is not None)


def _require_type(name: str) -> Any:
    if name not in known():
        raise ReportTypeUnknown(report_type=name[:80])
    return _types[name]
