"""Small makers of applications, stores and drafts."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any

import docx
from django.core import mail

from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine.testing import run_tasks
from fondaco.makers.models import Application, Maker
from fondaco.makers.operations import applying, inviting, reviewing
from fondaco.makers.rules.application import Option, PhotoKind
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

_count = itertools.count(1)

ANSWERS: dict[str, Any] = {
    "business_name": "Juniper Clay",
    "country": "CA",
    "maker_type": "alone",
    "team_size": "1",
    "categories": ["home_and_kitchen", "art"],
    "products_and_process": "I throw stoneware on a kick wheel, glaze it by hand and fire it in my own kiln.",
    "handmade_percent": "100",
    "links": "https://juniper.example/work",
}


def photo(*, seed: int | None = None, size: int = 640) -> bytes:
    """A picture that the profile inspector lets through; `seed` makes it the same again."""
    return make_jpeg(size=size, seed=seed if seed is not None else next(_count) + 10_000)


def make_draft(caller: Caller, **answers: Any) -> Application:
    """An application with every answer and one photo of each kind, not sent."""
    application = applying.start(caller)
    applying.save(caller, application.pk, answers={**ANSWERS, **answers})
    for kind in PhotoKind:
        applying.add_photo(caller, application.pk, kind=kind, data=photo(), name=f"{kind}.jpg")
    application.refresh_from_db()
    return application


def make_application(caller: Caller | None = None, **answers: Any) -> tuple[Application, Caller]:
    """An application that was sent, and its applicant."""
    caller = caller or make_caller(make_person("June Clay"))
    draft = make_draft(caller, **answers)
    return applying.submit(caller, draft.pk, accepts_terms=True), caller


def reviewer() -> Caller:
    return make_caller(role=Role.HANDMADE_REVIEWER)


def approve(application: Application, by: Caller | None = None) -> Application:
    """Taken and approved, with the invitation sent."""
    by = by or reviewer()
    application.refresh_from_db()
    taken = reviewing.take(by, application.pk, revision=application.revision)
    reviewing.approve(by, application.pk, revision=taken.revision)
    run_tasks()
    application.refresh_from_db()
    return application


def secret_mailed_to(email: str) -> str:
    """The secret of the newest invitation link in that mailbox."""
    for sent in reversed(mail.outbox):
        if sent.to == [email] and (found := re.search(r"/handmade/invitation/([\w-]+)/", str(sent.body))):
            return found[1]
    raise AssertionError(f"no invitation in the mailbox of {email}")


def make_maker(
    name: str = "Juniper Clay", *, person: Person | None = None, country: str = "CA", **fields: Any
) -> tuple[Maker, Caller]:
    """A registered maker, by the whole way: applied, approved, invited, registered."""
    person = person or make_person(f"Owner of {name}")
    seller = make_seller(name, owner=person, country=country, **fields)
    caller = caller_for(person, seller_number=seller.number)
    application, _caller = make_application(caller, country=country)
    approve(application)
    maker = inviting.register(
        caller, secret=secret_mailed_to(person.email), option=Option.PROFESSIONAL, seller_number=seller.number
    )
    return maker, caller_for(person, seller_number=seller.number)


def make_maker_of(seller: SellerAccount, person: Person) -> Maker:
    """A registered maker of an account that is there, without photos or mails: for tests of other things."""
    from fondaco.engine import clock
    from fondaco.makers.rules.application import State

    at = clock.now()
    application = Application.objects.create(
        applicant=person,
        seller=seller,
        state=State.REGISTERED,
        email=person.email,
        email_folded=person.email_folded,
        submitted_at=at,
        terms_accepted_at=at,
        decided_at=at,
        reviewer=make_person("Keiko Tan"),
    )
    return Maker.objects.create(
        seller=seller,
        application=application,
        region="north_america",
        stores=["US", "CA", "MX"],
        option=Option.PROFESSIONAL,
        registered_by=person,
    )


VASE: dict[str, Any] = {
    "product_type": "handmade_home",
    "title": "Half-dipped vase, stoneware, 24 cm",
    "description": "Thrown on a kick wheel.",
    "attributes": {"material": "stoneware", "how_made": "Thrown and glazed by me, alone"},
    "price_minor": 4800,
    "quantity": 3,
    "handling_days": 5,
}


def word(*paragraphs: str) -> bytes:
    """A real .docx with these paragraphs."""
    document = docx.Document()
    for words in paragraphs or ("Juniper Clay opens its kiln.", "Visit us at the marketplace."):
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mails_to(person: Person) -> list[str]:
    """What is in that person's mailbox, the newest first."""
    return [str(sent.body) for sent in reversed(mail.outbox) if sent.to == [person.email]]
