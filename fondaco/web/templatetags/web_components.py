"""Components that wrap content or need the request."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from fondaco.web.tones import icon_of, tone_of

register = template.Library()

_HERE = "\ue000"  # of no script and no keyboard: stands where the content goes


def _render(name: str, **values: Any) -> SafeString:
    return render_to_string(f"web/components/{name}.html", values)


def _around(content: str, name: str, **values: Any) -> SafeString:
    """A component around its content. A list has the same frame in every row: it is rendered once a language."""
    # Safe text and plain text are equal to Python and not to a template, so the key says which it is.
    key = tuple((k, hasattr(v, "__html__"), v if isinstance(v, bool) else str(v)) for k, v in values.items())
    before, after = _frame(name, get_language() or "", key)
    return mark_safe(f"{before}{conditional_escape(content)}{after}")


@lru_cache(maxsize=1024)
def _frame(name: str, language: str, key: tuple[tuple[str, bool, Any], ...]) -> tuple[str, str]:
    values = {k: mark_safe(v) if is_safe else v for k, is_safe, v in key}
    before, _, after = _render(name, content=_HERE, **values).partition(_HERE)
    return before, after


@register.simple_tag
def pill(text: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """A status. `tone` may also be a severity, a message level or a diagnosis state."""
    known = tone_of(tone)
    return _around(text if hasattr(text, "__html__") else str(text), "pill", tone=known, icon=icon or icon_of(known))


@register.simple_tag
def copyable(text: Any, label: str = "") -> SafeString:
    """Something to copy, with a button where there is script."""
    return _render("copyable", text=text, label=label)


@register.simple_block_tag
def panel(
    content: str, title: str = "", flush: bool = False, level: int = 2, note: str = "", id: str = ""
) -> SafeString:
    """A framed part of a page. `flush`: its content runs to the edges (tables, pictures)."""
    return _render("panel", content=content, title=title, flush=flush, level=level, note=note, id=id)


@register.simple_block_tag
def notice(content: str, tone: str = "neutral", title: str = "", icon: str = "") -> SafeString:
    """A message that belongs to the page, not to an action just taken."""
    known = tone_of(tone)
    marks = {"neutral": "info", "progress": "info", "good": "check", "warn": "warning", "bad": "stop"}
    return _render("notice", content=content, tone=known, title=title, icon=icon or marks[known])


@register.simple_block_tag
def emptystate(content: str, title: str = "", icon: str = "box") -> SafeString:
    """Nothing here yet: says so, and the content says what to do next."""
    return _render("empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def menu(
    content: str, label: str = "", icon: str = "", kind: str = "", end: bool = False, hide_label: bool = False
) -> SafeString:
    """A button that opens a list of links and buttons: the Edit menu. `end` hangs it on the far edge."""
    return _around(content, "menu", label=label, icon=icon, kind=kind, end=end, hide_label=hide_label)


@register.simple_block_tag
def dialog(content: str, id: str = "dialog", title: str = "", wide: bool = False, open: bool = False) -> SafeString:
    """A dialog of the browser's own kind. Opened by `data-dialog="id"`, or `open` when htmx has brought it."""
    return _render("dialog", content=content, id=id, title=title, wide=wide, open=open)


@register.simple_block_tag
def disclosure(content: str, title: str = "", open: bool = False) -> SafeString:
    """A part that is folded away until wanted."""
    return _render("disclosure", content=content, title=title, open=open)


@register.simple_block_tag
def live(content: str, url: str = "", id: str = "live", every: int = 2, done: bool = False) -> SafeString:
    """A region that asks `url` for itself every so many seconds until an answer comes with `done`."""
    return _render("live", content=content, url=url, id=id, every=every, done=done)


@register.simple_tag(takes_context=True)
def sort_header(context: Context, key: str, label: Any, numeric: bool = False, default: str = "") -> SafeString:
    """A `<th>` whose link sorts by `?sort=key`, then `-key`. The rest of the query stays; the page begins anew."""
    query = context["request"].GET.copy()
    current = query.get("sort", default)
    query.pop("cursor", None)
    query["sort"] = f"-{key}" if current == key else key
    direction = {"": "", key: "ascending", f"-{key}": "descending"}.get(current, "")
    return _render("sort_header", label=label, href=f"?{query.urlencode()}", direction=direction, numeric=numeric)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """This page's query with changes: `{% with_query status="open" cursor=None %}`; None takes a key out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"
