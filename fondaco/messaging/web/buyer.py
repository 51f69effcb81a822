"""A buyer's conversations: the list, a new one, and the thread."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound, Refusal
from fondaco.messaging import operations, wording
from fondaco.messaging.models import ContactWish
from fondaco.messaging.operations import About, checks
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import BEFORE_BUYING, PHOTO_TYPES, Outcome, Side, Subject
from fondaco.messaging.web import sending, show
from fondaco.messaging.web.desk import thread_context, unchanged
from fondaco.messaging.web.forms import BeginForm, ReplyForm
from fondaco.orders.models import Order
from fondaco.orders.queries.access import order_of_buyer
from fondaco.sellers.access import Request
from fondaco.web.access import signed_in
from fondaco.web.paging import page_of


@signed_in
def listing(request: Request) -> HttpResponse:
    """Open photo requests with their age, then conversations, the last first; `?q=` finds by order."""
    rows = access.conversations_of_buyer(request.caller)
    query = request.GET.get("q", "").strip()[:40]
    chosen = "unread" if request.GET.get("show") == "unread" else "all"
    if chosen == "unread":
        rows = lists.unread_of_buyer(rows)
    page = page_of(lists.as_lines(access.with_order(rows, query)), request=request, order=("-last_at", "-id"), size=25)
    wish = ContactWish.objects.filter(person=request.caller.require_person()).first()
    context = {
        "page": page,
        "rows": [show.row_of(c, Side.BUYER) for c in page],
        "open_requests": [
            {
                **show.request_of(r),
                "url": reverse("messaging:capture", args=[r.conversation.number]),
                "row": show.row_of(r.conversation, Side.BUYER),
            }
            for r in lists.open_requests_of_buyer(request.caller)
        ],
        "query": query,
        "chosen": chosen,
        "only_critical": bool(wish and wish.only_critical),
    }
    return render(request, "messaging/list.html", context)


@signed_in
def new(request: Request) -> HttpResponse:
    """Choose the order, then the subject; the form is filled with what is known (PHOTO-18, PHOTO-28)."""
    given = request.POST if request.method == "POST" else request.GET
    about = About(
        order=given.get("order", "")[:19],
        item=given.get("item", "")[:36],
        unit=int(unit) if (unit := given.get("unit", "")).isdecimal() and len(unit) < 6 else 0,
        asin=given.get("asin", "")[:10],
        seller=given.get("seller", "")[:14],
    )
    if not about.order and not about.asin:
        return render(request, "messaging/choose.html", {"orders": _recent(request)})
    place = _place(request, about)
    subjects = list(Subject) if about.order else [s for s in Subject if s in BEFORE_BUYING]
    initial = {
        "subject": given.get("subject", ""),
        "text": given.get("text", "")[:2000],
        "photos": given.get("photos", ""),
    }
    form = BeginForm(request.POST or None, subjects=subjects, initial=initial)
    beside: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        subject = Subject(data["subject"])
        try:
            made = operations.begin(
                request.caller,
                about=about,
                subject=subject,
                text=data["text"],
                photos=data["photos"] if subject in PHOTO_TYPES else "",
                request_key=data["request_key"],
                confirmed=data["confirmed"],
            )
        except Refusal as refusal:
            beside = sending.refuse(form, refusal)
        else:
            messages.success(request, _("Your message is sent. %(why)s") % {"why": wording.ROUTES[made.route_reason]})
            wants = data["photos"] == operations.SEND and subject in PHOTO_TYPES
            return redirect("messaging:capture" if wants else "messaging:conversation", made.number)
    context = {
        "form": form,
        "about": about,
        **place,
        **beside,
        "has_order": bool(about.order),
        "types": _types(request),
        "tips": show.tips(),
        "practices": show.practices(),
    }
    return render(request, "messaging/new.html", context, status=422 if form.is_bound else 200)


@signed_in
def conversation(request: Request, number: str) -> HttpResponse:
    """The thread, the state of the photo request, and the form for an answer."""
    seen = access.conversation_for(request.caller, number)
    if seen.side is not Side.BUYER:
        return redirect(show.page_of(seen.conversation, seen.side))
    form = ReplyForm(request.POST or None, request.FILES or None)
    beside: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            kept = sending.kept_files(request, data["attached"], conversation=seen.conversation)
            operations.send(
                request.caller,
                number=number,
                text=data["text"],
                kept=kept,
                request_key=data["request_key"],
                confirmed=data["confirmed"],
            )
        except Refusal as refusal:
            beside = sending.refuse(form, refusal)
        else:
            messages.success(request, _("Your message is sent."))
            return redirect("messaging:conversation", number)
    operations.mark_read(seen)
    context = {
        **thread_context(request, seen),
        "form": form,
        **beside,
        "capture_url": reverse("messaging:capture", args=[number]),
        "is_closed": seen.conversation.closed_at is not None,
        "route": wording.ROUTES.get(seen.conversation.route_reason, ""),
    }
    return render(request, "messaging/conversation.html", context, status=422 if form.is_bound else 200)


@signed_in
def thread(request: Request, number: str) -> HttpResponse:
    """The thread alone, for the page to follow what is new; nothing when nothing is."""
    seen = access.conversation_for(request.caller, number)
    if seen.side is not Side.BUYER:
        raise NotFound
    if unchanged(request, seen):
        return HttpResponse(status=204)
    operations.mark_read(seen)
    return render(request, "messaging/_thread.html", thread_context(request, seen))


@require_POST
@signed_in
def withdraw(request: Request, number: str) -> HttpResponse:
    """It is settled, or no longer wanted."""
    operations.close(request.caller, number=number, outcome=Outcome.WITHDRAWN)
    messages.success(request, _("The conversation is closed. Writing opens it again."))
    return redirect("messaging:conversation", number)


@require_POST
@signed_in
def wishes(request: Request) -> HttpResponse:
    """Whether sellers may write about anything, or only about what is critical."""
    operations.wish_contact(request.caller, only_critical=bool(request.POST.get("only_critical")))
    messages.success(request, _("Saved."))
    return redirect("messaging:list")


def _recent(request: Request) -> list[Order]:
    orders = Order.objects.filter(buyer=request.caller.require_person()).select_related("seller")
    return list(orders.prefetch_related("items__product__main_picture").order_by("-placed_at", "-id")[:20])


def _place(request: Request, about: About) -> dict[str, Any]:
    """The order and product of the form, as they are shown."""
    if about.order:
        order = order_of_buyer(request.caller, about.order)
        items = list(order.items.all())
        item = next((i for i in items if str(i.pk) == about.item), items[0] if len(items) == 1 else None)
        return {"order": order, "items": items, "item": item, "seller": order.seller}
    from fondaco.catalogue.queries.access import product_by_asin

    product = product_by_asin(about.asin)
    return {"product": product}


def _types(request: Request) -> list[dict[str, Any]]:
    """The kinds of photographs with what each must show (PHOTO-03…08)."""
    from fondaco.engine import clock
    from fondaco.policy.stores import DEFAULT

    types, _version = checks.types_now(DEFAULT, at=clock.now())
    return [
        {"title": _(kind.title), "purpose": _(kind.purpose), "shots": show.shots_of(kind), "code": kind.code}
        for kind in types.values()
    ]
