"""A buyer's photographs, out of the conversation and beside a return or a claim. A second click changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from fondaco import history
from fondaco.engine import clock, files
from fondaco.messaging.uses import PhotoCopy
from fondaco.returns.models import Return
from fondaco.sellers.access import Caller
from fondaco.service.models import GuaranteeClaim, GuaranteeEvidence, ReturnEvidence

PACKAGING = "Packaging"
"""Shots whose view begins so prove the packaging (`photo.types`)."""


def put_beside_return(caller: Caller, row: Return, photos: Sequence[PhotoCopy], *, conversation: str) -> int:
    """Put them beside a return that the caller has found; answers how many were not there before."""
    now, person = clock.now(), caller.require_person()
    with transaction.atomic():
        Return.objects.select_for_update(of=("self",)).get(pk=row.pk)
        have = set(ReturnEvidence.objects.filter(parcel=row).values_list("photo_id", flat=True))
        fresh = [photo for photo in photos if photo.pk not in have]
        ReturnEvidence.objects.bulk_create(
            ReturnEvidence(parcel=row, photo_id=photo.pk, by=person, at=now) for photo in fresh
        )
        if fresh:
            history.record(
                actor=caller,
                verb="return.evidence_added",
                subject=row,
                about={"photos": len(fresh), "conversation": conversation},
                at=now,
            )
    return len(fresh)


def put_into_guarantee(caller: Caller, claim: GuaranteeClaim, photos: Sequence[PhotoCopy]) -> int:
    """Put them into a guarantee claim that the caller has found; answers how many were not there before."""
    now, person = clock.now(), caller.require_person()
    with transaction.atomic():
        GuaranteeClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        have = set(GuaranteeEvidence.objects.filter(claim=claim).values_list("photo_id", flat=True))
        fresh = [photo for photo in photos if photo.pk not in have]
        GuaranteeEvidence.objects.bulk_create(
            GuaranteeEvidence(claim=claim, photo_id=photo.pk, by=person, at=now) for photo in fresh
        )
        if fresh:
            about = {"claim": claim.number, "photos": len(fresh)}
            history.record(
                actor=caller, verb="guarantee.photos_added", subject=claim, about=about, clause="B-PRIME-24", at=now
            )
    return len(fresh)


def as_documents(photos: Sequence[PhotoCopy]) -> list[dict[str, Any]]:
    """Entries of a claim's thread: the copy that may leave is the document, the hash of the original stands beside it."""
    return [
        {
            "kind": _kind(photo),
            "name": f"{photo.label.rsplit('.', 1)[0]}.{'jpg' if photo.is_picture else 'pdf'}",
            "sha256": photo.copy,
            "type": "jpeg" if photo.is_picture else "pdf",
            "size_bytes": files.size("documents", photo.copy),
            "photo": str(photo.pk),
            "original": photo.sha256,
        }
        for photo in photos
    ]


def _kind(photo: PhotoCopy) -> str:
    if not photo.is_picture:
        return "documents"
    return "packaging_photos" if photo.view.startswith(PACKAGING) else "item_photos"
