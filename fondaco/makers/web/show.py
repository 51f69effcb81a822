"""What templates of makers are given: rows and words, ready."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fondaco.catalogue.queries.reasons import held_words
from fondaco.engine import clock
from fondaco.makers import words
from fondaco.makers.models import Application, ApplicationMessage, HandmadeListing, Side
from fondaco.makers.queries import applications as queries
from fondaco.makers.rules.application import PhotoKind
from fondaco.makers.rules.suggestions import Suggestion
from fondaco.makers.terms import application_terms
from fondaco.makers.web.forms import country_names
from fondaco.makers.words import said


def letter(message: ApplicationMessage, *, of: Application) -> dict[str, Any]:
    """One message of the talk, as `letter.html` takes it."""
    return {
        "by": str(message.author) if message.side == Side.APPLICANT else _("Review desk"),
        "own": message.side == Side.APPLICANT,
        "at": message.created_at,
        "text": message.text,
    }


def photos(application: Application) -> list[dict[str, Any]]:
    """The photos by kind."""
    rows = queries.photos_of(application)
    return [
        {"kind": str(kind), "label": words.PHOTO_KINDS[kind], "photos": [p for p in rows if p.kind == kind]}
        for kind in PhotoKind
    ]


def answers(application: Application) -> list[tuple[str, Any]]:
    """Question and answer in the reader's words, in the order of the form."""
    terms = application_terms(at=application.submitted_at or clock.now())
    makers = {r["code"]: said(r["label"]) for r in terms.values["eligibility"]["makers"]}
    categories = {r["code"]: said(r["label"]) for r in terms.values["categories"]}
    countries = dict(country_names(terms.form.countries))
    found: list[tuple[str, Any]] = []
    for question in terms.form.questions:
        value = application.answers.get(question.name)
        if question.input == "photos" or value in (None, "", []):
            continue
        if question.input == "maker_type":
            value = makers.get(value, value)
        elif question.input == "categories":
            value = ", ".join(categories.get(code, code) for code in value)
        elif question.input == "country":
            value = countries.get(value, value)
        elif question.input == "percent":
            value = f"{value} %"
        elif question.input == "links":
            value = "\n".join(value)
        found.append((_(question.label), value))
    return found


def listed(row: HandmadeListing) -> dict[str, Any]:
    """One listing with how it stands."""
    product, now = row.product, clock.now()
    if product.searchable:
        state, tone = _("Buyers find it"), "good"
    elif now <= row.due_at and not product.held_reason.startswith("handmade_"):
        state, tone = _("Appears within hours"), "progress"
    else:
        state, tone = _("Not found in search"), "warn"
    return {
        "row": row,
        "product": product,
        "state": state,
        "tone": tone,
        "why": "" if product.searchable else held_words(product.held_reason),
        "url": reverse("makers:listing", args=[product.asin]),
    }


def suggestions(rows: tuple[Suggestion, ...]) -> list[dict[str, Any]]:
    """Suggestions in words, with where to go."""
    return [_suggestion(row) for row in rows]


def _suggestion(row: Suggestion) -> dict[str, Any]:
    n = int(row.facts.get("count", 1))
    facts = {"n": n, **row.facts}
    text, where = _TEXTS[row.code](n)
    url = where
    return {
        "code": row.code,
        "title": text % facts,
        "asins": row.asins[:8],
        "more": max(0, len(row.asins) - 8),
        "url": url,
    }


def _to(name: str, *args: str) -> str:
    return reverse(name, args=args)


_TEXTS: dict[str, Any] = {
    "list_first": lambda n: (_("List your first product."), _to("catalogue:add_product")),
    "mend_held": lambda n: (
        ngettext(
            "%(n)d listing is not found by buyers: see why and mend it.",
            "%(n)d listings are not found by buyers: see why and mend them.",
            n,
        ),
        _to("makers:not_found"),
    ),
    "write_profile": lambda n: (
        _("Write your maker profile: buyers come here for the maker as much as for the product."),
        _to("makers:profile"),
    ),
    "restock": lambda n: (
        ngettext(
            "%(n)d listing has no unit left. Enter a quantity when you have made more.",
            "%(n)d listings have no unit left. Enter quantities when you have made more.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "more_pictures": lambda n: (
        ngettext(
            "%(n)d listing has fewer than %(most)d pictures: show the other side, a detail, the scale and yourself at work.",
            "%(n)d listings have fewer than %(most)d pictures: show the other side, a detail, the scale and yourself at work.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "longer_title": lambda n: (
        ngettext(
            "%(n)d title is shorter than %(least)d characters: say what it is, of what, and what sets it apart.",
            "%(n)d titles are shorter than %(least)d characters: say what it is, of what, and what sets it apart.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "shorter_title": lambda n: (
        ngettext(
            "%(n)d title is longer than %(most)d characters: buyers read the first words.",
            "%(n)d titles are longer than %(most)d characters: buyers read the first words.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "state_attributes": lambda n: (
        ngettext(
            "%(n)d listing leaves attributes open: filters hide what has none.",
            "%(n)d listings leave attributes open: filters hide what has none.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "describe": lambda n: (
        ngettext(
            "%(n)d description has fewer than %(least)d words: size, weight, care, and how you make it.",
            "%(n)d descriptions have fewer than %(least)d words: size, weight, care, and how you make it.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "make_faster": lambda n: (
        ngettext(
            "%(n)d listing takes longer than %(most)d days to make: a nearer date is found sooner and bought more often.",
            "%(n)d listings take longer than %(most)d days to make: a nearer date is found sooner and bought more often.",
            n,
        ),
        _to("catalogue:inventory"),
    ),
    "add_variations": lambda n: (_("Add variations to what sells best."), _to("catalogue:inventory")),
    "offer_customisation": lambda n: (_("Offer customisation where it fits."), _to("makers:listings")),
    "tell_titles_apart": lambda n: (
        _("%(n)d listings have the same title: buyers cannot tell them apart."),
        _to("catalogue:inventory"),
    ),
    "show_workshop": lambda n: (
        _("Show at least three pictures of your workshop in your profile."),
        _to("makers:profile"),
    ),
    "translate_profile": lambda n: (
        ngettext(
            "Your profile has no words for %(n)d of your countries.",
            "Your profile has no words for %(n)d of your countries.",
            n,
        ),
        _to("makers:profile"),
    ),
    "list_elsewhere": lambda n: (
        ngettext(
            "%(n)d open country has none of your listings yet.",
            "%(n)d open countries have none of your listings yet.",
            n,
        ),
        _to("makers:listings"),
    ),
}
