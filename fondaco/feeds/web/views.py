"""Upload an inventory file, follow it, read its report, retry what failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco import history, policy
from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CaseType
from fondaco.engine import clock
from fondaco.feeds import encoding, failed, operations, queries, words
from fondaco.feeds import report as reports
from fondaco.feeds import template as templates
from fondaco.feeds.context import attribute_names
from fondaco.feeds.items import items_of
from fondaco.feeds.models import Batch, RowIssue
from fondaco.feeds.operations.submitting import MAX_BYTES
from fondaco.feeds.rules import BatchState, Kind
from fondaco.feeds.web import show
from fondaco.feeds.web.forms import MAX_FILES, UploadForm
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller, signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of

ISSUES_A_PAGE = 50
EVENTS_SHOWN = 20


@require_seller
def upload(request: Request) -> HttpResponse:
    """The form, and what it sends. A script sends files one by one and reads JSON; without it the form does all."""
    request.caller.require_seller(Capability.EDIT_LISTINGS)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method != "POST":
        return render(request, "feeds/upload.html", _upload_page(form))
    made: list[Batch] = []
    if form.is_valid():
        try:
            made = [_submit(request, form, file) for file in form.cleaned_data["file"]]
        except Refusal as refusal:
            refuse_with(form, refusal, "file")
    if _wants_json(request):
        return _answer_script(form, made)
    if form.errors:
        return render(request, "feeds/upload.html", _upload_page(form), status=422)
    messages.success(request, _submitted_words(made))
    return redirect("feeds:batch", made[0].number) if len(made) == 1 else redirect("feeds:uploads")


@require_GET
@require_seller
def uploads(request: Request) -> HttpResponse:
    """The last uploads with date, time, batch ID, status and result (B-IMG-13)."""
    rows = [show.row_of(batch) for batch in queries.batches_of(request.caller, request.caller.require_seller())]
    context = {"rows": rows, "is_done": not any(row.batch.is_open for row in rows), "may_edit": _may_edit(request)}
    return render(request, "feeds/uploads.html#live" if _wants_region(request) else "feeds/uploads.html", context)


@require_GET
@signed_in
def batch(request: Request, number: str) -> HttpResponse:
    """One batch: stages and counts, live while it is open; then what was wrong and what to do."""
    found = queries.batch_for(request.caller, number)
    context = _batch_page(request, found)
    return render(request, "feeds/batch.html#live" if _wants_region(request) else "feeds/batch.html", context)


@require_GET
@signed_in
def report(request: Request, number: str) -> HttpResponse:
    """The processing report as a file: tab-delimited (B-IMG-12), or JSON for a JSON feed with `?form=json`."""
    found = queries.batch_for(request.caller, number)
    counts = reports.Counts(
        processed=found.processed, successful=found.successful, errors=found.errors, warnings=found.warnings
    )
    lines = words.lines(queries.issues_of(found).iterator(chunk_size=1000))
    if found.kind == Kind.JSON_LISTINGS and request.GET.get("form") == "json":
        pieces = reports.json_report(
            seller_id=found.seller.number, feed_id=found.number, counts=counts, lines=lines, items=items_of(found)
        )
        return _download(_encoded(pieces), f"{found.number}-report.json", "application/json")
    pieces = reports.tab_delimited(counts=counts, lines=lines)
    return _download(_encoded(pieces, mark=True), f"{found.number}-report.txt", "text/tab-separated-values")


@require_GET
@signed_in
def failed_records(request: Request, number: str) -> HttpResponse:
    """The failed records as an inventory file, to be mended and sent again."""
    found = queries.batch_for(request.caller, number)
    if found.state != BatchState.DONE:
        return redirect("feeds:batch", found.number)
    pieces = (piece for piece, _count in failed.pieces(found))
    return _download(pieces, f"{found.number}-failed.txt", "text/tab-separated-values")


@require_POST
@require_seller
def retry(request: Request, number: str) -> HttpResponse:
    """A new batch with only the failed records."""
    made = operations.retry_failed(request.caller, number=number, request_key=request.POST.get("request_key", ""))
    messages.success(request, _("Request submitted. Batch ID: %(batch)s") % {"batch": made.number})
    return redirect("feeds:batch", made.number)


@require_POST
@signed_in
def cancel(request: Request, number: str) -> HttpResponse:
    """Calls a batch off."""
    operations.cancel(request.caller, number=number)
    messages.info(request, _("The batch was cancelled. Records already processed stay as they are."))
    return redirect("feeds:batch", number)


@require_GET
@require_seller
def template(request: Request) -> HttpResponse:
    """The blank template."""
    return _template_file(request, templates.blank, "inventory-template.txt")


@require_GET
@require_seller
def example(request: Request) -> HttpResponse:
    """The template with three example records."""
    return _template_file(request, templates.example, "inventory-example.txt")


# --- parts ------------------------------------------------------------------------------------------------------------


def _submit(request: Request, form: UploadForm, file: Any) -> Batch:
    return operations.submit(
        request.caller,
        file=file,
        name=file.name,
        declared_encoding=form.cleaned_data["declared_encoding"],
        expected_bytes=file.size,
        refetch=form.cleaned_data["refetch"],
        request_key=form.key_for(file),
    )


def _submitted_words(made: list[Batch]) -> str:
    return _("Request submitted. Batch ID: %(batch)s") % {"batch": ", ".join(b.number for b in made)}


def _answer_script(form: UploadForm, made: list[Batch]) -> JsonResponse:
    if made and not form.errors:
        return JsonResponse({"ok": True, "words": _submitted_words(made), "batches": [b.number for b in made]})
    said = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return JsonResponse({"ok": False, "words": said}, status=422)


def _upload_page(form: UploadForm) -> dict[str, Any]:
    return {"form": form, "max_bytes": MAX_BYTES, "max_files": MAX_FILES, "then": reverse("feeds:uploads")}


def _batch_page(request: Request, found: Batch) -> dict[str, Any]:
    at = clock.now()
    standing = queries.standing(found, at=at)
    kind, code = request.GET.get("type", ""), request.GET.get("code", "").replace("\0", "")[:60]
    rows = queries.issues_of(found, type=kind if kind in words.TYPES else "", code=code)
    page = page_of(rows, request=request, order=("record", "id"), size=ISSUES_A_PAGE)
    label, tone = show.state_of(found)
    wrong = standing.with_errors if not found.is_open else 0
    may_edit = request.caller.may(Capability.EDIT_LISTINGS, seller=found.seller)
    return {
        "batch": found,
        "state": label,
        "tone": tone,
        "standing": standing,
        "steps": show.steps(standing),
        "bar": show.bar(standing),
        "stats": show.stats(standing),
        "is_done": not found.is_open,
        "page": page,
        "issues": [words.said(row) for row in page],
        "kinds": show.kinds(queries.issue_counts(found), current=code),
        "filter_type": kind,
        "filter_code": code,
        "types": [(key, _(label)) for key, label in words.TYPES.items()],
        "encoding": encoding.NAMES.get(found.encoding, ""),
        "has_issues": RowIssue.objects.filter(batch=found).exists(),
        "is_fatal": found.state == BatchState.FATAL,
        "may_cancel": found.is_open and (may_edit or request.caller.sees_every_seller),
        "may_retry": may_edit and found.state == BatchState.DONE and wrong > 0,
        "may_mend": found.state == BatchState.DONE and wrong > 0,
        "is_json": found.kind == Kind.JSON_LISTINGS,
        "wait_hours": _wait_hours(found) if standing.images_total and not wrong and not found.is_open else 0,
        "support_url": contact_url(
            CaseType.MISSING_IMAGE if standing.images_total else CaseType.OTHER,
            {"method": "inventory_data", "batch_id": found.number},
            origin=f"batch:{found.number}",
        ),
        "retries": list(found.retries.order_by("submitted_at")) if not found.is_open else [],
        "timeline": history.timeline(found, limit=EVENTS_SHOWN),
        "retry_key": f"retry-{found.number}-{found.retries.count()}",
    }


def _wait_hours(found: Batch) -> int:
    return int(policy.value("image.display_sla_hours", found.store, at=found.submitted_at).value)


def _may_edit(request: Request) -> bool:
    return Capability.EDIT_LISTINGS in request.caller.capabilities


def _wants_region(request: Request) -> bool:
    return bool(request.htmx) and request.htmx.target in ("feed-live", "feed-list")  # type: ignore[attr-defined]


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _encoded(pieces: Iterator[str], *, mark: bool = False) -> Iterator[bytes]:
    """As UTF-8; with a byte order mark, because spreadsheets take a file without one for something else."""
    if mark:
        yield templates.BOM.encode()
    for piece in pieces:
        yield piece.encode()


def _download(pieces: Iterator[bytes], name: str, content_type: str) -> HttpResponse:
    """A file in pieces. Django's streaming response is no HttpResponse by type, but takes its place."""
    response = StreamingHttpResponse(pieces, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return cast(HttpResponse, response)


def _template_file(request: Request, make: Any, name: str) -> HttpResponse:
    own = sorted(attribute_names() - {"color", "size"})
    note = _("Keep these two lines. Your first record stands on line 3.")
    response = HttpResponse(make(attributes=own, note=note), content_type="text/tab-separated-values; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
