"""Shipping settings with advice, and the seller's rates against targets as charts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import policy
from fondaco.engine import clock
from fondaco.fulfilment.models import ShippingTemplate, VolumeControl
from fondaco.fulfilment.queries.metrics import performance_of
from fondaco.fulfilment.rules.advice import SettingsFacts, suggestions
from fondaco.fulfilment.rules.metrics import WHOLE, Code, Measure
from fondaco.fulfilment.web import prime_words as words
from fondaco.fulfilment.web.buying import shipping_tabs
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web import charts, dates
from fondaco.web.access import require_seller
from fondaco.web.refusals import filled


@require_seller
def settings(request: Request) -> HttpResponse:
    """What could be faster, and where to change it."""
    seller = request.caller.require_seller(Capability.VIEW)
    advice = policy.value("prime.suggestions", seller.store, at=clock.now())
    done = suggestions(settings_facts(seller))
    rows = [
        {"words": filled(row["label"], {}), "done": done.get(row["code"], False), "url": _where(row["code"])}
        for row in advice.value
    ]
    context = {
        "rows": rows,
        "open": sum(not row["done"] for row in rows),
        "templates": ShippingTemplate.objects.filter(seller=seller, removed_at=None).order_by("-is_default", "name"),
        "ship_from": seller.ship_from,
        "tabs": shipping_tabs("settings"),
    }
    return render(request, "fulfilment/settings.html", context)


@require_seller
def performance(request: Request) -> HttpResponse:
    """Rates of the last thirty days, each beside its target and the policy version that sets it."""
    seller = request.caller.require_seller(Capability.VIEW)
    found = performance_of(seller, at=clock.now())
    measured = [week for week in found.trend if week[1].of]
    context = {
        "rows": [measure_row(each, measure_words(each.code)) for each in found.measures],
        "speeds": [
            (words.TIERS[tier], [measure_row(each, _speed_words(name)) for name, each in rows])
            for tier, rows in found.speeds
        ],
        "trend": charts.lines(
            [(_("Delivered on time, %"), [(rate.basis or 0) / 100 for _day, rate in measured])],
            labels=[dates.day(day) for day, _rate in measured],
            title=_("On-time delivery by week"),
        )
        if len(measured) > 1
        else None,
        "enforced": found.mode == "enforce",
        "days": found.days,
        "tabs": shipping_tabs("performance"),
    }
    return render(request, "fulfilment/performance.html", context)


def settings_facts(seller: SellerAccount) -> SettingsFacts:
    """The default template and the cut-offs as the rule of advice takes them."""
    template = ShippingTemplate.objects.filter(seller=seller, is_default=True, removed_at=None).first()
    volume = VolumeControl.objects.filter(seller=seller).first()
    published = policy.value("prime.cutoff", seller.store, at=clock.now()).value
    regions = [option.regions for option in template.options.all()] if template else []
    return SettingsFacts(
        ships_saturday=bool(template and template.ships_saturday),
        ships_sunday=bool(template and template.ships_sunday),
        automation=bool(template and template.automation),
        covers_contiguous=any(not each or "contiguous" in each for each in regions) or not template,
        cutoffs=dict(volume.cutoffs) if volume else {},
        published={day: str(when)[:5] if when else None for day, when in published.items()},
    )


def _where(code: str) -> str:
    return reverse("fulfilment:prime") if code == "later_cutoff" else reverse("fulfilment:templates")


def measure_row(measure: Measure, label: str) -> dict[str, Any]:
    """One rate beside its target, with its chart."""
    target, value = measure.target, measure.value
    limit = target and (target.least if target.least is not None else target.most)
    is_share = measure.code is not Code.PACKAGES
    return {
        "words": label,
        "value": _written(value, is_share),
        "of": measure.rate.of,
        "good": measure.rate.good,
        "target": _target_words(measure, is_share),
        "met": measure.met,
        "clause": measure.clause,
        "version": target.version if target else "",
        "chart": charts.meter(
            label=label,
            value=(value or 0) / 100 if is_share else value or 0,
            least=_part(target.least if target else None, is_share),
            most=_part(target.most if target else None, is_share),
            top=100 if is_share else max(100, value or 0, limit or 0),
        )
        if value is not None
        else None,
    }


def _part(number: int | None, is_share: bool) -> float | int | None:
    return None if number is None else number / 100 if is_share else number


def _written(value: int | None, is_share: bool) -> str:
    if value is None:
        return _("Nothing to measure yet")
    return f"{dates.number(value * 100 / WHOLE)} %" if is_share else dates.number(value)


def _target_words(measure: Measure, is_share: bool) -> str:
    target = measure.target
    if target is None:
        return _("No target")
    if target.least is not None:
        return _("at least %(limit)s") % {"limit": _written(target.least, is_share)}
    return _("at most %(limit)s") % {"limit": _written(target.most, is_share)}


def measure_words(code: Code) -> str:
    """What is measured."""
    return {
        Code.ON_TIME_DELIVERY: _("Delivered on time"),
        Code.ON_TIME_SHIPMENT: _("Shipped on time"),
        Code.VALID_TRACKING: _("Valid tracking"),
        Code.BUY_SHIPPING: _("Labels bought here"),
        Code.CANCELLATIONS: _("Cancelled by you"),
        Code.PACKAGES: _("Parcels"),
    }[code]


def _speed_words(name: str) -> str:
    return {
        "one_day": _("Promised within one day"),
        "two_day": _("Promised within two days"),
        "five_day": _("Promised within five days"),
    }[name]
