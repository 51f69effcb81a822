"""The table of mails that were written."""

from __future__ import annotations

from django.db import models

from fondaco.engine import clock
from fondaco.kit.ids import new_id


class OutboxMail(models.Model):
    """One mail, written in the same transaction as its cause.

    `kept`: no provider is set, here it can be looked at. `waiting` → `sent` with a provider. `key`, where given,
    makes writing the same mail twice one mail; `attachments` are lists of name, type and document name.
    """

    KEPT, WAITING, SENT = "kept", "waiting", "sent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - null, so that many have none
    state = models.CharField(max_length=8, default=KEPT)
    from_email = models.CharField(max_length=320)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    headers = models.JSONField(default=dict)
    subject = models.CharField(max_length=998)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["kept", "waiting", "sent"]), name="outbox_mail_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
