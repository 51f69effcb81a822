"""Handed-in files: judged once, kept as they came, with the copies that may leave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fondaco import policy
from fondaco.engine import files
from fondaco.kit.facts import plain
from fondaco.kit.text import line, shorten
from fondaco.messaging.evidence.judge import Judged, judge_file
from fondaco.messaging.evidence.paper import paper_of_pages
from fondaco.messaging.models import Attachment, Message, PhotoRequest
from fondaco.messaging.operations.errors import AttachmentsRefused, AttachmentsTooLarge
from fondaco.messaging.rules.privacy import file_name_without_addresses

NAME_LIMIT = 120
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it was handed in, with the shot it shows and its label."""

    name: str
    data: bytes
    view: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A judged file whose original and copies are on file; `facts` are the columns of an attachment."""

    name: str
    view: str
    label: str
    facts: Mapping[str, Any]
    refused: Sequence[Mapping[str, Any]] = ()

    @property
    def size_bytes(self) -> int:
        return int(self.facts["size_bytes"])


def safe_name(name: str) -> str:
    """A file name without path, addresses, control characters and what systems forbid; never empty, its ending kept."""
    bare = _UNSAFE.sub("_", file_name_without_addresses(name.replace("\\", "/").rsplit("/", 1)[-1]))
    cleaned = line(bare, limit=1_000_000).strip(". ") or "photo"
    stem, dot, ending = cleaned.rpartition(".")
    if dot and len(ending) <= 8 and len(cleaned) > NAME_LIMIT:
        return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
    return shorten(cleaned, NAME_LIMIT)


def keep(new: NewFile, *, store: str, at: datetime) -> Kept:
    """Judge a file and keep it. Touches no database; safe to repeat. A refused file is not kept."""
    formats = policy.value("photo.formats", store, at=at).value
    most = policy.value("photo.max_bytes", store, at=at).value
    judged = judge_file(new.data, name=new.name, formats=tuple(formats), max_bytes=int(most))
    refused = [f.as_dict() for f in judged.refused]
    facts = _facts(judged, new.data) if not refused else {"size_bytes": judged.size_bytes, "sha256": judged.sha256}
    return Kept(safe_name(new.name), new.view, new.label, facts, tuple(plain(refused)))


def check_all(kept: Sequence[Kept], *, store: str, at: datetime) -> None:
    """Refuses files that may not be sent, each with its reason, and more bytes than one message carries."""
    bad = [{"name": k.name, "findings": list(k.refused)} for k in kept if k.refused]
    if bad:
        raise AttachmentsRefused(count=len(bad), files=bad)
    most = int(policy.value("photo.max_bytes", store, at=at).value)
    total = sum(k.size_bytes for k in kept)
    if total > most:
        raise AttachmentsTooLarge(limit=megabytes(most), size=megabytes(total), total_bytes=total, limit_bytes=most)


def attach(message: Message, kept: Sequence[Kept], *, request: PhotoRequest | None) -> list[Attachment]:
    """The rows of a message's files; inside the message's transaction."""
    rows = [
        Attachment(
            message=message,
            request=request,
            place=place,
            file_name=k.name,
            label=k.label,
            view=k.view,
            created_at=message.created_at,
            **k.facts,
        )
        for place, k in enumerate(kept)
    ]
    return Attachment.objects.bulk_create(rows)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _facts(judged: Judged, data: bytes) -> dict[str, Any]:
    files.put("originals", data)
    clean = paper_of_pages(judged.pages) if judged.pages else judged.clean
    return {
        "sha256": judged.sha256,
        "format": judged.format,
        "size_bytes": judged.size_bytes,
        "width": judged.width,
        "height": judged.height,
        "findings": plain([f.as_dict() for f in judged.advice]),
        "had_location": judged.had_location,
        "shot_hash": judged.shot_hash,
        "copy": files.put("documents", clean),
        "preview": files.put("documents", judged.preview),
        "thumb": files.put("documents", judged.thumb),
    }
