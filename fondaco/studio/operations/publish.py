"""Publication and billing: each once, in this order, whatever is killed between (IMG-SVC-02, IMG-SVC-34, Q-07)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import ListingImage, Method, Source
from fondaco.catalogue.operations.images import JudgedImage, place_judged
from fondaco.catalogue.operations.publish import publish_locked
from fondaco.engine import clock
from fondaco.images.operations import render_picture, serve_until
from fondaco.ledger import operations as ledger
from fondaco.ledger.models import Posting
from fondaco.ledger.rules import Cause
from fondaco.policy.stores import store_of
from fondaco.studio import letters, locks, nudges
from fondaco.studio.models import ImageRights, ImagingOrder, Shot
from fondaco.studio.reading import PROFILE
from fondaco.studio.rules import rights, states
from fondaco.studio.rules.states import OrderState

_RIGHTS = ("imaging.model_licence.years", "imaging.model_licence.notice_days", "imaging.offsite_use")


def publish(order_id: UUID) -> None:
    """Put a released set into the ordered ASIN's slots (Q-08, Q-09). Safe to repeat and to kill.

    Files first, outside any transaction; then pictures, rights, gallery, order and notice together, or none of it.
    """
    for sha256 in Shot.objects.filter(order_id=order_id).values_list("final_id", flat=True):
        render_picture(sha256)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(order_id)
        if order.published_at is not None or order.release_at is None or order.state != OrderState.IMAGING_COMPLETE:
            return
        product = catalogue_locks.product(order.product_id)
        shots = list(order.shots.select_related("final").order_by("number"))
        slots = policy.value("imaging.replaced_slots", order.store, at=at)
        placed = place_judged(
            None,
            seller=order.seller,
            product=product,
            placed=[_judged(order, shot, slots.value, slots.version) for shot in shots],
            method=Method.STUDIO,
            at=at,
        )
        _write_rights(order, list(zip(placed, shots, strict=True)), at=at)
        publish_locked([product], at=at)
        order.published_at = at
        order.save(update_fields=["published_at"])
        history.record(
            actor=None,
            verb="imaging.published",
            subject=order,
            about={"asin": product.asin, "slots": ", ".join(image.variant for image in placed)},
            clause="IMG-SVC-26",
            policy_version=slots.version,
            at=at,
        )
        _tell(order, len(placed))
        nudges.bill(order.pk)


def bill(order_id: UUID) -> Posting | None:
    """Charge the quoted price once, after publication: proceeds, then the card on file (IMG-SVC-03, IMG-SVC-04).

    The charge and the state are one transaction. None when there is nothing to bill (any more).
    """
    at = clock.now()
    with transaction.atomic():
        order = locks.order(order_id)
        if order.published_at is None or order.state != OrderState.IMAGING_COMPLETE:
            return None
        states.require_step(old=order.state, new=OrderState.BILLED)
        posting = None
        if order.price_minor:
            posting = ledger.charge_seller(
                seller=order.seller,
                amount=order.price,
                cause=Cause("studio.order", str(order.pk), order.label),
                reason="imaging_service",
                key=f"imaging:{order.pk}:bill",
                clause="IMG-SVC-34",
                policy_version=order.versions["imaging.price_table"],
                at=at,
            )
        order.state, order.billed_at, order.ended_at = OrderState.BILLED.value, at, at
        order.save(update_fields=["state", "billed_at", "ended_at"])
        history.record(
            actor=None,
            verb="imaging.billed",
            subject=order,
            about={"price": str(order.price), "asin": order.product.asin},
            clause="IMG-SVC-34",
            policy_version=order.versions["imaging.price_table"],
            at=at,
        )
    return posting


def image_id(order: ImagingOrder, number: int) -> UUID:
    """The id of the listing image that a shot becomes: the same whoever asks, so that a repeat meets itself."""
    return uuid.uuid5(order.pk, f"shot {number}")


def _judged(order: ImagingOrder, shot: Shot, slots: Sequence[str], version: str) -> JudgedImage:
    return JudgedImage(
        id=image_id(order, shot.number),
        picture=shot.final,
        variant=slots[shot.number - 1],
        source=Source.STUDIO,
        rules=PROFILE,
        policy_version=version,
    )


def _write_rights(order: ImagingOrder, pairs: Sequence[tuple[ListingImage, Shot]], *, at: datetime) -> None:
    terms = policy.many(_RIGHTS, order.store, at=at)
    values = {key: found.value for key, found in terms.items()}
    rows = []
    for image, shot in pairs:
        held = rights.licence(
            has_model=shot.has_model,
            published_at=at,
            agreed_end=shot.model_until,
            years=values["imaging.model_licence.years"],
            notice_days=values["imaging.model_licence.notice_days"],
            offsite_use=values["imaging.offsite_use"],
            zone=store_of(order.store).zone,
        )
        rows.append(
            ImageRights(
                image=image,
                order=order,
                shot=shot,
                owner=rights.OWNER,
                has_model=held.has_model,
                offsite=held.offsite,
                ends_on=held.ends_on,
                delete_at=held.delete_at,
                notice_at=held.notice_at,
                versions={key: found.version for key, found in terms.items()},
                published_at=at,
            )
        )
        if held.delete_at:
            serve_until([shot.final_id, shot.picture_id], until=held.delete_at)
    ImageRights.objects.bulk_create(rows)


def _tell(order: ImagingOrder, count: int) -> None:
    facts = {"title": order.product.title, "asin": order.product.asin, "n": count, "price": order.price}
    letters.tell(
        order.seller,
        subject=lambda: _("Your pictures of %(title)s are published") % facts,
        text=lambda: (
            _("%(n)s pictures of %(title)s (%(asin)s) are on its product page. You need not do anything.") % facts
            + "\n\n"
            + _("The quoted price of %(price)s is taken from your proceeds; it stands under Reports, Payments.") % facts
            + "\n\n"
            + _("Which group of pictures is shown is decided by their rank: display is not guaranteed.")
        ),
        key=f"imaging:{order.pk}:published",
        url=letters.pop_up_url(order.product.asin),
    )
