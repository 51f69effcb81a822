"""The operator's what-if: a draft, a period, and which refunds would differ."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fondaco import policy
from fondaco.engine import clock
from fondaco.kit.calendar import local_date
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.policy.rules import differences
from fondaco.policy.web.show import place, plain
from fondaco.returns.models import WhatIf
from fondaco.returns.models.whatif import WhatIfState
from fondaco.returns.operations import what_if
from fondaco.returns.rules.refund import Combination
from fondaco.returns.web import words
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Role
from fondaco.web import charts, dates
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of

NUMBERS = (
    "refund.late_after_days",
    "refund.late_max_pct",
    "refund.condition_max_pct",
    "refund.opened_software_max_pct",
    "refund.photo_required_from_pct",
    "return.exception_grace_days",
)


class DraftForm(forms.Form):
    """A value for each key that decides refunds; what is left as it is, is no draft. Titles are those of policy."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    given = forms.JSONField(widget=forms.HiddenInput, required=False)  # what came from the policy editor, by key
    store = forms.ChoiceField(label=gettext_lazy("Store"))
    first_date = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_date = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = clock.now()
        today = local_date(now, policy.store_of(policy.DEFAULT).zone)
        self.fields["request_key"].initial = lambda: new_id().hex
        self.fields["store"].choices = [(code, code) for code in policy.STORES]  # type: ignore[attr-defined]
        self.fields["first_date"].initial, self.fields["last_date"].initial = today - timedelta(days=30), today
        for key in NUMBERS:
            self.fields[_name(key)] = forms.IntegerField(
                label=gettext(policy.key_of(key).title), min_value=0, max_value=365 if key.endswith("_days") else 100, required=False,
                help_text=_("In force: %(value)s") % {"value": policy.value(key, at=now).value},
            )  # fmt: skip
        in_force = policy.value("refund.combination", at=now).value
        self.fields[_name("refund.combination")] = forms.ChoiceField(
            label=gettext(policy.key_of("refund.combination").title),
            choices=[
                ("", _("As it is")),
                (Combination.HIGHEST_CAP.value, _("The highest alone")),
                (Combination.SUM_OF_CAPS.value, _("Their sum")),
            ],
            required=False,
            help_text=_("In force: %(value)s")
            % {"value": _("the highest alone") if in_force == Combination.HIGHEST_CAP else _("their sum")},
        )
        free = policy.value("return.free_categories", at=now).value
        self.fields[_name("return.free_categories")] = forms.CharField(
            label=gettext(policy.key_of("return.free_categories").title), max_length=500, required=False,
            help_text=_("In force: %(value)s") % {"value": ", ".join(free)},
        )  # fmt: skip

    def clean_given(self) -> dict[str, Any]:
        given = self.cleaned_data["given"] or {}
        if not isinstance(given, dict) or not given.keys() <= set(what_if.KEYS):
            raise forms.ValidationError(gettext("This draft cannot be tried on refunds."), code="draft_unknown")
        return given

    def draft(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.cleaned_data["given"])
        for key in what_if.KEYS:
            value = self.cleaned_data.get(_name(key))
            if value in (None, ""):
                continue
            found[key] = (
                [c.strip() for c in value.split(",") if c.strip()] if key == "return.free_categories" else value
            )
        return found


def _name(key: str) -> str:
    return key.replace(".", "__")


@require_role(Role.OPERATOR)
def index(request: Request) -> HttpResponse:
    """The form, and what was tried before."""
    form = DraftForm(request.POST or None, initial=_wanted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = what_if.start(
                request.caller, store=data["store"], draft=form.draft(), first_date=data["first_date"], last_date=data["last_date"],
                request_key=data["request_key"] or new_id().hex,
            )  # fmt: skip
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The what-if runs."))
            return redirect("returns:what_if_result", row.pk)
    earlier = [_row(w) for w in WhatIf.objects.order_by("-created_at")[:10]]
    given = form["given"].value() if not form.is_bound else (form.data.get("given") or "")
    context = {"form": form, "earlier": earlier, "given": _titles(given)}
    return render(request, "returns/what_if.html", context, status=422 if form.is_bound else 200)


def _wanted(request: Request) -> dict[str, Any]:
    """What the address asks for: a draft of the policy editor, and its store."""
    found: dict[str, Any] = {}
    if request.GET.get("store") in policy.STORES:
        found["store"] = request.GET["store"]
    if given := _object(request.GET.get("draft", "")):
        found["given"] = given
    return found


def _object(given: Any) -> dict[str, Any]:
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if k in what_if.KEYS} if isinstance(found, dict) else {}


def _titles(given: Any) -> list[str]:
    return [gettext(policy.key_of(key).title) for key in sorted(_object(given))]


@require_GET
@require_role(Role.OPERATOR)
def result(request: Request, what_if_id: UUID) -> HttpResponse:
    """How far it came, and what would differ."""
    row = WhatIf.objects.filter(pk=what_if_id).first()
    if row is None:
        raise NotFound
    page = page_of(
        row.differences.select_related("refund__parcel", "refund__unit"), request=request, order=("id",), size=50
    )
    is_done = row.state == WhatIfState.DONE
    context = {
        **_row(row),
        "page": page,
        "rows": [
            {"refund": d.refund, "before": d.before_minor, "after": d.after_minor, "change": d.after_minor - d.before_minor, "why": words.WHYS.get(d.why, d.why)}
            for d in page
        ],
        "is_done": is_done,
        "chart": charts.bars(
            [(_("As it was"), row.before_minor), (_("Under the draft"), row.after_minor)],
            title=_("Refunds that differ, together"),
            written=lambda minor: dates.money(Money(int(minor), row.currency)),
        ) if row.differing else None,
        "publish": [
            {"title": gettext(policy.key_of(key).title), "url": reverse("policy:detail", args=[key])} for key in sorted(row.draft)
        ],
    }  # fmt: skip
    region = request.htmx and not request.htmx.boosted
    return render(request, "returns/what_if_result.html#live" if region else "returns/what_if_result.html", context)


def _row(row: WhatIf) -> dict[str, Any]:
    return {
        "what_if": row,
        "draft": [(gettext(policy.key_of(key).title), _shown(key, value)) for key, value in sorted(row.draft.items())],
        "change_minor": row.after_minor - row.before_minor,
        "currency": row.currency,
        "url": reverse("returns:what_if_result", args=[row.pk]),
    }


def _shown(key: str, value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _changes(key, value)
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or "–"
    return {"highest_cap": _("The highest alone"), "sum_of_caps": _("Their sum")}.get(value, str(value))


def _changes(key: str, value: Any) -> str:
    """Of a table only what differs from the one in force."""
    definition = policy.key_of(key)
    now = definition.type.write(policy.value(key, at=clock.now()).value)
    changes = differences(now, value, keys=definition.row_key)
    return "; ".join(f"{place(c.path)}: {plain(c.before)} → {plain(c.after)}" for c in changes) or "–"
