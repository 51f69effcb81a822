"""Shipping templates: what a seller offers where, in how many days, for how much."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.fulfilment.models import ShippingTemplate
from fondaco.fulfilment.operations import templates
from fondaco.fulfilment.operations.templates import REGIONS, NewOption, OptionWrong, Weekend
from fondaco.fulfilment.queries.programme import templates_of
from fondaco.fulfilment.queries.sides import ships_from
from fondaco.fulfilment.rules.promise import Speed
from fondaco.fulfilment.rules.regions import AUTOMATIC, states_within
from fondaco.fulfilment.web import prime_words as words
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders.web.words import SPEEDS
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.refusals import spoken

_STATES = re.compile(r"[A-Za-z]{2}")
WEEKEND = ("ships_saturday", "ships_sunday", "delivers_saturday", "delivers_sunday", "ships_holidays")


@require_seller
def listing(request: Request) -> HttpResponse:
    """The account's templates."""
    rows = [
        {"template": t, "options": [_shown(o, _origin(request)) for o in _sorted(t)]}
        for t in templates_of(request.caller)
    ]
    context = {
        "rows": rows,
        "currency": _currency(request),
        "may_edit": request.caller.may(Capability.EDIT_ACCOUNT),
    }
    return render(request, "fulfilment/templates.html", context)


@require_seller
def edit(request: Request, template_id: str = "") -> HttpResponse:
    """Make one or change one."""
    request.caller.require_seller(Capability.EDIT_ACCOUNT)
    row = next((t for t in templates_of(request.caller) if str(t.pk) == template_id), None)
    if template_id and row is None:
        raise NotFound(what="template")
    refused = None
    if request.method == "POST":
        try:
            _saved(request, row)
        except Refusal as refusal:
            refused = spoken(refusal)
        else:
            messages.success(request, _("The template is saved. It counts for orders from now on."))
            return redirect("fulfilment:templates")
    context = {
        "row": row,
        "refused": refused,
        "name": request.POST.get("name", row.name if row else ""),
        "speeds": [_asked(speed, row, request) for speed in Speed],
        "weekend": [
            (name, label, (request.POST.get(name) == "yes") if request.POST else bool(row and getattr(row, name)))
            for name, label in zip(WEEKEND, _weekend_words(), strict=True)
        ],
        "automation": (request.POST.get("automation") == "yes") if request.POST else bool(row and row.automation),
        "automatic": _automatic(request, row),
        "currency": _currency(request),
        "request_key": request.POST.get("request_key") or new_id().hex,
        "is_default": row is None or row.is_default,
    }
    return render(request, "fulfilment/template.html", context, status=422 if refused else 200)


@require_POST
@require_seller
def remove(request: Request, template_id: str) -> HttpResponse:
    """Away with it."""
    templates.remove_template(request.caller, template_id=template_id)
    messages.success(request, _("The template is removed; its offers use the default."))
    return redirect("fulfilment:templates")


def _saved(request: Request, row: ShippingTemplate | None) -> ShippingTemplate:
    post, currency = request.POST, _currency(request)
    options = [
        NewOption(
            speed=speed.value,
            transit_days=_days(post.get(f"days-{speed.value}", ""), speed.value),
            price_minor=Money.parse(post.get(f"price-{speed.value}") or "0", currency).minor,
            further_minor=Money.parse(post.get(f"further-{speed.value}") or "0", currency).minor,
            regions=_regions(post, speed.value),
        )
        for speed in Speed
        if post.get(f"use-{speed.value}") == "yes"
    ]
    return templates.save_template(
        request.caller,
        name=post.get("name", ""),
        options=options,
        weekend=Weekend(**{name: post.get(name) == "yes" for name in WEEKEND}),
        template_id=row.pk if row else None,
        automation=post.get("automation") == "yes",
        make_default=post.get("default") == "yes",
        request_key="" if row else post.get("request_key", "")[:64],
    )


def _regions(post: Any, speed: str) -> tuple[str, ...]:
    named = [r for r in post.getlist(f"regions-{speed}") if r in REGIONS]
    states = [f"US-{s.upper()}" for s in _STATES.findall(post.get(f"states-{speed}", ""))]
    return tuple(dict.fromkeys([*named, *states])) or ("contiguous",)


def _days(text: str, speed: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise OptionWrong(speed=speed)
    return int(text)


def _asked(speed: Speed, row: ShippingTemplate | None, request: Request) -> dict[str, Any]:
    option = next((o for o in row.options.all() if o.speed == speed.value), None) if row else None
    currency, post = _currency(request), request.POST
    default_days = {"same_day": 0, "one_day": 1, "two_day": 2, "standard": 5, "economy": 8}[speed.value]
    regions = list(option.regions) if option else ["contiguous"]
    if post:
        regions = list(_regions(post, speed.value))
    return {
        "key": speed.value,
        "label": SPEEDS[speed.value],
        "use": post.get(f"use-{speed.value}") == "yes"
        if post
        else bool(option) or (row is None and speed == "standard"),
        "days": post.get(f"days-{speed.value}", option.transit_days if option else default_days),
        "price": post.get(f"price-{speed.value}", _major(option.price_minor, currency) if option else "0"),
        "further": post.get(f"further-{speed.value}", _major(option.further_minor, currency) if option else "0"),
        "regions": [(key, label, key in regions) for key, label in words.REGIONS.items()],
        "states": ", ".join(r.removeprefix("US-") for r in regions if r.startswith("US-")),
    }


def _shown(option: Any, origin: Any) -> dict[str, Any]:
    regions = [str(words.REGIONS.get(r, r.removeprefix("US-"))) for r in option.regions]
    is_automatic = option.template.automation and origin is not None and option.speed in AUTOMATIC
    if is_automatic:
        regions = list(states_within(origin, days=option.transit_days))
    return {
        "option": option,
        "label": SPEEDS[option.speed],
        "regions": ", ".join(regions) or _("none"),
        "is_automatic": is_automatic,
    }


def _automatic(request: Request, row: ShippingTemplate | None) -> list[dict[str, Any]]:
    """What automation chooses for each fast option from the ship-from address; empty without an address."""
    origin = _origin(request)
    if origin is None:
        return []
    days = {o.speed: o.transit_days for o in row.options.all()} if row else {}
    return [
        {
            "label": SPEEDS[speed.value],
            "states": ", ".join(states_within(origin, days=days.get(speed.value, usual))) or _("none"),
        }
        for speed, usual in ((Speed.ONE_DAY, 1), (Speed.TWO_DAY, 2))
    ]


def _origin(request: Request) -> Any:
    return ships_from(request.caller.require_seller())


def _sorted(template: ShippingTemplate) -> list[Any]:
    order = [s.value for s in Speed]
    return sorted(template.options.all(), key=lambda o: order.index(o.speed))


def _major(minor: int, currency: str) -> str:
    return format(Money(minor, currency).amount, "f")


def _currency(request: Request) -> str:
    return store_of(request.caller.require_seller().store).currency


def _weekend_words() -> tuple[str, ...]:
    return (
        _("Parcels leave on Saturday"),
        _("Parcels leave on Sunday"),
        _("Carriers deliver on Saturday"),
        _("Carriers deliver on Sunday"),
        _("Parcels leave on public holidays, too"),
    )
