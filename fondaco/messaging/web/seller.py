"""A seller's conversations: the lists, a first letter, what is asked of photographs, what customer service shared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import policy
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.messaging import operations, uses, wording
from fondaco.messaging.models import Attachment, PhotoWish
from fondaco.messaging.operations import checks, sight
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.response import LateRate
from fondaco.messaging.rules.words import Filter, Side, Subject
from fondaco.messaging.web import desk, sending, show
from fondaco.messaging.web.forms import SellerBeginForm, WishForm
from fondaco.orders.queries.access import order_of_seller
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of

RATES_FOR_S = 300


@require_seller
def listing(request: Request) -> HttpResponse:
    """Conversations of the account; what needs a response stands first, by when it is due (B-PHOTO-05)."""
    rows = access.conversations_of_seller(request.caller)
    seller = request.caller.require_seller()
    context = {
        **list_context(request, rows, Side.SELLER),
        "rates": [
            {"days": r.days, "counted": r.counted, "late": r.late, "share": r.share, "pct": _pct(r.share)}
            for r in _rates(seller)
        ],
        "shared": access.shared_with(seller).order_by()[:1].exists(),
        "may_write": request.caller.may(Capability.HANDLE_ORDERS),
    }
    return render(request, "messaging/desk_list.html", context)


def _rates(seller: SellerAccount) -> tuple[LateRate, ...]:
    """The late-response rates as they were at most five minutes ago: they move slowly, and the list is opened often."""
    at = clock.now()
    key = f"messaging.late_rates:{seller.pk}:{int(at.timestamp()) // RATES_FOR_S}"
    found: tuple[LateRate, ...] | None = cache.get(key)
    if found is None:
        found = lists.late_rates_of(seller, at=at)
        cache.set(key, found, RATES_FOR_S)
    return found


def list_context(request: Request, rows: Any, side: Side) -> dict[str, Any]:
    """What the lists of the seller and of customer service share."""
    wanted = request.GET.get("show", "")
    query = request.GET.get("q", "").strip()[:40]
    default = Filter.ALL if query else Filter.RESPONSE_NEEDED  # who looks for an order means all of it
    chosen = Filter(wanted) if wanted in list(Filter) else default
    found = lists.as_lines(lists.filtered(access.with_order(rows, query), chosen))
    order = ("due_at", "id") if chosen is Filter.RESPONSE_NEEDED else ("-last_at", "-id")
    page = page_of(found, request=request, order=order, size=30)
    counts = lists.counts_of(rows)
    return {
        "page": page,
        "rows": [show.row_of(c, side) for c in page],
        "tabs": _tabs(chosen, counts),
        "chosen": str(chosen),
        "query": query,
        "side": str(side),
        "is_service": side is Side.SERVICE,
    }


def _tabs(chosen: Filter, counts: lists.Counts) -> list[dict[str, Any]]:
    known = {Filter.RESPONSE_NEEDED: counts.response_needed, Filter.UNREAD: counts.unread}
    return [
        {"label": wording.FILTERS[f], "url": f"?show={f}", "current": f is chosen, "count": known.get(f)}
        for f in Filter
    ]


def _pct(share: Any) -> str:
    return "–" if share is None else f"{float(share) * 100:.0f} %"


@require_seller
def new(request: Request) -> HttpResponse:
    """Write first, about an order: within the days of policy, and nothing that is blocked."""
    given = request.POST if request.method == "POST" else request.GET
    order = order_of_seller(request.caller, given.get("order", ""))
    types, _version = checks.types_now(order.store, at=clock.now())
    options = [(code, _(kind.title)) for code, kind in types.items() if "seller" in kind.asked_by]
    form = SellerBeginForm(request.POST or None, types=options)
    beside: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = operations.begin_as_seller(
                request.caller,
                order=order.number,
                item=given.get("item", "")[:36],
                subject=Subject(data["subject"]),
                text=data["text"],
                photo_type=data["photo_type"],
                is_critical=data["is_critical"],
                request_key=data["request_key"],
                confirmed=data["confirmed"],
            )
        except Refusal as refusal:
            beside = sending.refuse(form, refusal)
        else:
            messages.success(request, _("Your message is sent."))
            return redirect("messaging:seller_conversation", made.number)
    days = policy.value("message.proactive_days", order.store, at=clock.now())
    context = {
        "form": form,
        "order": order,
        "item": given.get("item", ""),
        "days": days.value,
        "reads": wording.LANGUAGES.get(order.buyer.language, ""),
        "blocked_kinds": list(wording.BLOCKED.values()),
        **beside,
    }
    return render(request, "messaging/seller_new.html", context, status=422 if form.is_bound else 200)


@require_seller
def photo_wishes(request: Request) -> HttpResponse:
    """What the account asks of photographs unless a request says otherwise."""
    seller = request.caller.require_seller(Capability.VIEW)
    wish = PhotoWish.objects.filter(seller=seller).first()
    formats = policy.value("photo.formats", seller.store, at=clock.now()).value
    form = WishForm(request.POST or None, formats=formats, initial=wish.wishes if wish else {})
    if request.method == "POST" and form.is_valid():
        operations.wish_photos(request.caller, wishes=form.cleaned_data)
        messages.success(request, _("Saved. Buyers see it with every photo request."))
        return redirect("messaging:photo_wishes")
    return render(request, "messaging/photo_wishes.html", {"form": form}, status=422 if form.is_bound else 200)


@require_seller
def shared(request: Request) -> HttpResponse:
    """Photographs that customer service shared."""
    rows = access.shared_with(request.caller.require_seller(Capability.VIEW))
    page = page_of(lists.as_lines(rows), request=request, order=("-shared_at", "-id"), size=30)
    return render(request, "messaging/shared.html", {"page": page, "rows": [show.row_of(c, Side.SELLER) for c in page]})


@require_seller
def shared_conversation(request: Request, number: str) -> HttpResponse:
    """The shared photographs of one contact, to look at only (Q-42)."""
    seen = desk.shared_seen(request, number)
    found = seen.conversation
    photos = list(
        Attachment.objects.filter(message__conversation=found, shared_at__isnull=False)
        .select_related("message")
        .order_by("message_id", "place")
    )
    sight.saw_all(request.caller, photos)
    context = {
        "conversation": found,
        "subject": wording.SUBJECTS[found.subject],
        "about": show.about(found),
        "photos": [show.photo_of(p) for p in photos],
        "uses": uses.offered(request.caller, seen),
        "use_url": reverse("messaging:shared_use", args=[found.number]),
    }
    return render(request, "messaging/shared_conversation.html", context)
