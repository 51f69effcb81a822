"""Customisation on buyers' pages: the form beside the price, and what was asked for in cart, checkout and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fondaco.catalogue.models import Offer
from fondaco.catalogue.queries.product_page import product_page
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.queries import picture_urls
from fondaco.kit.errors import NotFound, Refusal
from fondaco.makers.operations import choosing
from fondaco.makers.rules import customisation as rules
from fondaco.makers.web.drawn import fonts_in, previews
from fondaco.orders.making import Part
from fondaco.orders.operations import WrongQuantity, carts
from fondaco.orders.web.where import cart_token, where_of
from fondaco.sellers.access import Request
from fondaco.web.refusals import spoken

_SALT = "makers.choice"
_GOOD_FOR_S = 7 * 86_400

FAULTS: dict[str, Any] = {
    "choice_missing": lambda: _("The maker needs this."),
    "choice_too_long": lambda: _("At most %(limit)s characters, on one line."),
    "choice_not_valid": lambda: _("Choose this again."),
}


class Making:
    """What this domain answers to the place in `orders.making`."""

    def require(self, offer: Offer, customisation: Mapping[str, Any], *, at: datetime) -> None:
        choosing.require(offer, customisation, at=at)

    def form(self, request: HttpRequest, offer: Offer, quantities: Sequence[int]) -> Part | None:
        definition = choosing.offered_with(offer, at=clock.now())
        if not definition:
            return None
        return Part("makers/_choose.html", _context(offer, definition, {}, {}, len(quantities)))

    def shown(self, customisations: Sequence[Mapping[str, Any]]) -> Sequence[Part | None]:
        rows = [c if isinstance(c.get("choices"), list) else {} for c in customisations]
        hashes = {x["value"] for c in rows for x in c.get("choices", ()) if x["kind"] == "image"}
        hashes |= {d["picture"] for c in rows for d in c.get("drawn", ())}
        pictures = Picture.objects.in_bulk(list(hashes))
        return [_shown(c, pictures) if c else None for c in rows]


def choose(request: Request, asin: str) -> HttpResponse:
    """The product page's form: draw it, keep a picture, or put it into the cart. Nothing is lost by a refusal."""
    offer = _offer(request, asin)
    definition = choosing.offered_with(offer, at=clock.now())
    if not definition or request.method != "POST":
        return redirect("catalogue:product", asin)
    faults: dict[str, list[str]] = {}
    given = _given(request, definition, faults)
    verb = request.POST.get("verb", "add")
    if verb == "add" and not faults and (done := _added(request, offer, given, faults)):
        return done
    context = {
        "made": _context(offer, definition, given, faults, offer.units_sellable, _count(request)),
        "offer": offer,
    }
    if request.htmx and verb == "preview":
        return render(request, "makers/_choose.html#preview", context)
    if request.htmx and verb == "picture":
        return render(request, "makers/_choose.html", context)
    return render(request, "makers/choose.html", context, status=422 if faults else 200)


def _offer(request: Request, asin: str) -> Offer:
    wanted = str(request.POST.get("offer", ""))
    page = product_page(request.caller, asin, store=settings.FONDACO_DEFAULT_STORE)
    found = next((o for o in page.offers if str(o.pk) == wanted), page.offers[0] if page.offers else None)
    if found is None:
        raise NotFound
    return found


def _added(
    request: Request, offer: Offer, given: Mapping[str, str], faults: dict[str, list[str]]
) -> HttpResponse | None:
    try:
        pictures = {value for value in given.values() if len(value) == 64}
        customisation = choosing.choose(offer, given=given, pictures=pictures, at=clock.now())
        line = carts.put_in(
            request.caller,
            token=cart_token(request, make=True),
            offer_id=offer.pk,
            quantity=_count(request),
            address=where_of(request).postal,
            customisation=customisation,
        )
    except choosing.ChoicesNotValid as refusal:
        for finding in refusal.facts["findings"]:
            words = FAULTS[finding.code]() % {"limit": finding.limit}
            faults.setdefault(str(finding.measured), []).append(words)
        return None
    except Refusal as refusal:
        said = spoken(refusal)
        faults.setdefault("", []).append(f"{said.words} {said.fix}".strip())
        return None
    messages.success(request, _("%(title)s is in your cart.") % {"title": line.offer.product.title})
    return redirect("orders:cart")


def _given(request: Request, definition: Mapping[str, Any], faults: dict[str, list[str]]) -> dict[str, str]:
    """Place → what was filled in; a picture by its hash. An upload goes through the inspector here."""
    found: dict[str, str] = {}
    for s, surface in enumerate(definition["surfaces"], start=1):
        for n, item in enumerate(surface["items"], start=1):
            place = f"{s}.{n}"
            value = request.POST.get(f"c{place}", "")[:2_000]
            if item["kind"] == "image":
                value = _kept_picture(value)
                if upload := request.FILES.get(f"c{place}-file"):
                    try:
                        value = choosing.take_choice_picture(data=upload.read(), name=upload.name or "").pk
                    except Refusal as refusal:
                        said = spoken(refusal)
                        faults.setdefault(place, []).append(f"{said.words} {said.fix}".strip())
            found[place] = value
    return found


def _kept_picture(token: str) -> str:
    """The hash of a picture that this form took in before; empty for anything else."""
    try:
        return str(signing.loads(token, salt=_SALT, max_age=_GOOD_FOR_S)) if token else ""
    except signing.BadSignature:
        return ""


def _count(request: Request) -> int:
    text = str(request.POST.get("quantity", "1")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise WrongQuantity(most=999)
    return int(text)


def _context(
    offer: Offer,
    definition: Mapping[str, Any],
    given: Mapping[str, str],
    faults: Mapping[str, list[str]],
    units: int,
    quantity: int = 1,
) -> dict[str, Any]:
    """The form's surfaces, each with its fields and what is drawn on its picture so far."""
    pictures = {value for value in given.values() if len(value) == 64}
    choices, _faults, more = rules.read_choices(definition, given, pictures=pictures)
    hashes = pictures | {s["picture"] for s in definition["surfaces"] if s.get("picture")}
    found = Picture.objects.in_bulk(list(hashes))
    rows = []
    for s, surface in enumerate(definition["surfaces"], start=1):
        items = [
            _field(f"{s}.{n}", item, given, faults, found, offer) for n, item in enumerate(surface["items"], start=1)
        ]
        rows.append({"number": s, "name": surface["name"], "items": items})
    marked = rules.drawn_of(definition, choices)
    return {
        "offer": offer,
        "asin": offer.product.asin,
        "surfaces": rows,
        "previews": previews(marked, found),
        "fonts": fonts_in(marked),
        "unit_minor": offer.price_minor + more,
        "more_minor": more,
        "currency": offer.currency,
        "faults": faults.get("", []),
        "count": sum(len(f) for f in faults.values()),
        "quantities": range(1, min(units, 30) + 1),
        "quantity": quantity,
    }


def _field(
    place: str,
    item: Mapping[str, Any],
    given: Mapping[str, str],
    faults: Mapping[str, list[str]],
    found: Mapping[str, Picture],
    offer: Offer,
) -> dict[str, Any]:
    value = given.get(place, "")
    is_picture = item["kind"] == "image" and value in found
    return {
        "place": place,
        "id": f"c{place.replace('.', '-')}",
        "item": item,
        "value": value,
        "faults": faults.get(place, []),
        "token": signing.dumps(value, salt=_SALT) if is_picture else "",
        "thumb": picture_urls(found[value]).thumb if is_picture else "",
        "options": [
            {"value": str(n), "label": o["label"], "more_minor": o["more_minor"], "currency": offer.currency}
            for n, o in enumerate(item.get("options", ()))
        ],
    }


def _shown(asked: Mapping[str, Any], pictures: Mapping[str, Picture]) -> Part:
    choices = [
        {**c, "urls": picture_urls(pictures.get(c["value"])) if c["kind"] == "image" else None}
        for c in asked["choices"]
    ]
    rows = asked.get("drawn", ())
    context = {"choices": choices, "previews": previews(rows, pictures), "fonts": fonts_in(rows)}
    return Part("makers/_made.html", context)
