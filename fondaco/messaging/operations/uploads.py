"""Files on their way: in parts that may be sent again, then judged, then used by one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco import policy
from fondaco.engine import clock, files
from fondaco.kit.errors import Invalid
from fondaco.messaging.evidence import look
from fondaco.messaging.models import Upload, UploadPart
from fondaco.messaging.operations.errors import AttachmentsRefused, UploadNotReady, UploadStopped
from fondaco.messaging.operations.files import Kept, NewFile, keep, safe_name
from fondaco.messaging.queries.access import conversation_for, upload_for
from fondaco.policy.stores import DEFAULT
from fondaco.sellers.access import Caller

MOST_WAITING = 40
PART_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Chosen:
    """An upload that goes with a message, with its label as it was edited."""

    upload: str
    label: str = ""
    view: str = ""


def begin_upload(
    caller: Caller,
    *,
    name: str,
    size_bytes: int,
    view: str = "",
    number: str = "",
    request_key: str = "",
    at: datetime | None = None,
) -> Upload:
    """A file of this size will come in parts. Refuses one that is too large before any of it is sent.

    Raises SignInRequired, NotFound (of the conversation), AttachmentsRefused.
    """
    person, at = caller.require_person(), at or clock.now()
    if request_key and (earlier := Upload.objects.filter(person=person, request_key=request_key).first()):
        return earlier
    conversation = conversation_for(caller, number).conversation if number else None
    store = conversation.seller.store if conversation else DEFAULT
    most = int(policy.value("photo.max_bytes", store, at=at).value)
    shown = safe_name(name)
    if not 0 < size_bytes <= most:
        code = "attachment_too_large" if size_bytes > most else "file_empty"
        finding = {"code": code, "severity": "error", "measured": size_bytes, "limit": most, "clause": "B-PHOTO-01"}
        raise AttachmentsRefused(count=1, files=[{"name": shown, "findings": [finding]}])
    with transaction.atomic():
        waiting = Upload.objects.filter(person=person).exclude(state=Upload.USED).order_by("-created_at")
        for old in waiting[MOST_WAITING:]:
            forget(old)
        return Upload.objects.create(
            person=person,
            conversation=conversation,
            file_name=shown,
            view=view[:40],
            size_bytes=size_bytes,
            request_key=request_key,
            created_at=at,
        )


def add_part(caller: Caller, *, upload_id: str | UUID, offset: int, data: bytes, at: datetime | None = None) -> Upload:
    """The next part; the same part again changes nothing. With the last one the file is judged.

    Raises NotFound, UploadStopped (with the bytes that have arrived), Invalid for a part that is too large.
    """
    found, at = upload_for(caller, upload_id), at or clock.now()
    if not data or len(data) > PART_BYTES:
        raise Invalid(size_bytes=len(data), limit_bytes=PART_BYTES)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=found.pk)
        is_repeat = offset + len(data) <= upload.received_bytes
        if not is_repeat:
            if offset != upload.received_bytes or offset + len(data) > upload.size_bytes:
                raise UploadStopped(received_bytes=upload.received_bytes)
            files.put_named("documents", _part_name(upload, offset), data)
            UploadPart.objects.create(upload=upload, offset=offset, size_bytes=len(data), sha256="")
            upload.received_bytes += len(data)
            upload.save(update_fields=["received_bytes"])
    if upload.received_bytes == upload.size_bytes and upload.state == Upload.RECEIVING:
        upload = judge_upload(upload.pk, at=at)
    return upload


def judge_upload(upload_id: UUID, *, at: datetime | None = None) -> Upload:
    """Judge a file that has arrived whole and keep it. Outside any transaction, safe to repeat."""
    at = at or clock.now()
    upload = Upload.objects.select_related("conversation__seller").get(pk=upload_id)
    if upload.state != Upload.RECEIVING or upload.received_bytes < upload.size_bytes:
        return upload
    offsets = list(upload.parts.order_by("offset").values_list("offset", flat=True))
    data = b"".join(files.read("documents", _part_name(upload, offset)) for offset in offsets)
    store = upload.conversation.seller.store if upload.conversation else DEFAULT
    kept = keep(NewFile(upload.file_name, data, upload.view), store=store, at=at)
    state = Upload.REFUSED if kept.refused else Upload.READY
    facts = {"facts": dict(kept.facts), "refused": list(kept.refused)}
    changed = Upload.objects.filter(pk=upload.pk, state=Upload.RECEIVING)
    if changed.update(state=state, kept=facts, sha256=kept.facts["sha256"]):
        for offset in offsets:
            files.delete("documents", _part_name(upload, offset))
    upload.refresh_from_db()
    return upload


def kept_of(caller: Caller, chosen: Sequence[Chosen]) -> list[Kept]:
    """The judged files of these uploads. Raises NotFound, UploadNotReady."""
    made = []
    for each in chosen[:MOST_WAITING]:
        upload = upload_for(caller, each.upload)
        if upload.state == Upload.RECEIVING:
            raise UploadNotReady(name=upload.file_name)
        refused = tuple(upload.kept.get("refused", ()))
        made.append(Kept(upload.file_name, each.view or upload.view, each.label, upload.kept["facts"], refused))
    return made


def use(caller: Caller, chosen: Sequence[Chosen]) -> None:
    """They belong to a message now; inside or after its transaction."""
    pks = [each.upload for each in chosen]
    Upload.objects.filter(person=caller.require_person(), pk__in=pks, state=Upload.READY).update(state=Upload.USED)


def take_away(caller: Caller, *, upload_id: str | UUID) -> None:
    """The buyer does not want to send it after all. Raises NotFound."""
    forget(upload_for(caller, upload_id))


def forget(upload: Upload) -> None:
    """An upload that nobody will use: its row and parts go. What was kept of a judged file stays by its content."""
    for offset in upload.parts.values_list("offset", flat=True):
        files.delete("documents", _part_name(upload, offset))
    upload.delete()


def alike(upload: Upload, others: Sequence[Upload]) -> Upload | None:
    """Another upload that shows the same shot."""
    own = upload.kept.get("facts", {}).get("shot_hash")
    for other in others:
        theirs = other.kept.get("facts", {}).get("shot_hash")
        if other.pk != upload.pk and own is not None and theirs is not None and look.same_shot(own, theirs):
            return other
    return None


def _part_name(upload: Upload, offset: int) -> str:
    return f"parts/{upload.pk.hex}/{offset:010d}"
