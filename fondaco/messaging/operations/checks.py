"""What a message is judged by before it is written: blocked content, reminders, labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from fondaco import policy
from fondaco.engine import files
from fondaco.kit.text import paragraphs
from fondaco.messaging.evidence import graphics
from fondaco.messaging.models import Conversation, PhotoRequest
from fondaco.messaging.operations.errors import ContentBlocked, LabelsRefused, NothingSaid, PleaseCheck
from fondaco.messaging.operations.files import Kept
from fondaco.messaging.rules import blocked, photos, tone
from fondaco.messaging.rules.photos import Labels, PhotoType, photo_types
from fondaco.messaging.rules.words import Side

TEXT_LIMIT = 4_000


def clean_text(text: str, *, has_files: bool) -> str:
    """Raises NothingSaid, TextTooLong."""
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said and not has_files:
        raise NothingSaid
    return said


def require_permitted(text: str, *, store: str, at: datetime, is_first: bool, kept: Sequence[Kept] = ()) -> str:
    """Refuses what a seller may not send (B-PHOTO-04), in words or in pictures; answers the policy version that was used."""
    value = policy.value("message.blocked_content", store, at=at)
    looks = {k.name: graphics.look_at(files.read("documents", k.facts["preview"])) for k in kept if not k.refused}
    draft = blocked.Draft(
        text=text,
        is_first=is_first,
        own_hosts=own_hosts(),
        files=tuple(k.name for k in kept),
        logos=tuple(name for name, look in looks.items() if look.is_logo),
        codes=tuple(code for look in looks.values() for code in look.codes),
    )
    found = blocked.find_blocked(draft, codes=[row["code"] for row in value.value])
    if found:
        said = "; ".join(f"“{each.words}”" for each in found)
        raise ContentBlocked(found=said, blocked=[{"code": b.code, "words": b.words} for b in found])
    return value.version


def require_labels(kept: Sequence[Kept], *, store: str, at: datetime) -> None:
    """Raises LabelsRefused: from two photographs on each needs a label of its own (Q-50)."""
    faults = photos.check_labels([k.label for k in kept], labels=labels_of(store, at=at))
    if faults:
        raise LabelsRefused(
            example="ProductDefect_FrontView", faults=[{"place": f.measured, "code": f.code} for f in faults]
        )


def reminders_for(
    *,
    text: str,
    side: Side,
    conversation: Conversation | None,
    request: PhotoRequest | None,
    kept: Sequence[Kept],
    at: datetime,
) -> list[dict[str, Any]]:
    """What to think of before sending: tone (Q-51), shots not shown, wishes not followed, the buyer's language."""
    said: list[dict[str, Any]] = []
    found = tone.tone_of(text)
    if found.needs_reminder:
        said.append({"code": "tone", "words": list(found.words), "shouts": found.shouts, "clause": "PHOTO-32"})
    if side is Side.BUYER and request and kept:
        kind = photo_type(request.type, by_version=request.policy_version)
        missing = photos.missing_shots(kind, [k.view for k in kept])
        said += [
            {"code": "shot_missing", "shot": shot.title, "view": shot.view, "clause": "PHOTO-03"} for shot in missing
        ]
        wanted = photos.preferences_of(request.preferences)
        advice = photos.against_preferences(
            wanted, [(k.facts["format"], max(k.facts["width"], k.facts["height"])) for k in kept]
        )
        said += [{"code": f.code, "measured": f.measured, "limit": f.limit, "clause": f.clause} for f in advice]
    if side is Side.SELLER and conversation and (language := other_language(text, conversation.buyer.language)):
        said.append({"code": "language", "language": language, "clause": "B-PHOTO-04"})
    return said


def require_checked(reminders: list[dict[str, Any]], *, confirmed: bool) -> None:
    if reminders and not confirmed:
        raise PleaseCheck(reminders=reminders)


def other_language(text: str, reads: str) -> str:
    """The buyer's language when a text is plainly not written in it: no Han signs, or no Vietnamese letters."""
    if len(text) < 40:
        return ""
    has_han = any("\u4e00" <= c <= "\u9fff" for c in text)
    has_vietnamese = any(c in "ăâđêôơưĂÂĐÊÔƠƯ" or "\u1ea0" <= c <= "\u1ef9" for c in text)
    if reads.startswith("zh") and not has_han:
        return reads
    if reads == "vi" and not has_vietnamese:
        return reads
    return "en" if reads == "en" and (has_han or has_vietnamese) else ""


def photo_type(code: str, *, by_version: str) -> PhotoType:
    """A kind of photo request as it was when the request was made (Q-52)."""
    return photo_types(policy.by_version(by_version).value)[code]


def types_now(store: str, *, at: datetime) -> tuple[dict[str, PhotoType], str]:
    """The kinds that can be asked for now, and the policy version."""
    value = policy.value("photo.types", store, at=at)
    return photo_types(value.value), value.version


def labels_of(store: str, *, at: datetime) -> Labels:
    value = policy.value("photo.label_pattern", store, at=at).value
    return Labels(value["pattern"], value["separator"], value["required_from_photos"])


def own_hosts() -> tuple[str, ...]:
    """The marketplace's own hosts, which may be linked."""
    return tuple(filter(None, {urlsplit(settings.FONDACO_BASE_URL).hostname, *settings.ALLOWED_HOSTS}))
