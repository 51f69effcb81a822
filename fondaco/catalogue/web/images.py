"""Manage Images: the slots with what stands in them and why, what happened, and how the groups rank."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco.catalogue.models import Product
from fondaco.catalogue.operations import remove_image, restore_image
from fondaco.catalogue.operations.mending import can_be_mended
from fondaco.catalogue.queries.alike import alike_images
from fondaco.catalogue.queries.gallery import (
    ManagedImages,
    SubmittedImage,
    managed_images,
    submitted_image,
)
from fondaco.catalogue.queries.reasons import held_words
from fondaco.catalogue.queries.same_product import closer_elsewhere
from fondaco.catalogue.queries.timeline import image_history, picture_timeline
from fondaco.catalogue.web import words
from fondaco.catalogue.web.forms import AddressForm, UploadForm
from fondaco.catalogue.web.image_doors import actions_for, facts_for
from fondaco.catalogue.web.shown import Card, card, every_finding, numbered, slot_card, viewer
from fondaco.catalogue.web.standards import Standards, standards_for
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller


@require_seller
def manage(request: Request, asin: str) -> HttpResponse:
    """The Images tab: slots, what needs the seller, and the place to upload."""
    managed = managed_images(request.caller, asin)
    standards = standards_for(managed.seller)
    slot = request.GET.get("slot", "").upper()
    slot = slot if standards.terms.slots.has(slot) else ""
    return render(request, "catalogue/images.html", page_context(request, managed, standards, slot=slot))


@require_GET
@require_seller
def slots(request: Request, asin: str) -> HttpResponse:
    """The region with the slots, for the page that watches it; 204 while nothing has changed."""
    managed = managed_images(request.caller, asin)
    context = region_context(request, managed)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "catalogue/images.html#slots_answer", context)


@require_GET
@require_seller
def history(request: Request, asin: str) -> HttpResponse:
    """The History tab: every submission, and what happened."""
    found = picture_timeline(request.caller, asin)
    rows = [
        {
            "image": image,
            "state": words.IMAGE_STATES[image.state],
            "tone": words.IMAGE_STATE_TONES.get(image.state, "neutral"),
            "method": words.METHODS[image.method],
            "can_restore": image.state == "replaced",
        }
        for image in found.images
    ]
    context = {
        **head_context(request, found.product, "history"),
        "rows": rows,
        "events": found.events,
    }
    return render(request, "catalogue/images_history.html", context)


@require_GET
@require_seller
def ranking(request: Request, asin: str) -> HttpResponse:
    """The Ranking tab: the score sheets side by side, with the published weights (IMG-SVC-50, IMG-14)."""
    managed = managed_images(request.caller, asin)
    scores = managed.scores
    context = {
        **head_context(request, managed.product, "ranking", managed),
        "sheets": scores,
        "factors": _factors(scores),
        "most": sum(line.weight for line in scores[0].lines) if scores else 0,
        "mine": next((s for s in scores if s.is_mine), None),
        "displayed": next((s for s in scores if s.displayed), None),
    }
    return render(request, "catalogue/images_ranking.html", context)


@require_GET
@require_seller
def image(request: Request, asin: str, image_id: UUID) -> HttpResponse:
    """One submission: everything found, drawn on it, and what happened to it."""
    shown = submitted_image(request.caller, image_id)
    product = shown.image.product
    if product.asin != asin.upper():
        raise NotFound(what="image")
    alike = alike_images(shown.image)
    context = {
        **head_context(request, product, "image"),
        "card": card(shown),
        "picture": viewer(shown, product, also=alike.findings),
        "findings": numbered((*every_finding(shown), *alike.findings)),
        "closer": closer_elsewhere(shown.image),
        "can_mend": _can_mend(request, shown),
        "events": image_history(request.caller, image_id),
        "method": words.METHODS[shown.image.method],
        "beside": facts_for(request, shown.image),
        "alike": alike,
    }
    return render(request, "catalogue/images_one.html", context)


@require_POST
@require_seller
def remove(request: Request, asin: str, image_id: UUID) -> HttpResponse:
    """Taken away for good; the next one moves up."""
    removed = remove_image(request.caller, image_id=image_id)
    messages.success(request, _("The picture is removed from the slot %(slot)s.") % {"slot": removed.variant})
    return redirect("catalogue:manage_images", removed.product.asin)


@require_POST
@require_seller
def restore(request: Request, asin: str, image_id: UUID) -> HttpResponse:
    """A replaced picture, back in its slot."""
    back = restore_image(request.caller, image_id=image_id)
    messages.success(request, _("The picture is back in the slot %(slot)s.") % {"slot": back.variant})
    return redirect("catalogue:manage_images", back.product.asin)


def page_context(
    request: Request, managed: ManagedImages, standards: Standards, *, slot: str = "", **forms: Any
) -> dict[str, Any]:
    """Everything on the Images tab; `forms` are those that are shown again with their faults."""
    names = [(row.variant, f"{row.variant} · {_(row.label)}") for row in managed.slots]
    upload = UploadForm(initial={"slot": slot}, most=1 if slot else standards.most, accept=standards.accept)
    return {
        **head_context(request, managed.product, "images", managed),
        **region_context(request, managed),
        "upload_form": upload,
        "address_form": AddressForm(slots=names, initial={"slot": slot}),
        "standards": standards,
        "slot": slot,
        "most": 1 if slot else standards.most,
        **forms,
    }


def region_context(request: Request, managed: ManagedImages) -> dict[str, Any]:
    """The slots, and what in them wants the seller."""
    cards = [slot_card(each) for each in managed.slots]
    wanting = [c for each in cards for c in (each.candidate,) if c and c.is_rejected]
    waiting = [c for each in cards for c in (each.standing, each.candidate) if c and c.is_waiting]
    return {
        "product": managed.product,
        "slots": cards,
        "wanting": [_wanting(request, each, managed.product) for each in wanting],
        "waiting": waiting,
        "due_at": min((c.image.due_at for c in waiting), default=None),
        "is_late": any(c.submitted.is_late for c in waiting),
        "not_selected": any(each.standing and each.standing.is_not_selected for each in cards),
        "replaced": [card(each) for each in managed.replaced],
        "is_busy": managed.is_busy,
        "seen": _fingerprint(managed),
        "may_edit": _may_edit(request),
        "held": "" if managed.product.searchable else held_words(managed.product.held_reason),
    }


def head_context(
    request: Request, product: Product, current: str, managed: ManagedImages | None = None
) -> dict[str, Any]:
    """Trail and tabs of every page about a product's pictures."""
    tabs = [
        ("images", "catalogue:manage_images", _("Images")),
        ("history", "catalogue:images_history", _("History")),
        ("ranking", "catalogue:images_ranking", _("Ranking")),
    ]
    trail = [(_("Inventory"), reverse("catalogue:inventory")), (product.title, "")]
    here = reverse("catalogue:manage_images", args=[product.asin])
    trail[1:] = [(product.title, here), (_("Picture"), "")] if current == "image" else [(product.title, "")]
    return {
        "product": product,
        "tabs": [
            {"label": label, "url": reverse(name, args=[product.asin]), "current": key == current}
            for key, name, label in tabs
        ],
        "trail": trail,
        "may_edit": _may_edit(request),
        "services": actions_for(request, product) if current == "images" else [],
    }


def _wanting(request: Request, each: Card, product: Product) -> dict[str, Any]:
    """A rejected picture with its reasons drawn on it."""
    return {
        "card": each,
        "picture": viewer(each.submitted, product, only_reasons=True),
        "findings": numbered(each.submitted.reasons),
        "can_mend": _can_mend(request, each.submitted),
    }


def _can_mend(request: Request, each: SubmittedImage) -> bool:
    if each.image.picture is None or not _may_edit(request):
        return False
    return each.image.state == "rejected" and can_be_mended(reason.code for reason in each.reasons)


def _may_edit(request: Request) -> bool:
    return request.caller.may(Capability.EDIT_LISTINGS)


def _fingerprint(managed: ManagedImages) -> str:
    """Changes whenever the region would look different."""
    every: Sequence[SubmittedImage | None] = [
        *(each for slot in managed.slots for each in (slot.standing, slot.candidate)),
        *managed.replaced,
    ]
    parts = [
        f"{each.image.pk}{each.image.state}{each.is_late}{each.image.picture.rendered if each.image.picture else ''}"
        for each in every
        if each
    ]
    return hashlib.sha256("|".join([*parts, managed.product.held_reason]).encode()).hexdigest()[:16]


def _factors(sheets: Sequence[Any]) -> list[dict[str, Any]]:
    """The score sheets as rows: a factor with its weight, and what each group measured and got."""
    if not sheets:
        return []
    return [
        {
            "words": lines[0].words,
            "weight": lines[0].weight,
            "cells": [
                {"measured": _measured(line), "line": line, "is_mine": sheet.is_mine}
                for line, sheet in zip(lines, sheets, strict=True)
            ],
        }
        for lines in zip(*(sheet.lines for sheet in sheets), strict=True)
    ]


def _measured(line: Any) -> Any:
    """What a factor measured, as the reader writes it."""
    if isinstance(line.measured, bool):
        return _("yes") if line.measured else _("no")
    if line.factor == "source":
        return words.SOURCES.get(line.measured, line.measured)
    if line.factor == "recency":
        return _("%(n)s days behind") % {"n": line.measured}
    if line.factor == "resolution":
        return f"{line.measured} px"
    return str(line.measured)
