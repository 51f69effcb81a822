"""A hundred mails as programs really write them, each with the thread it must end in or the reason it is refused by.

Every builder takes the `Setting` (a buyer, a seller, their conversation and aliases) and gives the bytes, the envelope
and what must come of it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from fondaco.messaging.tests.factories import photo_bytes
from fondaco.messaging.tests.with_exif import with_location

FILED = "filed"


@dataclass(frozen=True, slots=True)
class Setting:
    """Addresses and ids of a conversation that mails are about."""

    buyer: str
    seller: str
    to_seller: str  # the alias that the buyer writes to
    to_buyer: str  # the alias that the seller writes to
    subject: str
    answered_id: str
    thread_id: str
    number: str
    order: str


@dataclass(frozen=True, slots=True)
class Case:
    """`outcome`: FILED or a refusal's name. `text`: what the message must say. `photos`: how many files it has;
    `without`: what must not stand in it."""

    name: str
    raw: bytes
    sender: str
    to: str
    outcome: str = FILED
    text: str | None = None
    photos: int | None = None
    labels: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    side: str = "buyer"
    new_thread: bool = False


def corpus(s: Setting) -> list[Case]:
    """All of them, numbered by their ids so that each is another mail."""
    makers = [
        *_answers(s),
        *_charsets(s),
        *_files(s),
        *_machines(s),
        *_strangers(s),
        *_sellers(s),
        *_shapes(s),
        *_threads(s),
    ]
    return list(makers)


_count = iter(range(1, 10_000))


def _mail(
    s: Setting,
    *,
    text: str | None = "Here is what you asked for.",
    author: str = "",
    to: str = "",
    ids: bool = True,
    **headers: str,
) -> EmailMessage:
    made = EmailMessage()
    made["From"] = author or f"Mara Lindqvist <{s.buyer}>"
    made["To"] = to or s.to_seller
    made["Subject"] = headers.pop("Subject", f"Re: {s.subject}")
    made["Date"] = "Tue, 03 Mar 2026 10:12:00 +0100"
    made["Message-ID"] = f"<corpus-{next(_count)}@phone.example>"
    if ids:
        made["In-Reply-To"] = s.answered_id
        made["References"] = f"{s.thread_id} {s.answered_id}"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    if text is not None:
        made.set_content(text)
    return made


def _case(s: Setting, name: str, made: EmailMessage | bytes, **expected: Any) -> Case:
    raw = made if isinstance(made, bytes) else made.as_bytes()
    return Case(name, raw, expected.pop("sender", s.buyer), expected.pop("to", s.to_seller), **expected)


OURS = "##- Write your answer above this line -##\n\nHarbor Goods wrote to you:\n\nWhich lid do you mean?"


def _answers(s: Setting) -> Iterator[Case]:
    """Quoting as mail programs do it."""
    quoted = "\n".join(f"> {line}" for line in OURS.splitlines())
    new = "The blue one, please."
    tops = {
        "gmail": f"{new}\n\nOn Tue, Mar 3, 2026 at 10:12 AM Harbor Goods <{s.to_seller}> wrote:\n\n{quoted}",
        "gmail folded": f"{new}\n\nOn Tue, Mar 3, 2026 at 10:12 AM Harbor Goods (Fondaco) <\n{s.to_seller}> wrote:\n\n{quoted}",
        "gmail vi": f"{new}\n\nVào Th 3, 3 thg 3, 2026 vào lúc 10:12 Harbor Goods <{s.to_seller}> đã viết:\n\n{quoted}",
        "gmail zh": f"{new}\n\nHarbor Goods <{s.to_seller}> 於 2026年3月3日 週二 上午10:12寫道：\n\n{quoted}",
        "apple": f"{new}\n\n> On 3 Mar 2026, at 10:12, Harbor Goods <{s.to_seller}> wrote:\n> \n{quoted}",
        "apple phone": f"{new}\n\nSent from my iPhone\n\n> On 3 Mar 2026, at 10:12, Harbor Goods <{s.to_seller}> wrote:\n{quoted}",
        "outlook": f"{new}\n\n________________________________\nFrom: Harbor Goods <{s.to_seller}>\nSent: Tuesday, March 3, 2026 10:12 AM\nTo: Mara <{s.buyer}>\nSubject: {s.subject}\n\n{OURS}",
        "outlook plain": f"{new}\n\n-----Original Message-----\nFrom: Harbor Goods\nSent: Tuesday\nTo: Mara\nSubject: {s.subject}\n\n{OURS}",
        "outlook headers only": f"{new}\n\nFrom: Harbor Goods <{s.to_seller}>\nSent: Tuesday, March 3, 2026 10:12 AM\nTo: Mara <{s.buyer}>\nSubject: x\n\n{OURS}",
        "outlook vi": f"{new}\n\nTừ: Harbor Goods <{s.to_seller}>\nĐã gửi: Thứ Ba\nĐến: Mara\nChủ đề: x\nNgày: 3\n\n{OURS}",
        "outlook zh": f"{new}\n\n寄件者: Harbor Goods <{s.to_seller}>\n寄件日期: 2026年3月3日\n收件者: Mara\n主旨: x\n\n{OURS}",
        "german": f"{new}\n\nAm 03.03.26 um 10:12 schrieb Harbor Goods:\n{quoted}",
        "french": f"{new}\n\nLe mar. 3 mars 2026 à 10:12, Harbor Goods <{s.to_seller}> a écrit :\n\n{quoted}",
        "thunderbird": f"{new}\n\nOn 03/03/2026 10:12, Harbor Goods wrote:\n{quoted}",
        "unintroduced": f"{new}\n\n{quoted}",
        "our frame unquoted": f"{new}\n\n{OURS}",
        "signature": f"{new}\n-- \nMara Lindqvist\n{s.buyer}\n+1 614 555 0100",
        "crlf": f"{new}\r\n\r\nOn Tue, Mar 3, 2026 Harbor Goods wrote:\r\n{quoted}".replace("\n", "\r\n").replace(
            "\r\r", "\r"
        ),
    }
    for name, body in tops.items():
        yield _case(
            s, f"top quoting, {name}", _mail(s, text=body), text=new, without=("Which lid", s.to_seller, s.buyer)
        )
    bottoms = {
        "bottom": f"On Tue, Mar 3, 2026 Harbor Goods wrote:\n{quoted}\n\n{new}",
        "bottom without introduction": f"{quoted}\n\n{new}",
        "in between": f"> Which lid do you mean?\n\n{new}\n",
    }
    for name, body in bottoms.items():
        yield _case(s, f"quoting, {name}", _mail(s, text=body), text=new, without=("Which lid",))
    html = f"<html><body><div>{new}</div><div class='gmail_quote'><div>On Tue wrote:</div><blockquote>Which lid do you mean?</blockquote></div></body></html>"
    both = _mail(s, text=f"{new}\n\n{quoted}")
    both.add_alternative(html, subtype="html")
    yield _case(s, "alternative of text and html", both, text=new, without=("Which lid",))
    only = _mail(s, text=None)
    only.set_content(html, subtype="html")
    yield _case(s, "html only", only, text=new, without=("Which lid", "<div"))
    outlook = _mail(s, text=None)
    outlook.set_content(
        f"<html><head><style>p{{margin:0}}</style></head><body><p>{new}</p><hr><div id='divRplyFwdMsg'><b>From:</b> x<br></div><div>{OURS}</div></body></html>",
        subtype="html",
    )
    yield _case(s, "html of outlook", outlook, text=new, without=("margin",))
    address = _mail(s, text=f"{new} Write me at {s.buyer} or mara.private@home.example.")
    yield _case(s, "an address in the words", address, without=(s.buyer, "mara.private@home.example"))


def _charsets(s: Setting) -> Iterator[Case]:
    words = {
        "utf-8": "Vành cốc bị mẻ, xin xem ảnh.",
        "big5": "杯緣缺了一角，請看照片。",
        "gb18030": "杯沿缺了一角，请看照片。",
        "iso-8859-1": "Le bord de la tasse est ébréché.",
        "windows-1252": "The rim – “chipped” – costs €5.",
        "windows-1258": "Mặt cốc bị vỡ",
        "iso-2022-jp": "縁が欠けています。",
        "koi8-r": "Край чашки отколот.",
    }
    for charset, said in words.items():
        try:
            body = said.encode(charset)
        except UnicodeEncodeError:
            body = said.encode("utf-8")
        raw = (
            _mail(s, text=None).as_bytes().rstrip()
            + b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset="
            + charset.encode()
            + b"\nContent-Transfer-Encoding: 8bit\n\n"
            + body
            + b"\n"
        )
        yield _case(s, f"charset {charset}", raw, text=said)
    wrong = {
        "utf-8 called us-ascii": ("us-ascii", "Vành cốc bị mẻ.".encode()),
        "utf-8 called latin-1": ("iso-8859-1", "杯緣缺了。".encode()),
        "latin-1 called utf-8": ("utf-8", "Le bord ébréché, déjà.".encode("latin-1")),
        "an unknown charset": ("x-unknown-9", b"The rim is chipped."),
        "no charset": ("", "Vành cốc".encode()),
    }
    for name, (charset, body) in wrong.items():
        kind = f"text/plain; charset={charset}" if charset else "text/plain"
        raw = (
            _mail(s, text=None).as_bytes().rstrip()
            + f"\nMIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n".encode()
            + body
            + b"\n"
        )
        yield _case(s, f"wrong charset, {name}", raw)
    encoded = (
        _mail(s, Subject="ENCODED").as_bytes().replace(b"ENCODED", b"=?UTF-8?B?VsOgbmg=?= =?big5?B?qk26?= =?x?y?z?=")
    )
    yield _case(s, "broken encoded words in the subject", encoded)
    qp = (
        _mail(s, text=None).as_bytes().rstrip()
        + b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nThe rim =E2=80=93 chipped =ZZ.\n"
    )
    yield _case(s, "broken quoted-printable", qp)
    b64 = (
        _mail(s, text=None).as_bytes().rstrip()
        + b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"The rim is chipped.")[:-1]
        + b"\n"
    )
    yield _case(s, "base64 without its padding", b64)


def _files(s: Setting) -> Iterator[Case]:
    jpeg = photo_bytes(seed=501, width=900, height=700)
    other = photo_bytes(seed=502, width=900, height=700)

    def with_files(
        files: dict[str, bytes], *, text: str | None = "See these.", kind: tuple[str, str] = ("image", "jpeg")
    ) -> EmailMessage:
        made = _mail(s, text=text)
        for name, data in files.items():
            made.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
        return made

    yield _case(
        s,
        "two labelled photos",
        with_files({"ProductDefect_FrontView.jpg": jpeg, "ProductDefect_SideView.jpg": other}),
        photos=2,
        labels=("ProductDefect_FrontView", "ProductDefect_SideView"),
    )
    yield _case(s, "photos of one name", with_files({"IMG_0001.jpg": jpeg, "img_0001.jpg": other}), photos=2)
    yield _case(
        s,
        "a photo without words",
        with_files({"ProductDefect_FrontView.jpg": photo_bytes(seed=503)}, text=" "),
        photos=1,
        text="",
    )
    yield _case(
        s,
        "a photo with a place and an address in it",
        with_files({"IMG_2.jpg": with_location(photo_bytes(seed=504), owner=s.buyer)}),
        photos=1,
    )
    yield _case(
        s,
        "a photo called octet-stream",
        with_files({"a.bin": photo_bytes(seed=505)}, kind=("application", "octet-stream")),
        photos=1,
    )
    yield _case(s, "a name in vietnamese", with_files({"vành cốc bị mẻ.jpg": photo_bytes(seed=506)}), photos=1)
    yield _case(
        s,
        "photos called after their owner",
        with_files({f"{s.buyer}.jpg": photo_bytes(seed=515), f"mug of {s.buyer}.jpeg": photo_bytes(seed=516)}),
        photos=2,
    )
    yield _case(s, "a name with a path", with_files({"../../etc/passwd.jpg": photo_bytes(seed=507)}), photos=1)
    yield _case(
        s,
        "a program among photos",
        with_files({"a.jpg": photo_bytes(seed=508), "setup.exe": b"MZ\x90\0" * 2000}),
        photos=1,
    )
    yield _case(
        s, "only a program", with_files({"setup.exe": b"MZ\x90\0" * 2000}, text=" "), outcome="attachments_refused"
    )
    yield _case(s, "words and a program", with_files({"setup.jpg": b"MZ\x90\0" * 2000}), photos=0, text="See these.")
    yield _case(
        s,
        "an svg",
        with_files(
            {"a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"},
            kind=("image", "svg+xml"),
        ),
        photos=0,
    )
    yield _case(s, "an empty file", with_files({"a.jpg": b""}), photos=0)
    yield _case(s, "a truncated photo", with_files({"a.jpg": photo_bytes(seed=509)[:9000]}), photos=0)
    yield _case(s, "eleven megabytes", with_files({"big.jpg": photo_bytes(seed=510) + b"\0" * 10_700_000}), photos=0)
    inline = _mail(s, text=None)
    inline.set_content("<p>See it here: <img src='cid:one'></p>", subtype="html")
    inline.add_related(photo_bytes(seed=511), "image", "jpeg", cid="<one>")
    yield _case(s, "an inline photo", inline, photos=1, text="See it here:")
    apple = _mail(s, text="First.")
    apple.add_attachment(
        photo_bytes(seed=512), maintype="image", subtype="jpeg", filename="IMG_5.jpeg", disposition="inline"
    )
    yield _case(s, "a photo between words", apple, photos=1)
    dot = _mail(s, text=None)
    dot.set_content("<p>All is well.</p><img src='cid:dot'>", subtype="html")
    dot.add_related(
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        "image",
        "gif",
        cid="<dot>",
    )
    yield _case(s, "a tracking dot", dot, photos=0, text="All is well.")
    yield _case(
        s,
        "winmail with a photo",
        with_files(
            {"winmail.dat": tnef({"ProductDefect_FrontView.jpg": photo_bytes(seed=513)})},
            kind=("application", "ms-tnef"),
        ),
        photos=1,
        labels=("ProductDefect_FrontView",),
    )
    yield _case(s, "winmail alone", _winmail_alone(s), text="Words out of winmail.")
    yield _case(
        s,
        "a damaged winmail",
        with_files({"winmail.dat": tnef({"a.jpg": b"x" * 400})[:300]}, kind=("application", "ms-tnef")),
        photos=0,
    )
    forwarded = _mail(s, text="Forwarded from my other phone.", Subject=f"Fwd: {s.subject}")
    inner = _mail(s, text="inner", ids=False)
    inner.add_attachment(photo_bytes(seed=514), maintype="image", subtype="jpeg", filename="Shot_One.jpg")
    forwarded.add_attachment(inner)
    yield _case(s, "a photo in a forwarded mail", forwarded, photos=1)
    forwarded_text = _mail(
        s,
        text="See below.\n\n---------- Forwarded message ---------\nFrom: Me\nDate: Tue\nSubject: x\nTo: y\n\nold",
        Subject=f"Fwd: {s.subject}",
    )
    yield _case(s, "forwarded in the words", forwarded_text, text="See below.")


def _winmail_alone(s: Setting) -> bytes:
    made = _mail(s, text=None)
    made["MIME-Version"] = "1.0"
    made["Content-Type"] = 'application/ms-tnef; name="winmail.dat"'
    made["Content-Transfer-Encoding"] = "base64"
    made.set_payload(base64.encodebytes(tnef({}, body="Words out of winmail.")).decode())
    return made.as_bytes()


def tnef(files: dict[str, bytes], *, body: str = "") -> bytes:
    """A winmail.dat."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", level, kind, 0, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1)
    if body:
        made += attribute(1, 0x800C, body.encode("cp1252") + b"\0")
    for name, data in files.items():
        made += (
            attribute(2, 0x9002, b"\0" * 14)
            + attribute(2, 0x8010, name.encode("cp1252") + b"\0")
            + attribute(2, 0x800F, data)
        )
    return made


def _machines(s: Setting) -> Iterator[Case]:
    yield _case(s, "our own mail came back", _mail(s, X_Fondaco_Thread=s.number), outcome="mail_loop")
    yield _case(
        s,
        "our own mail, auto-submitted",
        _mail(s, X_Fondaco_Thread=s.number, Auto_Submitted="auto-generated"),
        outcome="mail_loop",
    )
    autos: dict[str, dict[str, str]] = {
        "auto-replied": {"Auto_Submitted": "auto-replied"},
        "auto-generated": {"Auto_Submitted": "auto-generated; owner-email=x"},
        "x-autoreply": {"X_Autoreply": "yes"},
        "precedence auto_reply": {"Precedence": "auto_reply"},
        "subject en": {"Subject": "Automatic reply: your order"},
        "subject out of office": {"Subject": "Out of Office: back on Monday"},
        "subject vi": {"Subject": "Trả lời tự động: đi vắng"},
        "subject zh": {"Subject": "自動回覆：休假中"},
    }
    for name, headers in autos.items():
        yield _case(s, f"automatic answer, {name}", _mail(s, **headers), outcome="auto_reply")
    for name, headers in {
        "list": {"List_Id": "<news.shop.example>"},
        "bulk": {"Precedence": "bulk"},
        "junk": {"Precedence": "junk"},
    }.items():
        yield _case(s, f"mass mail, {name}", _mail(s, **headers), outcome="bulk_mail")
    report = (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: {s.to_seller}\nSubject: Undelivered Mail Returned to Sender\n"
        f"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\nMessage-ID: <b-1@mx.example>\n\n"
        f"--x\nContent-Type: text/plain\n\nI'm sorry.\n--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; {s.buyer}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--x\nContent-Type: message/rfc822\n\nMessage-ID: {s.answered_id}\nX-Fondaco-Thread: {s.number}\nSubject: hello\n\nbody\n--x--\n"
    ).encode()
    yield _case(s, "a bounce", report, outcome="bounce", sender="")
    yield _case(
        s,
        "a bounce without a report",
        _mail(s, author="postmaster@mx.example", Subject="Delivery failed", ids=False),
        outcome="bounce",
        sender="",
    )
    yield _case(
        s,
        "a bounce with an empty envelope",
        _mail(s, author="mx <noreply@mx.example>", Subject="Undeliverable: hello", ids=False),
        outcome="bounce",
        sender="",
    )
    yield _case(
        s,
        "forged by dmarc",
        _mail(s, Authentication_Results="mx.example; dmarc=fail header.from=home.example"),
        outcome="sender_forged",
    )
    yield _case(
        s,
        "forged by spf and dkim",
        _mail(s, Authentication_Results="mx.example; spf=fail; dkim=fail"),
        outcome="sender_forged",
    )
    yield _case(
        s,
        "spf alone failed, as forwarding does",
        _mail(s, Authentication_Results="mx.example; spf=fail; dkim=pass; dmarc=pass"),
    )


def _strangers(s: Setting) -> Iterator[Case]:
    yield _case(
        s,
        "another sender",
        _mail(s, author="Eve <eve@evil.example>"),
        outcome="sender_unknown",
        sender="eve@evil.example",
    )
    yield _case(
        s,
        "a display name like the buyer's",
        _mail(s, author=f'"{s.buyer}" <eve@evil.example>'),
        outcome="sender_unknown",
        sender="eve@evil.example",
    )
    yield _case(
        s, "an address that only begins alike", _mail(s, author=f"{s.buyer}.evil.example"), outcome="sender_unknown"
    )
    yield _case(
        s,
        "the seller writes to the seller's alias",
        _mail(s, author=s.seller),
        outcome="sender_unknown",
        sender=s.seller,
    )
    yield _case(
        s, "the buyer writes to the buyer's alias", _mail(s, to=s.to_buyer), outcome="sender_unknown", to=s.to_buyer
    )
    yield _case(s, "no sender at all", _mail(s, author="undisclosed"), outcome="sender_unknown")
    yield _case(
        s, "an unknown alias", _mail(s), outcome="alias_unknown", to="zzzzzzzzzzzzzzzzzzzz@messages.fondaco.example"
    )
    yield _case(s, "another domain", _mail(s), outcome="alias_unknown", to=s.to_seller.replace("messages.", "other."))
    yield _case(
        s, "a hundred addresses in To", _mail(s, to=", ".join([s.to_seller, *(f"p{n}@x.example" for n in range(99))]))
    )


def _sellers(s: Setting) -> Iterator[Case]:
    def of_seller(text: str, **headers: str) -> EmailMessage:
        return _mail(s, text=text, author=f"Ines <{s.seller}>", to=s.to_buyer, **headers)

    yield _case(
        s,
        "the seller answers",
        of_seller("The blue lid is sold apart."),
        to=s.to_buyer,
        sender=s.seller,
        side="seller",
        text="The blue lid is sold apart.",
    )
    yield _case(
        s,
        "the seller's address in the words",
        of_seller("Write to me at other@shop.example."),
        to=s.to_buyer,
        sender=s.seller,
        outcome="content_blocked",
    )
    yield _case(
        s,
        "the seller's link",
        of_seller("See https://shop.example.com/lids for all of them."),
        to=s.to_buyer,
        sender=s.seller,
        outcome="content_blocked",
    )
    yield _case(
        s,
        "the seller asks for a review",
        of_seller("Please leave a positive review for us."),
        to=s.to_buyer,
        sender=s.seller,
        outcome="content_blocked",
    )
    yield _case(
        s,
        "the seller only thanks",
        of_seller("Thank you very much!"),
        to=s.to_buyer,
        sender=s.seller,
        outcome="content_blocked",
    )
    signed = of_seller(f"The lid follows.\n-- \nInes, Harbor Goods\n{s.seller}\nwww.harbor.example\n+1 312 555 0199")
    yield _case(
        s,
        "the seller's signature is left out",
        signed,
        to=s.to_buyer,
        sender=s.seller,
        side="seller",
        text="The lid follows.",
        without=("harbor.example",),
    )


def _shapes(s: Setting) -> Iterator[Case]:
    yield _case(s, "no words and no files", _mail(s, text="   \n\n"), outcome="mail_empty")
    yield _case(s, "only a quote", _mail(s, text="> Which lid do you mean?\n"), outcome="mail_empty")
    yield _case(s, "thirty megabytes", _mail(s, text="x").as_bytes() + b"A" * 30_000_000, outcome="mail_too_large")
    yield _case(s, "no headers", b"\n\nhello", outcome="mail_unreadable")
    yield _case(s, "nothing at all", b"", outcome="mail_unreadable")
    yield _case(s, "binary noise", bytes(range(256)) * 40, outcome="mail_unreadable")
    yield _case(
        s,
        "an open multipart",
        b"From: "
        + s.buyer.encode()
        + b"\nTo: "
        + s.to_seller.encode()
        + b"\nSubject: x\nMessage-ID: <open-1@x>\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nStill readable.\n",
        text="Still readable.",
    )
    yield _case(
        s,
        "a multipart without a boundary",
        b"From: "
        + s.buyer.encode()
        + b"\nTo: x\nMessage-ID: <nob-1@x>\nContent-Type: multipart/mixed\n\nStill readable.\n",
        outcome="mail_empty",
    )
    yield _case(s, "a nul in the words", _mail(s, text="The rim\0 is chipped."), text="The rim is chipped.")
    yield _case(s, "very long words", _mail(s, text="word " * 3000))
    nested = _mail(s, text="Deep.")
    for _ in range(60):
        outer = _mail(s, text="x")
        outer.add_attachment(nested)
        nested = outer
    yield _case(s, "sixty mails within each other", nested)
    yield _case(
        s,
        "headers in 8 bits",
        b"From: M\xe1ra <"
        + s.buyer.encode()
        + b">\nTo: "
        + s.to_seller.encode()
        + b"\nSubject: V\xc3\xa0nh\nMessage-ID: <raw-1@x>\n\nIn eight bits.\n",
        text="In eight bits.",
    )
    yield _case(
        s,
        "two From headers",
        b"From: "
        + s.buyer.encode()
        + b"\nFrom: eve@evil.example\nTo: x\nMessage-ID: <two-1@x>\nSubject: x\n\nWho am I?\n",
        text="Who am I?",
    )
    yield _case(
        s,
        "no Message-ID",
        b"From: " + s.buyer.encode() + b"\nTo: x\nSubject: Re: [#" + s.number.encode() + b"]\n\nWithout a name.\n",
        text="Without a name.",
    )
    yield _case(s, "upper case and a tag in the alias", _mail(s), to=s.to_seller.replace("@", "+abc@").upper())


def _threads(s: Setting) -> Iterator[Case]:
    yield _case(
        s, "found by In-Reply-To alone", _mail(s, ids=False, Subject="something else", In_Reply_To=s.answered_id)
    )
    yield _case(
        s, "found by References alone", _mail(s, ids=False, Subject="something else", References=f"<a@b> {s.thread_id}")
    )
    yield _case(s, "found by the number in the subject", _mail(s, ids=False, Subject=f"AW: hello [#{s.number}]"))
    yield _case(
        s,
        "found by the order in the words",
        _mail(s, ids=False, Subject="my mug", text=f"About order {s.order}: chipped."),
    )
    yield _case(s, "found by the pair alone", _mail(s, ids=False, Subject="my mug", text="Chipped."))
    yield _case(
        s,
        "a stranger's reference",
        _mail(
            s, ids=False, Subject="x", In_Reply_To="<00000000000000000000000000000000.buyer@messages.fondaco.example>"
        ),
    )
