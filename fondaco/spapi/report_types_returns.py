"""The six returns reports: by return date, of Prime orders, and of what SKUs allow; as tables and as XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.catalogue.product_types import categories_of
from fondaco.kit.csv_safety import safe_cell, tab_line
from fondaco.returns.models import ReturnUnit
from fondaco.returns.rules.reasons import Reason
from fondaco.spapi.models import ReportRequest
from fondaco.spapi.operations.reports import report
from fondaco.spapi.served.forms import amount

COLUMNS = (
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
    "Is prime",
    "ASIN",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "In policy",
    "Return type",
    "Resolution",
    "Invoice number",
    "Return delivery date",
    "Order Amount",
    "Order quantity",
    "SafeT Action reason",
    "SafeT claim id",
    "SafeT claim state",
    "SafeT claim creation time",
    "SafeT claim reimbursement amount",
    "Refunded Amount",
)
SKU_COLUMNS = ("sku", "asin", "prepaid-label-eligible", "returnless-refund-eligible")

#: Our reasons in the codes that programs know.
REASON_CODES: Mapping[str, str] = {
    Reason.ACCIDENTAL_ORDER: "CR-ORDERED_WRONG_ITEM",
    Reason.BETTER_PRICE: "CR-FOUND_BETTER_PRICE",
    Reason.ITEM_DAMAGED_BOX_OK: "CR-DAMAGED_BY_FC",
    Reason.MISSED_DELIVERY_DATE: "CR-MISSED_ESTIMATED_DELIVERY",
    Reason.MISSING_PARTS: "CR-MISSING_PARTS",
    Reason.BOX_AND_ITEM_DAMAGED: "CR-DAMAGED_BY_CARRIER",
    Reason.WRONG_ITEM: "CR-SWITCHEROO",
    Reason.DEFECTIVE: "CR-DEFECTIVE",
    Reason.EXTRA_ITEM: "CR-EXTRA_ITEM",
    Reason.NO_LONGER_NEEDED: "CR-UNWANTED_ITEM",
    Reason.UNAUTHORIZED: "CR-UNAUTHORIZED_PURCHASE",
    Reason.INACCURATE_DESCRIPTION: "AMZ-PG-BAD-DESC",
    Reason.DAMAGED_IN_TRANSIT: "CR-DAMAGED_BY_CARRIER",
    Reason.QUALITY: "CR-QUALITY_UNACCEPTABLE",
    Reason.NOT_COMPATIBLE: "CR-NOT_COMPATIBLE",
    Reason.BAD_PACKAGING: "CR-DAMAGED_BY_FC",
    Reason.PART_NOT_COMPATIBLE: "CR-NOT_COMPATIBLE",
    Reason.INSTALLATION: "AMZ-PG-MISORDERED",
}
_STATUS = {
    "requested": "Pending",
    "out_of_window": "Pending",
    "authorised": "Approved",
    "declined": "Rejected",
    "blocked": "Rejected",
    "closed": "Closed",
    "cancelled": "Closed",
}
_CSV, _XML = "text/csv; charset=UTF-8", "text/xml; charset=UTF-8"


@report("GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE")
def returns_by_date(request: ReportRequest) -> Iterator[str]:
    """Every returned unit that was asked for in the time, as a table."""
    yield tab_line(COLUMNS) + "\n"
    for row in _rows(request):
        yield tab_line(row.values()) + "\n"


@report("GET_XML_RETURNS_DATA_BY_RETURN_DATE", content_type=_XML)
def returns_by_date_xml(request: ReportRequest) -> Iterator[str]:
    """The same as XML."""
    yield from _xml(_rows(request), root="return_details", row="return")


@report("GET_CSV_MFN_PRIME_RETURNS_REPORT", content_type=_CSV)
def prime_returns(request: ReportRequest) -> Iterator[str]:
    """Returns of Prime orders, separated by commas."""
    yield _comma_line(COLUMNS)
    for row in _rows(request, prime_only=True):
        yield _comma_line(tuple(row.values()))


@report("GET_XML_MFN_PRIME_RETURNS_REPORT", content_type=_XML)
def prime_returns_xml(request: ReportRequest) -> Iterator[str]:
    """The same as XML."""
    yield from _xml(_rows(request, prime_only=True), root="return_details", row="return")


@report("GET_FLAT_FILE_MFN_SKU_RETURN_ATTRIBUTES_REPORT")
def sku_attributes(request: ReportRequest) -> Iterator[str]:
    """Whether a return of each SKU gets a prepaid label."""
    yield tab_line(SKU_COLUMNS) + "\n"
    for row in _skus(request):
        yield tab_line(row.values()) + "\n"


@report("GET_XML_MFN_SKU_RETURN_ATTRIBUTES_REPORT", content_type=_XML)
def sku_attributes_xml(request: ReportRequest) -> Iterator[str]:
    """The same as XML."""
    yield from _xml(_skus(request), root="sku_return_attributes", row="sku")


def _rows(request: ReportRequest, *, prime_only: bool = False) -> Iterator[dict[str, str]]:
    until = request.data_until or request.created_at
    begin = request.data_from or until - timedelta(days=60)
    units = ReturnUnit.objects.filter(
        parcel__seller=request.seller, parcel__requested_at__gte=begin, parcel__requested_at__lte=until
    )
    if prime_only:
        units = units.filter(parcel__is_prime=True)
    loaded = units.select_related("parcel__order", "unit__item", "refund").order_by("parcel__requested_at", "pk")
    for row in loaded.iterator(chunk_size=500):
        yield _row(row)


def _row(row: ReturnUnit) -> dict[str, str]:
    parcel, item = row.parcel, row.unit.item
    refund = getattr(row, "refund", None)
    has_label = parcel.label_state in ("bought", "voiding", "voided")
    values = (
        parcel.order.number,
        _day(parcel.order.placed_at),
        _day(parcel.requested_at),
        "Completed" if refund else _STATUS.get(parcel.acceptance, "Approved"),
        parcel.number,
        "",
        "AmazonPrePaidLabel" if has_label else "AmazonUnPaidLabel",
        amount(parcel.label_minor, parcel.currency) if has_label else "",
        parcel.currency,
        parcel.carrier,
        parcel.tracking_number,
        "Customer" if row.payer == "buyer" else "Seller",
        "N",
        "Y" if parcel.is_prime else "N",
        item.asin,
        item.sku,
        item.title,
        "1",
        REASON_CODES.get(row.reason, "CR-NO_REASON_GIVEN"),
        "Y" if parcel.requested_at.date() <= row.last_day else "N",
        "C-Returns",
        "StandardRefund" if refund else "",
        "",
        _day(row.arrived_at),
        amount(item.total_minor, parcel.currency),
        str(item.quantity),
        *("",) * 5,
        amount(refund.amount_minor, parcel.currency) if refund else "",
    )
    return dict(zip(COLUMNS, values, strict=True))


def _skus(request: ReportRequest) -> Iterator[dict[str, str]]:
    offers = Offer.objects.filter(seller=request.seller).exclude(status=OfferStatus.CLOSED).select_related("product")
    for offer in offers.order_by("pk").iterator(chunk_size=1000):
        free = (
            "not_returnable" not in categories_of(offer.product.product_type) and offer.product.hazmat_class == "none"
        )
        yield dict(zip(SKU_COLUMNS, (offer.sku, offer.product.asin, "Y" if free else "N", "N"), strict=True))


def _day(at: datetime | None) -> str:
    """`29-Sep-2026`, as the table writes days; empty for none."""
    if at is None:
        return ""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{at.day:02d}-{months[at.month - 1]}-{at.year}"


def _comma_line(cells: tuple[str, ...]) -> str:
    safe = (safe_cell(" ".join(cell.split())) for cell in cells)
    return ",".join('"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell for cell in safe) + "\n"


def _xml(rows: Iterator[dict[str, str]], *, root: str, row: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n'
    for each in rows:
        fields = "".join(f"<{_tag(k)}>{escape(_plain(v))}</{_tag(k)}>" for k, v in each.items())
        yield f"<{row}>{fields}</{row}>\n"
    yield f"</{root}>\n"


def _tag(name: str) -> str:
    return name.lower().replace(" ", "_")


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
