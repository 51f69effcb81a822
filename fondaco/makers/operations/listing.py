"""A maker's listings: marks, customisation, other countries, and what the marketplace takes down."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue import locks, nudges
from fondaco.catalogue.models import Channel, Offer, OfferStatus
from fondaco.catalogue.operations import create_offer
from fondaco.engine import clock, files
from fondaco.images.models import Picture
from fondaco.images.operations import PictureTooBig
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.findings import Finding
from fondaco.kit.text import line, paragraphs
from fondaco.makers import handmade
from fondaco.makers import nudges as own_nudges
from fondaco.makers.models import HandmadeListing, MakerFont, Removal
from fondaco.makers.models.listing import RemovalState
from fondaco.makers.operations.mails import link, tell
from fondaco.makers.operations.pictures import PhotoNotAcceptable, take_photo
from fondaco.makers.queries.applications import DESK, maker_for
from fondaco.makers.rules import customisation as rules
from fondaco.makers.rules.font import MOST_BYTES as FONT_BYTES
from fondaco.makers.rules.font import font_kind
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Membership, SellerAccount
from fondaco.sellers.rules import Capability, MemberRole

TEXT_LIMIT, MOST_FONTS = 5_000, 20


class CustomisationNotValid(Invalid):
    """`findings` name every place that is wrong."""

    CODE = "customisation_not_valid"
    WORDS = N_("The customisation cannot be saved yet: %(count)s places are wrong.")
    FIX = N_("Correct what stands beside each of them.")
    CLAUSE = "B-HAND-11"


class PreviewNotValid(Invalid):
    CODE = "customisation_preview_not_valid"
    WORDS = N_("The picture of a surface is a square JPEG or PNG of at least %(px)s pixels and at most %(size)s bytes.")
    FIX = N_("Crop it to a square and save it again.")
    CLAUSE = "B-HAND-11"


class FontNotValid(Invalid):
    CODE = "customisation_font_not_valid"
    WORDS = N_("%(name)s is no font that browsers can use, or is larger than %(size)s bytes.")
    FIX = N_("Upload a .ttf or .woff file.")
    CLAUSE = "B-HAND-11"


class TooManyFonts(Invalid):
    CODE = "customisation_too_many_fonts"
    WORDS = N_("You have %(most)s fonts, which is as many as are kept.")
    FIX = N_("Use one of those that you have.")
    CLAUSE = "B-HAND-11"


class RemovalMoved(Refusal):
    CODE = "removal_moved"
    WORDS = N_("This removal is no longer in the state in which that is possible.")
    CLAUSE = "B-HAND-16"


class RemovalIncomplete(Invalid):
    CODE = "removal_incomplete"
    WORDS = N_("Say why, what the maker is to supply, and by when.")
    CLAUSE = "B-HAND-16"


class DueInThePast(Invalid):
    CODE = "removal_due_in_the_past"
    WORDS = N_("The day by which the maker is to answer lies in the past.")
    CLAUSE = "B-HAND-16"


def mark(caller: Caller, *, asin: str, is_private: bool, is_adult: bool) -> HandmadeListing:
    """Mark a listing as private or adult, or take the marks away; search follows. Raises NotFound, Denied."""
    found = _own(caller, asin)
    with transaction.atomic():
        product = locks.product(found.product_id)
        row = HandmadeListing.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if (row.is_private, row.is_adult) == (is_private, is_adult):
            return row
        row.is_private, row.is_adult = is_private, is_adult
        row.save(update_fields=["is_private", "is_adult"])
        about = {"private": is_private, "adult": is_adult}
        history.record(actor=caller, verb="handmade.marked", subject=product, about=about, clause="B-HAND-09")
        nudges.publish(product.pk)
    return row


def save_customisation(caller: Caller, *, asin: str, definition: Mapping[str, Any]) -> HandmadeListing:
    """What buyers may customise; an empty definition ends it. Offered within the hours of policy (B-HAND-11).

    Raises NotFound, Denied, CustomisationNotValid, PreviewNotValid, CustomisedShipsFromSeller.
    """
    found = _own(caller, asin)
    at = clock.now()
    limits = policy.value("handmade.customisation", found.product.creator.store, at=at)
    clean: dict[str, Any] = {}
    if definition.get("surfaces"):
        clean, findings = rules.read(definition, limits=rules.Limits.of(limits.value))
        if findings:
            raise CustomisationNotValid(count=len(findings), findings=findings)
        _require_pictures(clean, limits.value)
        _require_fonts(clean, found.seller)
        if "marketplace" not in limits.value["fulfilment"]:
            _require_own_shipping(found)
    with transaction.atomic():
        row = HandmadeListing.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if row.customisation == clean:
            return row
        row.customisation, row.policy_version, row.customisation_at = clean, limits.version, None
        row.customisation_due_at = at + timedelta(hours=limits.value["active_within_hours"]) if clean else None
        row.save(update_fields=["customisation", "policy_version", "customisation_at", "customisation_due_at"])
        verb = "handmade.customised" if clean else "handmade.customisation_ended"
        history.record(
            actor=caller, verb=verb, subject=found.product, clause="B-HAND-11", policy_version=limits.version
        )
        if clean:
            own_nudges.activate_customisation(row.pk)
    return row


def activate_customisation(listing_id: uuid.UUID) -> None:
    """Offer it to buyers; for the task. Again, it changes nothing."""
    HandmadeListing.objects.filter(pk=listing_id, customisation_at=None, customisation_due_at__isnull=False).update(
        customisation_at=clock.now()
    )


def take_surface_picture(*, data: bytes, name: str, store: str) -> Picture:
    """The picture of a surface, on which the preview is drawn: square, JPEG or PNG, within the sizes of policy.

    Raises PreviewNotValid, and what `take_photo` refuses.
    """
    limits = policy.value("handmade.customisation", store, at=clock.now()).value
    wrong = PreviewNotValid(px=limits["preview_min_px"], size=limits["preview_max_bytes"])
    if len(data) > limits["preview_max_bytes"]:
        raise wrong
    try:
        picture, _findings = take_photo(data=data, name=name)
    except (PhotoNotAcceptable, PictureTooBig):
        raise wrong from None
    if not _fits(picture, limits):
        raise wrong
    return picture


def add_font(caller: Caller, *, data: bytes, name: str) -> MakerFont:
    """A font for texts of customisations; the same file again answers the same.

    Raises NotFound, Denied, FontNotValid, TooManyFonts.
    """
    maker = maker_for(caller)
    caller.require(Capability.EDIT_LISTINGS, seller=maker.seller)
    limits = policy.value("handmade.customisation", maker.seller.store, at=clock.now()).value
    kind = font_kind(data, formats=limits["font_formats"])
    said = line(name, limit=10_000)
    if not kind:
        raise FontNotValid(name=said[-60:] or "?", size=FONT_BYTES)
    known = MakerFont.objects.filter(seller=maker.seller)
    sha256 = files.put("documents", data)
    if found := known.filter(sha256=sha256).first():
        return found
    if known.count() >= MOST_FONTS:
        raise TooManyFonts(most=MOST_FONTS)
    short = said.rsplit("/", 1)[-1].rsplit(".", 1)[0][:60] or kind
    made, _new = MakerFont.objects.get_or_create(
        seller=maker.seller,
        sha256=sha256,
        defaults={"name": short, "kind": kind, "added_by": caller.require_person()},
    )
    return made


def fonts_of(seller: SellerAccount) -> list[MakerFont]:
    """A maker's fonts, by name."""
    return list(MakerFont.objects.filter(seller=seller).order_by("name", "id"))


def list_in_store(
    caller: Caller, *, asin: str, store: str, sku: str, price_minor: int, quantity: int, handling_days: int
) -> Offer:
    """Offer one's handmade product in another store of the region, in its currency (HAND-13, Q-44).

    Raises what `create_offer` refuses, StoreNotOpen among it.
    """
    found = _own(caller, asin)
    return create_offer(
        caller,
        asin=found.product.asin,
        sku=sku,
        price_minor=price_minor,
        quantity=quantity,
        handling_days=handling_days,
        channel=Channel.SELLER,
        store=store,
        request_key=f"handmade-store:{found.pk.hex[:24]}:{store}",
    )


def remove(caller: Caller, *, asin: str, reason: str, wanted: str, due_date: date) -> Removal:
    """Take a handmade product down; the maker is told what to supply by when (B-HAND-16). Review desk only.

    Raises Denied, NotFound, RemovalIncomplete, DueInThePast, RemovalMoved when it is down already.
    """
    person = caller.require_role(*DESK)
    said, needed = paragraphs(reason, limit=TEXT_LIMIT), paragraphs(wanted, limit=TEXT_LIMIT)
    if not (said and needed):
        raise RemovalIncomplete
    found = _any(asin)
    if due_date < handmade.now_in(found.seller):
        raise DueInThePast
    try:
        with transaction.atomic():
            product = locks.product(found.product_id)
            removal = Removal.objects.create(
                listing=found, reason=said, wanted=needed, due_date=due_date, removed_by=person
            )
            _set_offers(found, OfferStatus.ACTIVE, OfferStatus.REMOVED)
            history.record(actor=caller, verb="handmade.removed", subject=product, why=said, clause="B-HAND-16")
            _tell_owner(
                found,
                N_("A product was removed from %(handmade)s"),
                N_(
                    "We removed %(title)s (%(asin)s).\n\nThe reason:\n%(reason)s\n\nSend us until %(due)s:\n%(wanted)s\n\nYou can answer and appeal here:\n%(link)s"
                ),
                {"reason": said, "wanted": needed, "due": due_date.isoformat()},
                key=f"handmade-removed:{removal.pk}",
            )
            nudges.publish(product.pk)
    except IntegrityError:
        raise RemovalMoved from None
    return removal


def appeal(caller: Caller, *, asin: str, text: str) -> Removal:
    """The maker's answer to a removal, with what was asked for. Raises NotFound, Denied, RemovalIncomplete, RemovalMoved."""
    found = _own(caller, asin)
    said = paragraphs(text, limit=TEXT_LIMIT)
    if not said:
        raise RemovalIncomplete
    with transaction.atomic():
        removal = _open_removal(found)
        if removal.state != RemovalState.REMOVED:
            raise RemovalMoved
        removal.state, removal.appeal, removal.appealed_at = RemovalState.APPEALED.value, said, clock.now()
        removal.save(update_fields=["state", "appeal", "appealed_at"])
        history.record(actor=caller, verb="handmade.appealed", subject=found.product, clause="B-HAND-16")
    return removal


def decide_removal(caller: Caller, *, asin: str, restore: bool, answer: str) -> Removal:
    """Restore the product, or let the removal stand after an appeal. Raises Denied, NotFound, RemovalMoved."""
    person = caller.require_role(*DESK)
    said = paragraphs(answer, limit=TEXT_LIMIT)
    if not said:
        raise RemovalIncomplete
    found = _any(asin)
    with transaction.atomic():
        product = locks.product(found.product_id)
        removal = _open_removal(found)
        if not restore and removal.state != RemovalState.APPEALED:
            raise RemovalMoved
        removal.state = (RemovalState.RESTORED if restore else RemovalState.UPHELD).value
        removal.answer, removal.decided_by, removal.decided_at = said, person, clock.now()
        removal.save()
        if restore:
            _set_offers(found, OfferStatus.REMOVED, OfferStatus.ACTIVE)
            nudges.publish(product.pk)
        verb = "handmade.restored" if restore else "handmade.upheld"
        history.record(actor=caller, verb=verb, subject=product, why=said, clause="B-HAND-16")
        _tell_owner(
            found,
            N_("Your appeal in %(handmade)s"),
            N_("About %(title)s (%(asin)s):\n\n%(answer)s\n\n%(link)s"),
            {"answer": said},
            key=f"handmade-removal-decided:{removal.pk}",
        )
    return removal


def _own(caller: Caller, asin: str) -> HandmadeListing:
    maker = maker_for(caller)
    caller.require(Capability.EDIT_LISTINGS, seller=maker.seller)
    found = _any(asin)
    if found.seller_id != maker.seller_id:
        raise NotFound
    return found


def _any(asin: str) -> HandmadeListing:
    rows = HandmadeListing.objects.select_related("product__creator", "seller")
    found = rows.filter(product__asin=asin.strip().upper()[:10]).first()
    if found is None:
        raise NotFound
    return found


def _open_removal(found: HandmadeListing) -> Removal:
    removal = (
        Removal.objects.select_for_update(of=("self",))
        .filter(listing=found, state__in=[RemovalState.REMOVED.value, RemovalState.APPEALED.value])
        .first()
    )
    if removal is None:
        raise RemovalMoved
    return removal


def _set_offers(found: HandmadeListing, before: str, after: str) -> None:
    ids = Offer.objects.filter(product=found.product_id, status=before).values_list("pk", flat=True)
    for offer in locks.offers(list(ids)):
        offer.status, offer.updated_at = str(after), clock.now()
        offer.save(update_fields=["status", "updated_at"])


def _tell_owner(found: HandmadeListing, subject: str, text: str, facts: dict[str, Any], *, key: str) -> None:
    owner = Membership.objects.filter(seller=found.seller, role=MemberRole.OWNER).select_related("person").first()
    if owner is None:
        return
    from django.urls import reverse

    product = found.product
    known = {
        "title": product.title,
        "asin": product.asin,
        "link": link(reverse("makers:listing", args=[product.asin])),
        **facts,
    }
    tell(owner.person, subject=subject, text=text, facts=known, key=key)


def _require_pictures(clean: Mapping[str, Any], limits: Mapping[str, Any]) -> None:
    for surface in clean["surfaces"]:
        if surface["picture"]:
            picture = Picture.objects.filter(pk=surface["picture"]).first()
            if picture is None or not _fits(picture, limits):
                raise PreviewNotValid(px=limits["preview_min_px"], size=limits["preview_max_bytes"])


def _require_fonts(clean: Mapping[str, Any], seller: SellerAccount) -> None:
    wanted = {i["font"] for s in clean["surfaces"] for i in s["items"] if i.get("font")}
    known = set(MakerFont.objects.filter(seller=seller, sha256__in=wanted).values_list("sha256", flat=True))
    if wanted - known:
        raise FontNotValid(name="?", size=FONT_BYTES)


def _fits(picture: Picture, limits: Mapping[str, Any]) -> bool:
    formats = {"jpeg" if f == "jpg" else f for f in limits["preview_formats"]}
    return (
        picture.format in formats
        and picture.width == picture.height >= limits["preview_min_px"]
        and picture.size_bytes <= limits["preview_max_bytes"]
    )


def _require_own_shipping(found: HandmadeListing) -> None:
    if Offer.objects.filter(product=found.product_id, channel=Channel.MARKETPLACE, status=OfferStatus.ACTIVE).exists():
        raise handmade.CustomisedShipsFromSeller


def findings_of(refusal: Refusal) -> tuple[Finding, ...]:
    """The findings that a refusal carries, for forms."""
    return tuple(refusal.facts.get("findings", ()))
