"""Submitting pictures for a product, taking them away, and bringing replaced ones back (IMG-06, IMG-07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from fondaco import history
from fondaco.catalogue import locks, nudges
from fondaco.catalogue.models import ListingImage, Method, Product, Source
from fondaco.catalogue.operations import image_status
from fondaco.catalogue.queries.access import image_for, product_by_asin
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState, WrongImageState
from fondaco.catalogue.rules.variants import MAIN
from fondaco.catalogue.terms import SubmissionTerms, submission_terms
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.operations import take_in
from fondaco.kit import text
from fondaco.kit.deadlines import image_display
from fondaco.kit.errors import Invalid, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import OwnedBrand, SellerAccount
from fondaco.sellers.rules import Capability, fold_name

URL_LIMIT, NAME_LIMIT, KEY_LIMIT = 2000, 255, 60


class NoPictureGiven(Invalid):
    CODE = "no_picture_given"
    WORDS = _("Neither a file nor an address was given.")
    FIX = _("Choose a file, or give the direct address of one.")


class UnknownSlot(Invalid):
    CODE = "unknown_image_slot"
    WORDS = _("There is no picture slot called %(variant)s.")
    FIX = _("Choose one of: %(slots)s.")
    CLAUSE = "B-IMG-07"


class NoFreeSlot(Refusal):
    CODE = "no_free_image_slot"
    WORDS = _("Every slot of the gallery holds a picture already.")
    FIX = _("Name the slot whose picture is to be replaced, or remove one first.")
    CLAUSE = "B-IMG-05"


class SlotTwice(Invalid):
    CODE = "image_slot_twice"
    WORDS = _("Two of these pictures are for the same slot, %(variant)s.")


@dataclass(frozen=True, slots=True)
class NewImage:
    """A picture to submit: its bytes, or the address from which to fetch it.

    `variant` is the slot; empty means the first slot of the gallery in which nothing of this contributor stands or waits.
    `source` is worked out from who owns the brand unless the studio says `studio`.
    """

    data: bytes | None = None
    url: str = ""
    file_name: str = ""
    variant: str = MAIN
    source: str = ""
    batch_id: UUID | None = None
    batch_record: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that is on file (or has an address) and under terms, ready for the transaction."""

    new: NewImage
    picture: Picture | None
    terms: SubmissionTerms
    method: str
    request_key: str = field(default="")


@dataclass(frozen=True, slots=True)
class JudgedImage:
    """A picture that may be shown as it is. `id` is made by the caller before the first try."""

    id: UUID
    picture: Picture
    variant: str
    source: str
    rules: str
    policy_version: str = ""


def submit_image(
    caller: Caller,
    *,
    asin: str,
    data: bytes | None = None,
    url: str = "",
    file_name: str = "",
    variant: str = MAIN,
    method: str = Method.PORTAL,
    request_key: str = "",
) -> ListingImage:
    """Submit one picture for a product, by its bytes or by its address. Arguments as in `NewImage`.

    It is looked at soon and is due to show within the hours of policy. A picture that waits in the slot, or was
    rejected, gives way at once; one that is shown gives way when the new one proves good. The same `request_key`
    again answers the same submission. Raises NotFound, NoPictureGiven, UnknownSlot, NoFreeSlot, PictureTooBig.
    """
    new = NewImage(data=data, url=url, file_name=file_name, variant=variant)
    return submit_images(caller, asin=asin, pictures=[new], method=method, request_key=request_key)[0]


def submit_images(
    caller: Caller,
    *,
    asin: str,
    pictures: Sequence[NewImage],
    method: str = Method.PORTAL,
    request_key: str = "",
) -> list[ListingImage]:
    """Submit several pictures at once; all or none. See `submit_image`."""
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    product = product_by_asin(asin)
    if done := of_request(seller, request_key):
        return done
    at = clock.now()
    prepared = prepare(seller, pictures, method=method, request_key=request_key, at=at)
    try:
        with transaction.atomic():
            return submit_prepared(caller, seller, locks.product(product.pk), prepared, at=at)
    except IntegrityError:
        # Two requests with one key at once: the other has written what this one was asked for.
        if done := of_request(seller, request_key):
            return done
        raise


def remove_image(caller: Caller, *, image_id: str | UUID) -> ListingImage:
    """Take a submitted picture away for good; the next eligible one moves up. Removing it again does nothing.

    Raises NotFound, Denied, WrongImageState for one that expired or was withdrawn.
    """
    found = image_for(caller, image_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        locks.product(found.product_id)
        image = locks.image(found.pk)
        if image.state == ImageState.REMOVED:
            return image
        end([image], ImageState.REMOVED, at=at)
        history.record(actor=caller, verb="image.removed", subject=image, about={"variant": image.variant}, at=at)
        nudges.publish(image.product_id)
    return image


def restore_image(caller: Caller, *, image_id: str | UUID) -> ListingImage:
    """Bring a replaced picture back into its slot; what stands there now is replaced by it.

    One that had been found good comes back at once; any other is looked at anew, under today's policy.
    Raises NotFound, Denied, WrongImageState.
    """
    found = image_for(caller, image_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        locks.product(found.product_id)
        image = locks.image(found.pk)
        if image.state != ImageState.REPLACED:
            raise WrongImageState(state=image.state, wanted=ImageState.REPLACED.value)
        was_good = image.verdict == "eligible"
        wanted = ImageState.ELIGIBLE if was_good else ImageState.SUBMITTED
        give_way([image], states.STANDING if was_good else states.CANDIDATE, at=at)
        if not was_good:
            _submit_anew(image, at=at)
        image.state, image.ended_at = wanted.value, None
        image.save()
        history.record(actor=caller, verb="image.restored", subject=image, about={"variant": image.variant}, at=at)
        image_status.refresh([image.product_id])
        nudges.publish(image.product_id) if was_good else nudges.look_at(image.pk, by_address=image.picture_id is None)
    return image


def of_request(seller: SellerAccount, request_key: str) -> list[ListingImage]:
    """The submissions that an earlier request with this key made, in its order."""
    if not request_key:
        return []
    keys = {_key_of(request_key, number): number for number in range(100)}
    found = ListingImage.objects.filter(seller=seller, request_key__in=list(keys)).select_related("product", "picture")
    return sorted(found, key=lambda image: keys[image.request_key])


def prepare(
    seller: SellerAccount, pictures: Iterable[NewImage], *, method: str, request_key: str, at: datetime
) -> list[Prepared]:
    """Put the files on file and look up the terms, before any transaction is open."""
    terms = submission_terms(store=seller.store, at=at)
    prepared = []
    for number, new in enumerate(pictures):
        if new.data is None and not new.url.strip():
            raise NoPictureGiven
        picture = take_in(new.data, at=at) if new.data is not None else None
        prepared.append(Prepared(new, picture, terms, method, _key_of(request_key, number)))
    return prepared


def submit_prepared(
    caller: Caller, seller: SellerAccount, product: Product, prepared: Sequence[Prepared], *, at: datetime
) -> list[ListingImage]:
    """Write submissions for a locked product, inside the caller's transaction."""
    if not prepared:
        return []
    images = _rows(seller, product, prepared, at=at)
    give_way(images, states.CANDIDATE, at=at)
    ListingImage.objects.bulk_create(images)
    image_status.refresh([product.pk])
    history.record_all(
        history.build(
            actor=caller,
            verb="image.submitted",
            subject=image,
            about={"asin": product.asin, "variant": image.variant, "method": image.method, "due_at": image.due_at},
            clause="IMG-03",
            policy_version=image.policy_version,
            at=at,
        )
        for image in images
    )
    for image in images:
        nudges.look_at(image.pk, by_address=image.picture_id is None)
    return images


def place_judged(
    actor: Any, *, seller: SellerAccount, product: Product, placed: Sequence[JudgedImage], method: str, at: datetime
) -> list[ListingImage]:
    """Put pictures that were judged already into a locked product's slots, at once and all together.

    What stood there is REPLACED and can be restored; all other slots keep their picture (Q-08). Called by operations
    of domains above, which then call `publish.publish_locked`. Every picture must have its renditions.
    """
    rows = [
        ListingImage(
            id=each.id,
            product=product,
            seller=seller,
            source=each.source,
            variant=each.variant,
            method=method,
            state=ImageState.ELIGIBLE.value,
            picture=each.picture,
            file_name=f"{product.asin}.{each.variant}.jpg",
            verdict="eligible",
            verdict_rules=each.rules[:300],
            policy_version=each.policy_version[:200],
            submitted_at=at,
            due_at=at,
            decided_at=at,
        )
        for each in placed
    ]
    give_way(rows, states.STANDING + states.CANDIDATE, at=at)
    ListingImage.objects.bulk_create(rows)
    history.record_all(
        history.build(
            actor=actor,
            verb="image.submitted",
            subject=image,
            about={"asin": product.asin, "variant": image.variant, "method": image.method, "due_at": image.due_at},
            clause="IMG-SVC-26",
            policy_version=image.policy_version,
            at=at,
        )
        for image in rows
    )
    return rows


def give_way(coming: Iterable[ListingImage], given: tuple[ImageState, ...], *, at: datetime) -> None:
    """Mark REPLACED what stands, in one of the `given` states, in the slots of the pictures that come.

    A slot is the seller's, whatever the source: a studio picture takes the place of the seller's own, and the other
    way round (IMG-SVC-26, IMG-SVC-27).
    """
    slots = {_slot_key(image): image.pk for image in coming}
    if not slots:
        return
    there = ListingImage.objects.filter(product_id__in={key[0] for key in slots}, state__in=[s.value for s in given])
    fields = ("product_id", "seller_id", "variant", "pk")
    going = [pk for *key, pk in there.values_list(*fields) if slots.get(tuple(key), pk) != pk]
    if going:
        ListingImage.objects.filter(pk__in=going).update(
            state=ImageState.REPLACED.value, ended_at=at, next_try_at=None, place=None
        )


def end(images: Iterable[ListingImage], state: ImageState, *, at: datetime, lists_follow: bool = False) -> None:
    """Take locked pictures off for good or for the while, and let the lists know. Raises WrongImageState.

    `lists_follow`: the caller chooses the galleries anew in the same transaction, which lets the lists know.
    """
    ended = list(images)
    for image in ended:
        states.require_step(old=image.state, new=state)
        image.state, image.ended_at, image.next_try_at, image.place = state.value, at, None, None
    ListingImage.objects.filter(pk__in=[image.pk for image in ended]).update(
        state=state.value, ended_at=at, next_try_at=None, place=None
    )
    if not lists_follow:
        image_status.refresh({image.product_id for image in ended})


def _rows(seller: SellerAccount, product: Product, prepared: Sequence[Prepared], *, at: datetime) -> list[ListingImage]:
    taken = _taken(seller, product)
    own = Source.BRAND if _owns_brand(seller, product) else Source.SELLER
    images: list[ListingImage] = []
    for each in prepared:
        source = each.new.source or own
        variant = _slot(each, taken)
        if any(image.variant == variant and image.source == source for image in images):
            raise SlotTwice(variant=variant)
        taken.add(variant)
        images.append(_row(seller, product, each, source, variant, at))
    return images


def _row(
    seller: SellerAccount, product: Product, each: Prepared, source: str, variant: str, at: datetime
) -> ListingImage:
    hours = each.terms.values["image.display_sla_hours"]
    return ListingImage(
        product=product,
        seller=seller,
        source=source,
        variant=variant,
        method=each.method,
        picture=each.picture,
        file_name=text.shorten(text.line(each.new.file_name, limit=10_000), NAME_LIMIT),
        source_url=text.line(each.new.url, limit=URL_LIMIT) if each.picture is None else "",
        policy_version=each.terms.version,
        batch_id=each.new.batch_id,
        batch_record=each.new.batch_record,
        request_key=each.request_key,
        next_try_at=at,
        submitted_at=at,
        due_at=image_display(submitted_at=at, hours=hours).due_at,
    )


def _slot(each: Prepared, taken: set[str]) -> str:
    slots = each.terms.slots
    variant = each.new.variant.strip().upper()
    if not variant:
        free = slots.first_free(taken)
        if free is None:
            raise NoFreeSlot
        return free
    if not slots.has(variant):
        raise UnknownSlot(variant=variant[:10], slots=", ".join(slots.names))
    return variant


def _taken(seller: SellerAccount, product: Product) -> set[str]:
    """Slots in which something stands or waits. A rejected picture holds none: the next upload is its successor."""
    held = [s.value for s in (*states.WAITING, *states.STANDING)]
    there = ListingImage.objects.filter(product=product, seller=seller, state__in=held)
    return set(there.values_list("variant", flat=True))


def _owns_brand(seller: SellerAccount, product: Product) -> bool:
    if not product.brand:
        return False
    return OwnedBrand.objects.filter(seller=seller, name_folded=fold_name(product.brand)).exists()


def _slot_key(image: ListingImage) -> tuple[UUID, UUID, str]:
    return image.product_id, image.seller_id, image.variant


def _submit_anew(image: ListingImage, *, at: datetime) -> None:
    """What was never found good starts over: today's policy, a full time to show, no attempts yet."""
    terms = submission_terms(store=image.seller.store, at=at)
    hours = terms.values["image.display_sla_hours"]
    image.submitted_at, image.next_try_at, image.tries, image.lost = at, at, 0, 0
    image.due_at = image_display(submitted_at=at, hours=hours).due_at
    image.policy_version, image.verdict, image.reasons, image.decided_at = terms.version, "", [], None


def _key_of(request_key: str, number: int) -> str:
    return f"{text.line(request_key, limit=KEY_LIMIT)}/{number}" if request_key else ""
