"""The operator reads policy, sees what a change would differ in, publishes it, and takes back what has not begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.policy import cache, operations, queries
from fondaco.policy.rules import differences
from fondaco.policy.shipped import Key, key_of
from fondaco.policy.stores import DEFAULT, STORES, Store, store_of
from fondaco.policy.web import trying
from fondaco.policy.web.forms import PublishForm
from fondaco.policy.web.show import place, plain, shown
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with

_SEARCH_LIMIT = 100
_EVENTS_SHOWN = 50


@require_GET
@require_role("operator")
def index(request: HttpRequest) -> HttpResponse:
    """All keys of one store, grouped; `?q=` searches, `?store=` chooses."""
    store = _store(request)
    search = request.GET.get("q", "").replace("\x00", "")[:_SEARCH_LIMIT]
    groups = queries.all_keys(store=store.code, at=clock.now(), search=search)
    context = {
        "groups": [
            (group.area, [(row, shown(row.key.type, row.value.value).text) for row in group.rows]) for group in groups
        ],
        "store": store,
        "stores": STORES.values(),
        "search": search,
    }
    return render(request, "policy/list.html", context)


@require_GET
@require_role("operator")
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One key: its value, every version, who changed what, and the form for the next version."""
    definition, store = key_of(key), _store(request)
    return render(request, "policy/detail.html", _page(definition, store, _form(definition, store)))


@require_POST
@require_role("operator")
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """A new version; with `preview`, only what it would change."""
    definition, store = key_of(key), _store(request)
    form = _form(definition, store, request.POST)
    if not form.is_valid():
        return render(request, "policy/detail.html", _page(definition, store, form), status=422)
    if "preview" in request.POST:
        page = _page(definition, store, form, changes=_changes(definition, form))
        page["try_url"] = trying.address(definition.key, store=store.code, raw=form.cleaned_data["raw"])
        return render(request, "policy/detail.html", page)
    try:
        _publish(request, definition, form.cleaned_data)
    except Refusal as refusal:
        refuse_with(form, refusal)
        return render(request, "policy/detail.html", _page(definition, store, form), status=422)
    messages.success(request, _("The new version is published."))
    return redirect(_address(definition, store))


@require_POST
@require_role("operator")
def withdraw(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take back a version that has not begun."""
    definition, store = key_of(key), _store(request)
    operations.withdraw(version=f"{definition.key}@{store.code}#{number}", author=request.caller)  # type: ignore[attr-defined]
    messages.success(request, _("The version is withdrawn."))
    return redirect(_address(definition, store))


@transaction.atomic
def _publish(request: HttpRequest, definition: Key, cleaned: dict[str, Any]) -> None:
    for store in cleaned["stores"]:
        operations.publish(
            key=definition.key,
            store=store,
            value=cleaned["raw"],
            author=request.caller,  # type: ignore[attr-defined]
            effective_from=cleaned["begins"],
            effective_to=cleaned["ends"],
            note=cleaned["note"],
        )


def _store(request: HttpRequest) -> Store:
    """The store of the page. Refuses codes that no store has."""
    return store_of(request.POST.get("store") or request.GET.get("store") or DEFAULT)


def _form(definition: Key, store: Store, data: Any = None) -> PublishForm:
    return PublishForm(data, key=definition, current=cache.current().value(definition.key, store.code, at=clock.now()))


def _changes(definition: Key, form: PublishForm) -> list[dict[str, Any]]:
    """What would differ, store by store, at the moment the version begins."""
    begins, found = form.cleaned_data["begins"] or clock.now(), []
    for code in form.cleaned_data["stores"]:
        before = cache.current().value(definition.key, code, at=begins).value
        changes = differences(definition.type.write(before), form.cleaned_data["raw"], keys=definition.row_key)
        lines = [(place(change.path), plain(change.before), plain(change.after)) for change in changes]
        found.append({"store": store_of(code), "lines": lines})
    return found


def _page(definition: Key, store: Store, form: PublishForm, changes: Any = None) -> dict[str, Any]:
    now = clock.now()
    value = cache.current().value(definition.key, store.code, at=now)
    return {
        "key": definition,
        "store": store,
        "value": value,
        "shown": shown(definition.type, value.value),
        "versions": [
            (row, shown(definition.type, row.version.value))
            for row in queries.history_of(definition.key, store=store.code, at=now)
        ],
        "events": history.timeline(("policy.key", definition.key), limit=_EVENTS_SHOWN),
        "own": queries.stores_with_own_value(definition.key, at=now),
        "form": form,
        "changes": changes,
        "tabs": [_tab(definition, other, store) for other in STORES.values()],
        "trail": [(_("Policy"), _list_address(store)), (_(definition.title), "")],
    }


def _tab(definition: Key, other: Store, here: Store) -> dict[str, Any]:
    return {"label": _(other.name), "url": _address(definition, other), "current": other is here, "count": None}


def _address(definition: Key, store: Store) -> str:
    return f"{reverse('policy:detail', args=[definition.key])}?store={store.code}"


def _list_address(store: Store) -> str:
    return f"{reverse('policy:list')}?store={store.code}"
