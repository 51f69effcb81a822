"""The evidence file: photographs, hashes, times, who saw them, and the messages, as one PDF."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.engine import clock, files
from fondaco.messaging import wording
from fondaco.messaging.evidence.paper import compile_paper
from fondaco.messaging.models import Attachment, Sighting
from fondaco.messaging.operations import sight
from fondaco.messaging.queries.access import Seen
from fondaco.messaging.queries.lists import thread_of
from fondaco.messaging.rules.privacy import public_name
from fondaco.messaging.rules.words import Side
from fondaco.sellers.access import Caller

MOST_PHOTOS = 60
SOURCE = """#let data = json("data.json")
#set document(title: data.title, author: (), date: none)
#set page(paper: "a4", margin: (x: 20mm, y: 18mm), numbering: "1 / 1", footer: context [#set text(8pt, fill: luma(90)); #data.footer #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(size: 10pt, font: data.fonts, fallback: true)
#set par(leading: 0.6em)
#text(18pt, weight: 600)[#data.title]
#v(2mm)
#grid(columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2mm, ..data.facts.map(f => (text(fill: luma(90))[#f.at(0)], [#f.at(1)])).flatten())
#v(4mm)
#text(13pt, weight: 600)[#data.photos_title]
#for photo in data.photos [
  #block(breakable: false, width: 100%, inset: (y: 3mm), stroke: (top: 0.5pt + luma(190)))[
    #grid(columns: (62mm, 1fr), column-gutter: 5mm,
      image(photo.file, width: 62mm, height: 62mm, fit: "contain"),
      [#text(weight: 600)[#photo.label] \\ #for line in photo.lines [#text(9pt)[#line] \\ ]
       #text(7.5pt, font: "DejaVu Sans Mono")[SHA-256 #photo.sha256.slice(0, 32) \\ #photo.sha256.slice(32)]
       #if photo.seen.len() > 0 [ \\ #text(8.5pt, fill: luma(90))[#data.seen_title] #for line in photo.seen [ \\ #text(8.5pt)[#line]]]
      ])
  ]
]
#v(3mm)
#text(13pt, weight: 600)[#data.messages_title]
#for m in data.messages [
  #block(width: 100%, inset: (y: 2mm), stroke: (top: 0.5pt + luma(210)))[#text(9pt, fill: luma(90))[#m.by, #m.at] \\ #for line in m.lines [#line \\ ]]
]
"""


def make(caller: Caller, seen: Seen, *, record: bool = True) -> bytes:
    """A PDF of everything that was shown and said, in the language of who asks for it. Each taking is kept."""
    conversation = seen.conversation
    at = clock.now()
    messages = thread_of(conversation)
    photos = [a for m in messages for a in sorted(m.attachments.all(), key=lambda a: a.place)][:MOST_PHOTOS]
    by_pk = {m.pk: m for m in messages}
    sightings = _sightings(photos)
    names = {a.pk: f"photo-{n:03d}.jpg" for n, a in enumerate(photos)}
    data = {
        "title": _("Evidence in conversation %(number)s") % {"number": conversation.number},
        "footer": f"{settings.FONDACO_MARKETPLACE_NAME} · {conversation.number} · {_time(at)}",
        "fonts": ["Libertinus Serif", "Noto Serif", "Noto Serif TC", "Noto Sans CJK TC", "DejaVu Sans"],
        "facts": _facts(seen),
        "photos_title": _("Photos"),
        "seen_title": _("Seen by:"),
        "messages_title": _("Messages"),
        "photos": [
            {
                "file": names[a.pk],
                "label": a.label or a.file_name,
                "lines": _photo_lines(a),
                "sha256": a.sha256,
                "seen": sightings.get(a.pk, []),
            }
            for a in photos
        ],
        "messages": [
            {"by": _by(seen, m.side, m.author.name), "at": _time(m.created_at), "lines": (m.text or "–").split("\n")}
            for m in messages
        ],
    }
    if record:
        for photo in photos:
            photo.message = by_pk[photo.message_id]
            sight.saw(caller, photo, kind=sight.FILE, at=at)
        history.record(actor=caller, verb="evidence.taken", subject=conversation, about={"photos": len(photos)}, at=at)
    return compile_paper(SOURCE, data, {names[a.pk]: files.read("documents", a.preview) for a in photos})


def _facts(seen: Seen) -> list[list[str]]:
    conversation = seen.conversation
    facts = [
        [_("Subject"), str(wording.SUBJECTS[conversation.subject])],
        [_("Order"), conversation.order_number or "–"],
        [_("Product"), conversation.item.title if conversation.item else getattr(conversation.product, "title", "–")],
        [_("Seller"), conversation.seller.display_name],
    ]
    if conversation.outcome:
        facts.append([_("Outcome"), str(wording.OUTCOMES[conversation.outcome])])
    return facts


def _photo_lines(photo: Attachment) -> list[str]:
    return [
        _("Received %(time)s") % {"time": _time(photo.created_at)},
        f"{photo.width} × {photo.height} px, {photo.format.upper()}, {photo.size_bytes:,} B",
        _("The original is kept unaltered under this hash:"),
    ]


def _sightings(photos: list[Attachment]) -> dict[object, list[str]]:
    rows = Sighting.objects.filter(attachment__in=photos).select_related("person").order_by("first_at")
    made: dict[object, list[str]] = {}
    for row in rows:
        made.setdefault(row.attachment_id, []).append(
            f"{public_name(row.person.name, instead=_('Without a name'))}, {_time(row.first_at)}"
        )
    return {pk: lines[:12] for pk, lines in made.items()}


def _by(seen: Seen, side: str, author: str) -> str:
    if side == Side.BUYER:
        return _("Buyer")
    return public_name(author, instead=_("Customer service") if side == Side.SERVICE else _("Seller"))


def _time(at: Any) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
