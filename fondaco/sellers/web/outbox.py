"""The mails that this store wrote: its own mailbox where no provider is set. Text only, nothing of it is rendered."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from fondaco.engine import sealing
from fondaco.engine.outbox_models import OutboxMail
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Request
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Role
from fondaco.web.access import to_sign_in
from fondaco.web.paging import page_of


def listing(request: Request) -> HttpResponse:
    """Newest first. The operator's; in a demo store everybody's, because its people have no other mailbox."""
    if refused := _refused(request):
        return refused
    mails = OutboxMail.objects.defer("html", "attachments")
    page = page_of(mails, request=request, order=("-created_at", "-id"), size=50)
    return render(request, "sellers/outbox.html", {"page": page})


def mail(request: Request, mail_id: str) -> HttpResponse:
    """One mail."""
    if refused := _refused(request):
        return refused
    found = OutboxMail.objects.filter(pk=as_id(mail_id)).first()
    if found is None:
        raise NotFound
    return render(request, "sellers/outbox_mail.html", {"mail": found, "text": sealing.unseal(found.text)})


def _refused(request: Request) -> HttpResponse | None:
    if settings.DEMO:
        return None
    if not request.caller.is_signed_in:
        return to_sign_in(request)
    if not request.caller.has(Role.OPERATOR):
        raise NotFound
    return None
