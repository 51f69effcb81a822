"""Whether a draft is likely to hurt (Q-51). It reminds; it never stops and never deletes.

A short list in three languages of words that are an insult in any company, and shouting. Words that are also harmless
("idiot-proof") are looked up whole. The list is kept small on purpose: a reminder that comes for nothing is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LATIN = (
    # en
    "idiot", "idiots", "moron", "morons", "stupid", "scammer", "scammers", "crook", "crooks", "liar", "liars",
    "asshole", "assholes", "bastard", "bastards", "bitch", "fuck", "fucking", "fucker", "shit", "bullshit", "dumbass",
    "retard", "screw you", "go to hell", "piece of crap", "shut up",
    # vi, as written and as typed without marks where that is no other word
    "đồ ngu", "thằng ngu", "con ngu", "ngu ngốc", "ngu xuẩn", "đồ khốn", "khốn nạn", "đồ chó", "mất dạy", "lừa đảo",
    "vô học", "đồ điên", "đm", "đmm", "vcl", "vkl", "câm mồm",
)  # fmt: skip
_HAN = (
    "白痴", "白癡", "智障", "王八蛋", "混蛋", "混帳", "混账", "他媽的", "他妈的", "去死", "垃圾人", "騙子", "骗子", "腦殘", "脑残",
    "廢物", "废物", "神經病", "神经病", "閉嘴", "闭嘴", "賤人", "贱人", "操你",
)  # fmt: skip
_WORDS = re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(word) for word in _LATIN) + r")(?![\w-])", re.IGNORECASE)
_SIGNS = re.compile("|".join(_HAN))
_LETTERS = re.compile(r"[^\W\d_]")
_FEWEST_SHOUTED = 25


@dataclass(frozen=True, slots=True)
class Tone:
    """`words`: what was found, as it was written. `shouts`: nearly everything in capitals."""

    words: tuple[str, ...] = ()
    shouts: bool = False

    @property
    def needs_reminder(self) -> bool:
        return bool(self.words) or self.shouts


def tone_of(text: str) -> Tone:
    """What in a draft calls for the reminder of a respectful tone (PHOTO-32)."""
    found = [m.group() for pattern in (_WORDS, _SIGNS) for m in pattern.finditer(text)]
    return Tone(tuple(dict.fromkeys(word.casefold() for word in found)), _shouts(text))


def _shouts(text: str) -> bool:
    letters = [c for c in _LETTERS.findall(text) if c.lower() != c.upper()]
    return len(letters) >= _FEWEST_SHOUTED and sum(c.isupper() for c in letters) >= 0.9 * len(letters)
