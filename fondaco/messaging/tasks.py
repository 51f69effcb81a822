"""The tasks of conversations: load by id, call one operation. The rows say what is due."""

from __future__ import annotations

import logging
from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.messaging.mail import filing
from fondaco.messaging.models import InboundMail, PhotoRequest, Upload
from fondaco.messaging.operations import requests, uploads

BATCH = 500
log = logging.getLogger("fondaco.mail")


@job(queue="fast")
def remind_of_photos(request_id: str) -> None:
    """Remind a buyer of photographs that are owed."""
    requests.remind(UUID(request_id))


@job(queue="fast")
def file_mail(mail_id: str) -> None:
    """Put one accepted mail into its thread, or refuse it by name."""
    filing.file_mail(UUID(mail_id))


@job(queue="fast")
def file_mails(mail_ids: list[str]) -> None:
    """Work off mails that came in together; one that fails is tried again by itself and holds up no other."""
    for mail_id in mail_ids:
        try:
            filing.file_mail(UUID(mail_id))
        except Exception:
            log.exception("mail %s could not be filed", mail_id)
            nudge(file_mail, mail_id)


@sweep
def reminders_due() -> None:
    """Photo requests whose next reminder is due."""
    due = PhotoRequest.objects.filter(remind_at__lte=clock.now()).order_by("remind_at").values_list("pk", flat=True)
    for pk in due[:BATCH]:
        nudge(remind_of_photos, str(pk))


@sweep
def mails_to_file() -> None:
    """Accepted mails that no task has worked off."""
    waiting = InboundMail.objects.filter(state=InboundMail.RECEIVED).order_by("received_at")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        nudge(file_mail, str(pk))


@sweep
def forgotten_uploads() -> None:
    """Files that were begun and never sent."""
    old = Upload.objects.filter(expires_at__lte=clock.now()).exclude(state=Upload.USED)
    for upload in old.order_by("expires_at")[:BATCH]:
        uploads.forget(upload)
