"""Handmade in the demo store: Juniper Clay's registered store, profile and announcements, and other people's applications.

Everything goes by the operations that people use. Doing it again adds only what is missing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import docx

from fondaco.demo.pictures import render
from fondaco.demo.pictures.palette import COLOURS
from fondaco.engine import clock, sealing
from fondaco.engine.outbox_models import OutboxMail
from fondaco.makers.models import Announcement, Application, HandmadeListing, Maker, ProfileVersion
from fondaco.makers.operations import announcing, applying, inviting, profile, reviewing
from fondaco.makers.operations import listing as listings
from fondaco.makers.operations.pictures import take_photo
from fondaco.makers.rules.announcement import Author
from fondaco.makers.rules.application import Option, PhotoKind, State
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Person
from fondaco.sellers.rules import fold_email

_PHOTO_PX = 420

_JUNIPER = {
    "business_name": "Juniper Clay",
    "country": "CA",
    "maker_type": "alone",
    "team_size": "1",
    "categories": ["home_and_kitchen", "jewelry_and_watches"],
    "products_and_process": "I throw stoneware on a kick wheel, dip it in glazes that I mix from ash, and fire it in my own gas kiln.",
    "handmade_percent": "100",
}


@dataclass(frozen=True, slots=True)
class _Applicant:
    """Somebody whose application stands in one state."""

    key: str
    name: str
    business: str
    state: State
    words: str
    kinds: tuple[str, str]
    maker_type: str = "alone"
    team: str = "1"
    share: str = "100"
    reason: str = ""


_APPLICANTS = (
    _Applicant("maker-linh", "Trần Mai Linh", "Lụa Sông Hàn", State.SUBMITTED, "I dye silk with leaves and sew scarves from it.", ("scarf", "cushion"), "small_team", "4"),
    _Applicant("maker-wei", "Lin Wei", "山茶木工坊", State.IN_REVIEW, "I turn bowls and spoons from camphor wood on my lathe.", ("wooden_spoon", "bowl")),
    _Applicant("maker-ada", "Ada Brook", "Brook & Basket", State.INFO_REQUESTED, "Willow baskets, woven at home.", ("basket", "plant_pot"), "small_team", "26"),
    _Applicant("maker-otto", "Otto Lehr", "Lehr Leather", State.DECLINED, "I finish leather goods.", ("backpack", "notebook"), share="40", reason="The bags are bought in; sewing a label on them is not making them. Apply again with work that is your own."),
    _Applicant("maker-noor", "Noor Aziz", "Blue Lamp Soap", State.INVITED, "Cold-process soap with olive oil and laurel.", ("soap_dish", "candle")),
)  # fmt: skip


def ensure_maker() -> None:
    """Juniper Clay is a registered maker, by the whole way; needed before its handmade products can be listed."""
    june = _caller("juniper")
    if june is None or june.seller is None or Maker.objects.filter(seller=june.seller).exists():
        return
    application = _sent(june, _JUNIPER, ("vase", "mug"))
    _approve(application)
    secret = _secret(application)
    inviting.register(june, secret=secret, option=Option.PROFESSIONAL, seller_number=june.seller.number)


def ensure_makers() -> None:
    """Applications in each state, the profile, a customisation, and announcements in review."""
    for each in _APPLICANTS:
        _ensure_applicant(each)
    june = _caller("juniper")
    if june is None or june.seller is None:
        return
    if not ProfileVersion.objects.filter(seller=june.seller).exists():
        _profile(june)
    _customise(june)
    if not Announcement.objects.filter(seller=june.seller).exists():
        _announcements(june)


def _ensure_applicant(each: _Applicant) -> None:
    email = f"{each.key}@fondaco.example"
    person, is_new = Person.objects.get_or_create(
        email_folded=fold_email(email), defaults={"email": email, "name": each.name}
    )
    if not is_new and Application.objects.filter(applicant=person).exists():
        return
    person.set_unusable_password()
    person.save()
    answers = {
        "business_name": each.business,
        "country": "US",
        "maker_type": each.maker_type,
        "team_size": each.team,
        "categories": ["home_and_kitchen"],
        "products_and_process": each.words,
        "handmade_percent": each.share,
    }
    application = _sent(caller_for(person), answers, each.kinds)
    keiko = _caller("reviewer")
    if each.state is State.SUBMITTED or keiko is None:
        return
    taken = reviewing.take(keiko, application.pk, revision=application.revision)
    if each.state is State.INFO_REQUESTED:
        question = "You name 26 people. Who of them weaves, and where? Please add a photo of the workshop."
        reviewing.ask(keiko, application.pk, text=question, revision=taken.revision)
    elif each.state is State.DECLINED:
        reviewing.decline(keiko, application.pk, reason=each.reason, revision=taken.revision)
    elif each.state is State.INVITED:
        reviewing.approve(keiko, application.pk, revision=taken.revision)
        inviting.send_first(application.pk)


def _sent(caller: Caller, answers: Mapping[str, object], kinds: tuple[str, str]) -> Application:
    application = applying.start(caller)
    if application.state != State.DRAFT:
        return application
    applying.save(caller, application.pk, answers=answers)
    for kind, ware in zip(PhotoKind, kinds, strict=True):
        seed = sum(map(ord, f"{application.applicant.email}{ware}"))
        data = render(ware, seed=seed, size=_PHOTO_PX, variant="MAIN")
        applying.add_photo(caller, application.pk, kind=kind, data=data, name=f"{kind}.jpg")
    return applying.submit(caller, application.pk, accepts_terms=True)


def _approve(application: Application) -> None:
    keiko = _caller("reviewer")
    assert keiko is not None
    application.refresh_from_db()
    if application.state == State.SUBMITTED:
        taken = reviewing.take(keiko, application.pk, revision=application.revision)
        reviewing.approve(keiko, application.pk, revision=taken.revision)
    inviting.send_first(application.pk)


def _secret(application: Application) -> str:
    invitation = application.invitations.get(replaced_at=None)
    mail = OutboxMail.objects.get(key=f"maker-invitation:{invitation.pk}")
    found = re.search(r"/handmade/invitation/([\w-]+)/", sealing.unseal(mail.text))
    assert found is not None
    return found[1]


def _profile(june: Caller) -> None:
    portrait = profile.take_portrait(data=render("vase", seed=7, size=600, variant="MAIN"), name="portrait.jpg")
    shots = []
    for number, (ware, words) in enumerate(
        (
            ("mug", "Cups before the first firing"),
            ("bowl", "A bowl on its foot"),
            ("plant_pot", "The shelf by the window"),
        )
    ):
        picture, _findings = take_photo(
            data=render(ware, seed=70 + number, size=600, variant="MAIN"), name=f"{ware}.jpg"
        )
        shots.append((picture.pk, words))
    english = {
        "inspiration": "Tide pools, driftwood, and the blue hour over the strait.",
        "story": "I came to clay at nine, in my grandmother’s shed, and never left.\n\nSince 2014 I work alone in a former boathouse in Vancouver.",
        "process": "Everything is thrown on a kick wheel, dipped by hand and fired twice in a small gas kiln. No two pieces are the same.",
    }
    vietnamese = {
        "inspiration": "Vũng triều, gỗ trôi và giờ xanh trên eo biển.",
        "story": "Tôi đến với đất sét năm chín tuổi, trong nhà kho của bà, và chưa từng rời đi.",
        "process": "Mọi món đều được chuốt trên bàn xoay đạp chân, nhúng men bằng tay và nung hai lần.",
    }
    version = profile.send(
        june,
        profile.NewProfile(
            name="Juniper Clay",
            slug="juniper",
            portrait=portrait.pk,
            portrait_alt="A half-dipped vase from the Vancouver workshop",
            pictures=shots,
            texts={"CA": {"en": english, "vi": vietnamese}, "US": {"en": english}},
        ),
        request_key="demo:profile",
    )
    profile.check(version.pk)


def _customise(june: Caller) -> None:
    row = (
        HandmadeListing.objects.filter(seller=june.seller, customisation={})
        .select_related("product")
        .order_by("listed_at")
        .first()
    )
    if row is None or HandmadeListing.objects.filter(seller=june.seller, customisation_due_at__isnull=False).exists():
        return
    ware = "basket" if "basket" in row.product.title else "vase"
    look = row.product.attributes.get("color")
    shot = render(ware, seed=7, size=600, variant="MAIN", colour=look if look in COLOURS else None)
    picture, _findings = take_photo(data=shot, name="front.jpg")
    items = [
        {"kind": "text", "label": "Initials", "max": 3, "box": [40, 45, 20, 12], "colour": "#1b3a5c"},
        {"kind": "configuration", "label": "Inner glaze", "required": True, "options": ["Clear", "Celadon", "Iron"]},
    ]
    surfaces = [{"name": "Front", "picture": picture.pk, "items": items}]
    listings.save_customisation(june, asin=row.product.asin, definition={"surfaces": surfaces})
    listings.activate_customisation(row.pk)


def _announcements(june: Caller) -> None:
    sofia, victor, support = _caller("pr"), _caller("stakeholder"), _caller("support")
    assert sofia is not None
    assert sofia.person
    assert victor is not None
    assert victor.person
    assert support is not None
    today = clock.now().date()
    first = (
        "Juniper Clay joins the marketplace.",
        "The best pottery in the country is now one click away.",
        "Visit the shop from June on.",
    )
    second = (
        "Juniper Clay joins the marketplace.",
        "The pottery of a Vancouver boathouse is now one click away.",
        "Visit the shop from June on.",
        "Photographs are free to use.",
    )
    review = announcing.submit(
        june, data=_word(*first), file_name="spring.docx", issue_date=today + timedelta(days=24), author=Author.OWN,
        plan="Local newspapers and our own list.", request_key="demo:spring",
    )  # fmt: skip
    announcing.connect(support, number=review.number, reviewer_id=sofia.person.pk)
    row = announcing.begin(sofia, number=review.number)
    announcing.comment(
        sofia,
        number=row.number,
        text="“The best” needs a source. What would you say of it instead?",
        paragraph=1,
        is_shared=True,
        request_key="demo",
    )
    row = announcing.request_changes(
        sofia, number=row.number, text="Please rephrase the second paragraph.", revision=row.revision
    )
    announcing.send_round(june, number=row.number, data=_word(*second), file_name="spring-2.docx")
    row.refresh_from_db()
    announcing.route(
        sofia,
        number=row.number,
        stakeholder_id=victor.person.pk,
        question="May we say “free to use”?",
        revision=row.revision,
    )
    announcing.submit(
        june, data=_word("A kiln opening on Saturday.", "All are welcome."), file_name="kiln.docx",
        issue_date=today + timedelta(days=6), author=Author.OWN, request_key="demo:kiln",
    )  # fmt: skip


def _word(*paragraphs: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(out)
    return out.getvalue()


def _caller(key: str) -> Caller | None:
    person = Person.objects.filter(email_folded=f"{key}@fondaco.example").first()
    return caller_for(person) if person else None
