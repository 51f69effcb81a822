"""What sellers may not send to buyers (B-PHOTO-04), found in a draft. Which codes hold is policy (`message.blocked_content`).

Each finding names the words it rests on, so that a seller can take them out. Rules look for what is plain: a link, an
address, a number to call, an ask for a review. What is doubtful is let through; buyers can report it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+"
    r"|(?<![@\w.])(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.)+(?:com|net|org|info|biz|shop|store|online|io|co|me|ly|vn|tw|cn|hk|de|uk|fr|es|it|us)(?:/[^\s<>\"']*)?(?![\w@])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]{1,64}(?:@|\s?(?:\(at\)|\[at\])\s?)[\w-]{1,63}(?:\.[\w-]{2,63})+", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w-])(?:\+|00)?\(?\d{1,4}\)?(?:[\s.\-/]?\(?\d{2,4}\)?){2,5}(?![\w-])")
_MESSENGER = re.compile(
    r"\b(?:whats\s?app|telegram|wechat|zalo|viber|skype|line id|facebook|instagram|signal)\b|微信|賴\s?id|加\s?line",
    re.IGNORECASE,
)
_REVIEW = re.compile(
    r"\b(?:(?:leave|write|post|give|change|remove|update)\b.{0,40}\b(?:review|feedback|rating|stars?)"
    r"|(?:positive|5|five|good)[\s-]*stars?\b|(?:review|feedback|rating)\b.{0,60}\b(?:refund|gift|coupon|discount|free))"
    r"|đánh giá\s+(?:tốt|5|năm|tích cực)|(?:để lại|viết|sửa|xóa|xoá)\s+(?:\S+\s+){0,3}đánh giá"
    r"|五星|好評|好评|(?:留下|寫|写|修改|刪除|删除)(?:.{0,6})(?:評價|评价|評論|评论)",
    re.IGNORECASE | re.DOTALL,
)
_MARKETING = re.compile(
    r"\b(?:(?:\d{1,2}\s?%|percent) off|coupon|promo(?:tion)?(?: code)?|voucher|discount code|special offer|buy (?:one|now)|on sale|newsletter|"
    r"check out our|our (?:new|other) (?:products?|collection|store)|visit our|black friday|follow us|subscribe)\b"
    r"|giảm giá|khuyến mãi|mã giảm|ưu đãi|ghé (?:thăm )?(?:cửa hàng|shop)|優惠|优惠|折扣|促銷|促销|新品上市|歡迎選購|欢迎选购",
    re.IGNORECASE,
)
_CONFIRMATION = re.compile(
    r"\b(?:your order (?:has been |was |is )?(?:received|confirmed|shipped|dispatched|on its way|delivered)"
    r"|(?:order|shipping|shipment|delivery) confirmation|has (?:been )?shipped|we (?:have )?(?:shipped|dispatched) your)\b"
    r"|đơn hàng (?:của bạn )?(?:đã được |đã )(?:xác nhận|gửi|giao)|(?:訂單|订单)(?:已|確認|确认)|已(?:出貨|发货|發貨|寄出)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?(?: you)?|thank you|many|so|very|much|a lot|for|your|the|order|purchase|buying|shopping|with|us|from|business|"
    r"message|reply|dear|hi|hello|customer|have|nice|great|good|day|best|kind|regards|we|appreciate|it|again|team|sincerely|and)\b"
    r"|cảm ơn|cám ơn|bạn|quý khách|đã|mua hàng|đặt hàng|rất nhiều|nhé|chúc|một ngày|tốt lành|xin|謝謝|谢谢|感謝|感谢|您|你|的|購買|购买|訂購|订购|惠顧|惠顾|祝|愉快|支持|非常",
    re.IGNORECASE,
)
_LOGO_NAME = re.compile(r"logo|banner|watermark|signature|商標|標誌|biểu trưng", re.IGNORECASE)
_THANKING = re.compile(r"thank|cảm ơn|cám ơn|謝|谢|感", re.IGNORECASE)
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_NUMBERS = re.compile(r"\b\d{3}-\d{7}-\d{7}\b|\b1Z[0-9A-Z]{16}\b|(?<!\d)\d{12,}(?!\d)")


@dataclass(frozen=True, slots=True)
class Blocked:
    """One thing that may not be sent: its code in policy, and the words it was found in."""

    code: str
    words: str
    clause: str = "B-PHOTO-04"


@dataclass(frozen=True, slots=True)
class Draft:
    """A seller's draft. `is_first`: nobody wrote before. `own_hosts`: the marketplace's own, which may be linked.
    `files`: names of the files with it; `logos`: of those that are nothing but a logo; `codes`: what codes in them say."""

    text: str
    is_first: bool = False
    own_hosts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        return "\n".join((self.text, *self.codes))


def find_blocked(draft: Draft, *, codes: Collection[str]) -> tuple[Blocked, ...]:
    """What of the draft may not be sent, of the `codes` that policy blocks; each code once, with its first words."""
    found = []
    for code, finder in _FINDERS.items():
        if code in codes and (words := next(iter(finder(draft)), "")):
            found.append(Blocked(code, words.strip()[:120]))
    return tuple(found)


def _links(draft: Draft) -> Iterable[str]:
    text = _MAIL.sub(" ", draft.words)
    for match in _LINK.finditer(text):
        host = re.sub(r"^https?://", "", match.group().lower()).split("/")[0].split(":")[0]
        if host not in draft.own_hosts:
            yield match.group()


def _contacts(draft: Draft) -> Iterable[str]:
    yield from (m.group() for m in _MAIL.finditer(draft.words))
    yield from (m.group() for m in _MESSENGER.finditer(draft.words))
    plain = _DATE.sub(" ", _NUMBERS.sub(" ", draft.words))
    for match in _PHONE.finditer(plain):
        if 9 <= sum(c.isdigit() for c in match.group()) <= 15:
            yield match.group()


def _searched(pattern: re.Pattern[str]) -> Callable[[Draft], Iterable[str]]:
    return lambda draft: (m.group() for m in pattern.finditer(draft.words))


def _thanks_only(draft: Draft) -> Iterable[str]:
    """Nothing is left when thanks and greetings are taken out."""
    if draft.files or not _THANKING.search(draft.text):
        return
    rest = re.sub(r"[\W\d_]+", "", _THANKS.sub(" ", draft.text))
    if len(rest) <= 2:
        yield draft.text


def _confirmations(draft: Draft) -> Iterable[str]:
    """Only where the seller writes unasked: an answer to "where is it?" may say that it was sent."""
    return (m.group() for m in _CONFIRMATION.finditer(draft.text)) if draft.is_first else ()


def _logos(draft: Draft) -> Iterable[str]:
    """By what the picture is, or by what it is called."""
    yield from draft.logos
    yield from (name for name in draft.files if _LOGO_NAME.search(name))


_FINDERS: dict[str, Callable[[Draft], Iterable[str]]] = {
    "marketing": _searched(_MARKETING),
    "review_pressure": _searched(_REVIEW),
    "external_links": _links,
    "contact_details": _contacts,
    "logos": _logos,
    "thanks_only": _thanks_only,
    "confirmations": _confirmations,
}
