"""The desk of customer service: queues, an order with all that belongs to it, and what can be given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.orders.models import Order
from fondaco.orders.web import panels
from fondaco.sellers.access import Request
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.rules import fold_email
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.operations import addresses, remedies
from fondaco.service.queries import neighbours
from fondaco.service.queries.access import DESK_ROLES, order_at_desk
from fondaco.service.rules.claims import ClaimState, GuaranteeState
from fondaco.service.rules.remedies import RemedyKind
from fondaco.service.web import show
from fondaco.service.web.forms import AddressForm, LateForm, RefundForm, refuse, unit_choices
from fondaco.web.access import require_role
from fondaco.web.nav import url_or_none
from fondaco.web.paging import page_of


@require_role(*DESK_ROLES)
def desk(request: Request) -> HttpResponse:
    """What waits, and the way to any order."""
    wanted = " ".join(request.GET.get("q", "").replace("\0", "").split())[:120]
    found = _found(wanted) if wanted else []
    if len(found) == 1 and found[0].number == wanted:
        return redirect("service:order", found[0].number)
    waiting = [
        (_("Guarantee claims to decide"), GuaranteeClaim.objects.filter(state=GuaranteeState.UNDER_REVIEW.value).count(), "guarantee"),
        (_("Reimbursement claims to decide"), Reimbursement.objects.filter(state=ClaimState.UNDER_INVESTIGATION.value).count(), "reimbursement"),
    ]  # fmt: skip
    stats = [
        {
            "label": label,
            "value": count,
            "url": f"{reverse('service:claims')}?kind={kind}",
            "tone": "warn" if count else "good",
        }
        for label, count, kind in waiting
    ]
    if contacts := url_or_none("messaging:contacts"):
        stats.insert(0, {"label": _("Contacts of buyers"), "value": _("Open"), "url": contacts})
    recent = Remedy.objects.select_related("order", "seller", "author").order_by("-made_at", "-id")[:20]
    context = {"wanted": wanted, "found": found, "stats": stats, "recent": [show.remedy_row(each) for each in recent]}
    return render(request, "service/desk.html", context)


@require_role(*DESK_ROLES)
def order(request: Request, number: str) -> HttpResponse:
    """One order with everything behind it, and the forms to act."""
    return _shown(request, order_at_desk(request.caller, number))


@require_role(*DESK_ROLES)
@require_POST
def refund(request: Request, number: str) -> HttpResponse:
    """A refund at discretion."""
    found = order_at_desk(request.caller, number)
    form = _refund_form(found, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            remedy = remedies.refund(
                request.caller,
                number=number,
                units=given["units"],
                kind=RemedyKind(given["kind"]),
                amount=form.money("amount", found.currency),
                charge_seller=given["charge_seller"],
                why=given["why"],
                request_key=given["request_key"],
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _done(request, remedy)
    return _shown(request, found, refund_form=form, status=422)


@require_role(*DESK_ROLES)
@require_POST
def late(request: Request, number: str) -> HttpResponse:
    """The shipping cost of a late item."""
    found = order_at_desk(request.caller, number)
    form = _late_form(found, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            remedy = remedies.refund_late_delivery(
                request.caller,
                number=number,
                item=given["item"],
                charge_seller=given["charge_seller"],
                why=given["why"],
                request_key=given["request_key"],
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _done(request, remedy)
    return _shown(request, found, late_form=form, status=422)


@require_role(*DESK_ROLES)
def address(request: Request, number: str) -> HttpResponse:
    """Another address, before anything is sent."""
    found = order_at_desk(request.caller, number)
    known = {
        name: found.address.get(name, "") for name in ("name", "street", "city", "region", "postal_code", "country")
    }
    form = AddressForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        why = given.pop("why")
        try:
            addresses.change_address(
                request.caller,
                number=number,
                address=PostalAddress(**{**given, "country": given["country"].upper()}),
                why=why,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The order goes to the new address."))
            return redirect("service:order", number)
    context = {"order": found, "form": form}
    return render(request, "service/address.html", context, status=422 if form.is_bound else 200)


@require_role(*DESK_ROLES)
def claims(request: Request) -> HttpResponse:
    """Claims of both kinds; what waits for customer service first."""
    kind = "guarantee" if request.GET.get("kind") == "guarantee" else "reimbursement"
    is_all = request.GET.get("state") == "all"
    if kind == "guarantee":
        rows: Any = GuaranteeClaim.objects.select_related("order", "seller")
        rows = rows if is_all else rows.filter(state=GuaranteeState.UNDER_REVIEW.value)
    else:
        rows = Reimbursement.objects.select_related("order", "seller")
        rows = rows if is_all else rows.filter(state=ClaimState.UNDER_INVESTIGATION.value)
    page = page_of(rows, request=request, order=("updated_at", "id"), size=50)
    here = reverse("service:claims")
    tabs = [
        {"label": _("Reimbursement"), "url": f"{here}?kind=reimbursement", "current": kind == "reimbursement" and not is_all},
        {"label": _("Guarantee"), "url": f"{here}?kind=guarantee", "current": kind == "guarantee" and not is_all},
        {"label": _("All reimbursement claims"), "url": f"{here}?kind=reimbursement&state=all", "current": kind == "reimbursement" and is_all},
        {"label": _("All guarantee claims"), "url": f"{here}?kind=guarantee&state=all", "current": kind == "guarantee" and is_all},
    ]  # fmt: skip
    shown = [show.guarantee_row(each) if kind == "guarantee" else show.claim_row(each, at_desk=True) for each in page]
    return render(request, "service/claims.html", {"page": page, "rows": shown, "tabs": tabs, "kind": kind})


def _shown(
    request: Request,
    found: Order,
    *,
    refund_form: RefundForm | None = None,
    late_form: LateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    items = show.item_rows(found, at=now)
    extras = panels.extras(found, item=None, caller=request.caller, side="staff")
    given = found.remedies.select_related("author").prefetch_related("parts").order_by("-made_at", "-id")
    context = {
        "order": found,
        "items": items,
        "parcels": show.parcel_rows(found),
        "remedies": [show.remedy_row(each) for each in given],
        "claims": [show.claim_row(each, at_desk=True) for each in found.reimbursements.all()]
        + [show.guarantee_row(each) for each in found.guarantee_claims.all()],
        "refund_form": refund_form or _refund_form(found, None),
        "late_form": late_form or _late_form(found, None),
        "returns": [show.return_row(each) for each in neighbours.returns_of(found)],
        "conversations": [show.conversation_row(each) for each in neighbours.conversations_of(found)],
        "has_late": any(row["late"] for row in items),
        "actions": [a for a in extras.actions if a.url != reverse("service:order", args=[found.number])],
        "panels": [
            (panel.title, render_to_string(panel.template, {"panel": panel.context, **panel.context}, request))
            for panel in extras.panels
            if panel.template != "service/_order_panel.html"  # said above already
        ],
        "events": history.timeline(found),
    }
    return render(request, "service/order.html", context, status=status)


def _refund_form(found: Order, data: Any) -> RefundForm:
    units = [
        u
        for item in found.items.all()
        for u in sorted(item.units.all(), key=lambda u: u.number)
        if u.state != "cancelled"
    ]
    delivered = any(u.state == "delivered" for u in units)
    hazard = any(item.hazmat_class != "none" for item in found.items.all())
    first = RemedyKind.NON_RETURNABLE if hazard else RemedyKind.NOT_RECEIVED if delivered else RemedyKind.REFUND
    kinds = sorted((str(kind) for kind in remedies.AT_DISCRETION), key=lambda kind: kind != first)
    initial = {
        "units": [str(units[0].pk)] if len(units) == 1 else [],
        "charge_seller": all(item.is_prime for item in found.items.all()),
    }
    return RefundForm(data, units=unit_choices(units), kinds=kinds, initial=initial, prefix="refund")


def _late_form(found: Order, data: Any) -> LateForm:
    items = [(str(item.pk), item.title) for item in found.items.all() if item.is_prime]
    return LateForm(data, items=items, prefix="late")


def _done(request: Request, remedy: Remedy) -> HttpResponse:
    if remedy.amount_minor:
        messages.success(
            request, _("%(amount)s goes back to the buyer.") % {"amount": remedy.amount.format(request.LANGUAGE_CODE)}
        )
    else:
        messages.info(request, _("Shipping was free: nothing to refund. It is on record."))
    return redirect("service:order", remedy.order.number)


def _found(wanted: str) -> list[Order]:
    """By order number, tracking number, or the buyer's e-mail address."""
    hits = Q(number=wanted) | Q(parcels__tracking_number=wanted) | Q(buyer__email_folded=fold_email(wanted))
    orders = Order.objects.filter(hits).select_related("buyer", "seller").distinct().order_by("-placed_at", "-id")
    return list(orders[:50])
