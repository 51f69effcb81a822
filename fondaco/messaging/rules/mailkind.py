"""What kind of mail arrived: somebody's letter, or a machine's answer that no thread wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LOOP_HEADER = "X-Fondaco-Thread"
"""Stands in every mail we send about a conversation: what comes back with it went in a circle."""

AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|abwesen|autoreply|trả lời tự động|vắng mặt|自動(?:回覆|回復|回信)|自动(?:回复|答复)|不在辦公室)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failed|failure)|returned mail|mail delivery|failure notice|không gửi được|退信|無法傳遞|无法投递",
    re.IGNORECASE,
)
_BOUNCERS = ("mailer-daemon@", "postmaster@", "mail-daemon@")


class MailKind(StrEnum):
    LETTER = "letter"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LOOP = "loop"
    BULK = "bulk"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Head:
    """The headers of a mail that decide its kind, names in lower case; `sender` is the envelope's, empty for bounces."""

    sender: str
    author: str
    subject: str
    content_type: str
    headers: Mapping[str, str]


def kind_of(head: Head) -> MailKind:
    """Loops before all else, since a bounce of our own mail may hold our header only in its attachment."""
    if LOOP_HEADER.lower() in head.headers:
        return MailKind.LOOP
    if head.content_type == "multipart/report" or _is_bounce(head):
        return MailKind.BOUNCE
    if _is_forged(head):
        return MailKind.FORGED
    submitted = head.headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    if (
        submitted not in ("no", "")
        or "x-autoreply" in head.headers
        or "x-autorespond" in head.headers
        or head.headers.get("precedence", "").lower() == "auto_reply"
        or AUTO_SUBJECT.match(head.subject)
    ):
        return MailKind.AUTO_REPLY
    if "list-id" in head.headers or head.headers.get("precedence", "").strip().lower() in ("bulk", "list", "junk"):
        return MailKind.BULK
    return MailKind.LETTER


def _is_bounce(head: Head) -> bool:
    daemon = head.author.lower().startswith(_BOUNCERS)
    return daemon or (head.sender in ("", "<>") and _BOUNCE_SUBJECT.search(head.subject) is not None)


def _is_forged(head: Head) -> bool:
    """The receiving server's own verdict, where it leaves one: DMARC failed, or both SPF and DKIM did."""
    verdict = head.headers.get("authentication-results", "").lower()
    failed = {m.group(1) for m in re.finditer(r"\b(dmarc|spf|dkim)=(?:fail|permerror)", verdict)}
    return "dmarc" in failed or {"spf", "dkim"} <= failed
