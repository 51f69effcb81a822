"""Contacts that customer service answers (Q-42)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import Side
from fondaco.messaging.web.seller import list_context
from fondaco.sellers.access import Request
from fondaco.web.access import require_role


@require_role(*access.SERVICE_ROLES)
def listing(request: Request) -> HttpResponse:
    """Contacts, by when an answer is due; `?show=` chooses a list, `?q=` finds by order."""
    context = list_context(request, access.contacts(request.caller), Side.SERVICE)
    context["reports"] = len(lists.open_reports(request.caller))
    return render(request, "messaging/desk_list.html", context)
