"""What buyers may customise: the maker's form, one surface after another, with the preview drawn on the picture."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import policy
from fondaco.engine import clock, files
from fondaco.images.models import Picture
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.makers.models import HandmadeListing, MakerFont
from fondaco.makers.operations import listing as operations
from fondaco.makers.queries.shop import own_listing
from fondaco.makers.rules import customisation as rules
from fondaco.makers.rules.font import MOST_BYTES as FONT_BYTES
from fondaco.makers.web.drawn import fonts_in, previews
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.refusals import spoken

MOST_FONT_BYTES = FONT_BYTES + 1
FONT_TYPES = {"ttf": "font/ttf", "woff": "font/woff"}

FAULTS: dict[str, Any] = {
    "customisation_empty": lambda: _("Add at least one thing that can be customised."),
    "customisation_too_many_surfaces": lambda: _("At most %(limit)s surfaces."),
    "customisation_too_many_items": lambda: _("At most %(limit)s things on a surface."),
    "customisation_kind": lambda: _("This kind of customisation is not offered."),
    "customisation_label": lambda: _("Name it, in at most %(limit)s characters."),
    "customisation_text_length": lambda: _("A text here may have 1 to %(limit)s characters."),
    "customisation_font": lambda: _("Choose one of your fonts, or upload it again."),
    "customisation_options": lambda: _("A list has 2 to %(limit)s different options."),
    "customisation_box": lambda: _(
        "The place must lie on the picture: left and top from 0, width and height from 3, within 100."
    ),
    "customisation_barred": lambda: _("Not for customisation: %(what)s."),
}

BARRED: dict[str, Any] = {
    "warranties": lambda: _("warranties"),
    "unrelated_bundles": lambda: _("bundles with other products"),
    "manufacturer_upc": lambda: _("codes of a manufacturer"),
    "free_promotions": lambda: _("free promotions"),
    "yes_no_options": lambda: _("questions that are answered with yes or no"),
}


@signed_in
def edit(request: Request, asin: str) -> HttpResponse:
    """The definition as a form. Buttons add and take away without saving; "Save" keeps it."""
    row = own_listing(request.caller, asin)
    request.caller.require(Capability.EDIT_LISTINGS, seller=row.seller)
    limits = policy.value("handmade.customisation", row.seller.store, at=clock.now()).value
    currency = store_of(row.seller.store).currency
    definition: dict[str, Any] = row.customisation or {"surfaces": []}
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        definition = _posted(request, row, faults)
        verb = request.POST.get("verb", "save")
        _alter(definition, verb, limits)
        if verb == "save" and not faults and _saved(request, row, definition, faults):
            return redirect("makers:listing", asin)
    context = {
        "row": row,
        "product": row.product,
        "limits": limits,
        "surfaces": shown(definition, limits=rules.Limits.of(limits), currency=currency, faults=faults),
        "currency": currency,
        "fonts": operations.fonts_of(row.seller),
        "faults": faults.get("", []),
        "may_add": len(definition.get("surfaces", ())) < limits["max_surfaces"],
        "kinds": [("text", _("Text")), ("image", _("Picture")), ("configuration", _("Choice"))],
    }
    return render(request, "makers/customise.html", context, status=422 if faults else 200)


def shown(
    definition: dict[str, Any], *, limits: rules.Limits, currency: str, faults: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """The surfaces for the template, each with its picture and a sample drawn on it."""
    hashes = [s.get("picture") for s in definition.get("surfaces", ()) if s.get("picture")]
    pictures = Picture.objects.in_bulk(hashes)
    rows = []
    for number, surface in enumerate(definition.get("surfaces", ()), start=1):
        clean, _faults = rules.read({"surfaces": [surface]}, limits=limits)  # what was typed, as numbers
        complete = clean["surfaces"][0]
        marks = rules.marks(complete, number=number, choices=_sample(complete, number))
        drawn = {"name": surface["name"], "picture": surface.get("picture", ""), "marks": [asdict(m) for m in marks]}
        (preview,) = previews([drawn], pictures)
        rows.append(
            {
                "number": number,
                "surface": surface,
                "preview": preview,
                "fonts": fonts_in([drawn]),
                "items": [
                    {
                        "place": f"{number}.{n}",
                        "item": item,
                        "options": "\n".join(_option_line(o, currency) for o in item.get("options", ())),
                        "faults": faults.get(f"{number}.{n}", []),
                    }
                    for n, item in enumerate(surface.get("items", ()), start=1)
                ],
                "faults": faults.get(str(number), []),
            }
        )
    return rows


def _option_line(option: dict[str, Any], currency: str) -> str:
    if "as_typed" in option:
        return str(option["as_typed"])
    more = option.get("more_minor", 0)
    return f"{option['label']} | {Money(more, currency).amount}" if more else str(option["label"])


def _option(typed: str, currency: str, faults: list[str]) -> dict[str, Any]:
    """`Moss` or `Moss | 2.50`: what it costs more, in the currency of the maker's store."""
    label, _bar, more = typed.partition("|")
    option: dict[str, Any] = {"label": label.strip(), "more_minor": 0}
    if more.strip():
        try:
            option["more_minor"] = max(0, Money.parse(more.strip().replace(",", "."), currency).minor)
        except Refusal as refusal:
            said = spoken(refusal)
            faults.append(f"{typed.strip()}: {said.words} {said.fix}".strip())
            option["as_typed"] = typed.strip()
    return option


def _sample(surface: dict[str, Any], number: int) -> list[dict[str, Any]]:
    return [
        {"place": f"{number}.{n}", "value": item["label"][: item.get("max", 20)] or "Abc"}
        for n, item in enumerate(surface.get("items", ()), start=1)
        if item["kind"] == "text" and item.get("label")
    ]


def _posted(request: Request, row: HandmadeListing, faults: dict[str, list[str]]) -> dict[str, Any]:
    """The definition that the fields `s1-name`, `s1i2-kind`, … describe."""
    post, currency = request.POST, store_of(row.seller.store).currency
    surfaces = []
    for s in range(1, 21):
        if f"s{s}-name" not in post:
            break
        picture = post.get(f"s{s}-picture", "")
        if upload := request.FILES.get(f"s{s}-file"):
            try:
                picture = operations.take_surface_picture(
                    data=upload.read(), name=upload.name or "", store=row.seller.store
                ).pk
            except Refusal as refusal:
                said = spoken(refusal)
                faults.setdefault(str(s), []).append(f"{said.words} {said.fix}")
        items = []
        for n in range(1, 31):
            key = f"s{s}i{n}-"
            if f"{key}kind" not in post:
                break
            items.append(
                {
                    "kind": post[f"{key}kind"],
                    "label": post.get(f"{key}label", ""),
                    "required": bool(post.get(f"{key}required")),
                    "max": post.get(f"{key}max", ""),
                    "colour": post.get(f"{key}colour", ""),
                    "box": [post.get(f"{key}{side}", "") for side in ("x", "y", "w", "h")],
                    "font": _font(request, key, faults.setdefault(f"{s}.{n}", [])),
                    "options": [
                        _option(o, currency, faults.setdefault(f"{s}.{n}", []))
                        for o in post.get(f"{key}options", "").splitlines()
                        if o.strip()
                    ],
                }
            )
        surfaces.append({"name": post[f"s{s}-name"], "picture": picture, "items": items})
    for place in [p for p, said in faults.items() if not said]:
        del faults[place]
    return {"surfaces": surfaces}


def _font(request: Request, key: str, faults: list[str]) -> str:
    """The chosen font of a text, or the one that was uploaded with it."""
    upload = request.FILES.get(f"{key}font-file")
    if not upload:
        return str(request.POST.get(f"{key}font", ""))[:64]
    try:
        return operations.add_font(request.caller, data=upload.read(MOST_FONT_BYTES), name=upload.name or "").sha256
    except Refusal as refusal:
        said = spoken(refusal)
        faults.append(f"{said.words} {said.fix}")
        return str(request.POST.get(f"{key}font", ""))[:64]


def _alter(definition: dict[str, Any], verb: str, limits: Any) -> None:
    """`surface`, `item:1:text`, `drop:1`, `drop:1:2`."""
    parts, surfaces = verb.split(":"), definition["surfaces"]
    if parts[0] == "surface" and len(surfaces) < limits["max_surfaces"]:
        surfaces.append({"name": _("Front"), "picture": "", "items": []})
        return
    at = int(parts[1]) - 1 if len(parts) > 1 and parts[1].isdigit() else -1
    if not 0 <= at < len(surfaces):
        return
    if parts[0] == "item" and len(parts) > 2 and len(surfaces[at]["items"]) < limits["max_items_per_surface"]:
        new: dict[str, Any] = {"kind": parts[2], "label": "", "required": False, "box": [10, 40, 80, 20], "max": 20}
        surfaces[at]["items"].append(new)
    elif parts[0] == "drop" and len(parts) == 2:
        del surfaces[at]
    elif parts[0] == "drop" and parts[2].isdigit() and 0 < int(parts[2]) <= len(surfaces[at]["items"]):
        del surfaces[at]["items"][int(parts[2]) - 1]


def _saved(request: Request, row: HandmadeListing, definition: dict[str, Any], faults: dict[str, list[str]]) -> bool:
    try:
        operations.save_customisation(request.caller, asin=row.product.asin, definition=definition)
    except operations.CustomisationNotValid as refusal:
        for finding in refusal.facts["findings"]:
            limit = finding.limit
            what = BARRED[limit]() if finding.code == "customisation_barred" else ""
            faults.setdefault(str(finding.measured), []).append(FAULTS[finding.code]() % {"limit": limit, "what": what})
        return False
    except Refusal as refusal:
        said = spoken(refusal)
        faults.setdefault("", []).append(f"{said.words} {said.fix}".strip())
        return False
    messages.success(request, _("Saved. Buyers can customise it within hours."))
    return True


def font_css(request: Request, sha256: str) -> HttpResponse:
    """The stylesheet that names a maker's font, for pages on which it is drawn."""
    font = _font_row(sha256)
    words = f'@font-face{{font-family:"{rules.family(font.sha256)}";src:url("{reverse("makers:font", args=[font.sha256])}") format("{_FORMATS[font.kind]}");font-display:swap}}'
    return _kept(HttpResponse(words, content_type="text/css; charset=utf-8"))


def font(request: Request, sha256: str) -> HttpResponse:
    """A maker's font. Its address is made of its content, so it never changes."""
    found = _font_row(sha256)
    return _kept(HttpResponse(files.read("documents", found.sha256), content_type=FONT_TYPES[found.kind]))


_FORMATS = {"ttf": "truetype", "woff": "woff"}


def _font_row(sha256: str) -> MakerFont:
    found = MakerFont.objects.filter(sha256=sha256).first()
    if found is None:
        raise NotFound
    return found


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
