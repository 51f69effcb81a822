"""Rights over time: notice, deletion on the day, withdrawal, requests to remove a use (IMG-SVC-42…46, B-SVC-01)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fondaco import history
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.operations import images as catalogue_images
from fondaco.catalogue.operations.publish import publish_locked
from fondaco.catalogue.rules import states as image_states
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine import clock
from fondaco.images.operations import serve_until, wipe
from fondaco.kit.errors import Invalid, NotFound
from fondaco.kit.text import line
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id, sellers_for
from fondaco.sellers.rules import Capability, Role
from fondaco.studio import letters, nudges
from fondaco.studio.models import Edit, ImageRights, Shot, UseRemoval
from fondaco.studio.rules.marked import N_
from fondaco.web import dates


class ReasonMissing(Invalid):
    CODE = "imaging_reason_missing"
    WORDS = N_("Say why.")
    CLAUSE = "IMG-SVC-42"


def notice(image_ids: Iterable[UUID]) -> int:
    """Tell sellers, once for each picture, that it will be deleted; returns how many. One letter a seller (Q-13)."""
    at = clock.now()
    with transaction.atomic():
        due = _locked(image_ids).filter(noticed_at=None, deleted_at=None, notice_at__lte=at)
        rows = list(due.select_related("image__product", "image__seller"))
        if not rows:
            return 0
        ImageRights.objects.filter(pk__in=[row.pk for row in rows]).update(noticed_at=at)
        history.record_all(
            history.build(
                actor=None,
                verb="image.licence_notice",
                subject=row.image,
                about={"ends_on": row.ends_on, "variant": row.image.variant},
                clause="IMG-SVC-45",
                policy_version=row.versions.get("imaging.model_licence.notice_days", ""),
                at=at,
            )
            for row in rows
        )
        by_seller: defaultdict[UUID, list[ImageRights]] = defaultdict(list)
        for row in rows:
            if row.image.state not in image_states.OVER:
                by_seller[row.image.seller_id].append(row)
        for some in by_seller.values():
            _tell_notice(some)
    return len(rows)


def expire(image_ids: Iterable[UUID]) -> int:
    """Take pictures off whose licence has ended; the gallery moves up (Q-13). Returns how many. Safe to repeat.

    A picture is EXPIRED once; its files go right after, by a task of their own.
    """
    at = clock.now()
    wanted = list(image_ids)
    product_ids = set(ListingImage.objects.filter(pk__in=wanted).values_list("product_id", flat=True))
    with transaction.atomic():
        products = catalogue_locks.products(product_ids)
        images = {image.pk: image for image in catalogue_locks.images(wanted)}
        rows = list(_locked(wanted).filter(deleted_at=None, delete_at__lte=at))
        if not rows:
            return 0
        ending = [images[row.pk] for row in rows]
        ending = [i for i in ending if image_states.may_become(old=i.state, new=ImageState.EXPIRED)]
        catalogue_images.end(ending, ImageState.EXPIRED, at=at, lists_follow=True)
        ImageRights.objects.filter(pk__in=[row.pk for row in rows]).update(deleted_at=at)
        history.record_all(
            history.build(
                actor=None,
                verb="image.expired",
                subject=images[row.pk],
                about={"ends_on": row.ends_on, "variant": images[row.pk].variant},
                clause="IMG-SVC-44",
                policy_version=row.versions.get("imaging.model_licence.years", ""),
                at=at,
            )
            for row in rows
        )
        touched = {image.product_id for image in ending}
        publish_locked([product for product in products if product.pk in touched], at=at)
        nudges.wipe(row.pk for row in rows)
    return len(rows)


def wipe_files(image_ids: Iterable[UUID]) -> int:
    """Delete originals and renditions of pictures that are off, and what they were made from. Safe to repeat.

    Content that something else still shows stays until that is off too.
    """
    due = ImageRights.objects.filter(pk__in=list(image_ids), deleted_at__isnull=False, wiped_at=None)
    rows = list(due.select_related("image", "shot"))
    content = _content_of(rows)
    wipe(content - _shown_elsewhere(content))
    ImageRights.objects.filter(pk__in=[row.pk for row in rows]).update(wiped_at=clock.now())
    return len(rows)


def withdraw(caller: Caller, *, image_id: str, why: str, all_use: bool = False) -> ImageRights:
    """The operator takes the right of use away: off the marketplace, or (`all_use`) of any use (IMG-SVC-42).

    The withdrawal shows on the picture; with `all_use` it leaves the gallery and the next one moves up. Once.
    """
    caller.require_role(Role.OPERATOR)
    said = line(why, limit=1000)
    if not said:
        raise ReasonMissing
    found = _found(as_id(image_id))
    at = clock.now()
    with transaction.atomic():
        product = catalogue_locks.product(found.image.product_id)
        image = catalogue_locks.image(found.pk)
        row = _locked([found.pk]).get()
        if (row.withdrawn_at if all_use else row.offsite_withdrawn_at) is not None:
            return row
        row.offsite, row.withdrawn_why = False, said
        row.offsite_withdrawn_at = row.offsite_withdrawn_at or at
        if all_use:
            row.withdrawn_at = at
            if image_states.may_become(old=image.state, new=ImageState.RIGHTS_WITHDRAWN):
                catalogue_images.end([image], ImageState.RIGHTS_WITHDRAWN, at=at)
                publish_locked([product], at=at)
            if image.picture_id and not _shown_elsewhere({image.picture_id}):
                serve_until([image.picture_id], until=at)
        row.save(update_fields=["offsite", "withdrawn_why", "offsite_withdrawn_at", "withdrawn_at"])
        verb = "image.rights_withdrawn" if all_use else "image.offsite_withdrawn"
        about = {"variant": image.variant, "asin": product.asin}
        history.record(actor=caller, verb=verb, subject=image, about=about, why=said, clause="IMG-SVC-42", at=at)
        _tell_withdrawn(found, said, all_use=all_use)
    return row


def ask_removal(caller: Caller, *, image_id: str, use: str, why: str, request_key: str) -> UseRemoval:
    """Ask the seller to take one use of a picture elsewhere down (B-SVC-01)."""
    caller.require_role(Role.OPERATOR)
    where = line(use, limit=500)
    if not where:
        raise ReasonMissing
    found = _found(as_id(image_id))
    at = clock.now()
    with transaction.atomic():
        row = _locked([found.pk]).get()
        if earlier := row.removals.filter(request_key=request_key).first():
            return earlier
        asked = UseRemoval.objects.create(
            rights=row,
            use=where,
            why=line(why, limit=1000),
            by=caller.require_person(),
            request_key=request_key,
            at=at,
        )
        history.record(
            actor=caller,
            verb="image.removal_asked",
            subject=found.image,
            about={"use": where},
            clause="B-SVC-01",
            at=at,
        )
        facts = {"asin": found.image.product.asin, "use": where, "why": asked.why}
        letters.tell(
            found.image.seller,
            subject=lambda: _("Please remove a use of a studio picture of %(asin)s") % facts,
            text=lambda: _("Under the imaging terms we ask you to remove this use: %(use)s. %(why)s") % facts,
            key=f"use-removal:{asked.pk}",
            url=letters.pop_up_url(found.image.product.asin),
        )
    return asked


def confirm_removal(caller: Caller, *, removal_id: str) -> UseRemoval:
    """The seller has taken the use down. Again, it does nothing."""
    row = UseRemoval.objects.filter(pk=as_id(removal_id), rights__image__seller__in=sellers_for(caller))
    found = row.select_related("rights__image__seller").first()
    if found is None:
        raise NotFound(what="removal")
    caller.require(Capability.EDIT_LISTINGS, seller=found.rights.image.seller)
    at = clock.now()
    with transaction.atomic():
        if UseRemoval.objects.filter(pk=found.pk, done_at=None).update(done_at=at):
            image = found.rights.image
            history.record(
                actor=caller,
                verb="image.removal_done",
                subject=image,
                about={"use": found.use},
                clause="B-SVC-01",
                at=at,
            )
    found.refresh_from_db()
    return found


def _found(image_id: UUID) -> ImageRights:
    row = ImageRights.objects.filter(pk=image_id).select_related("image__product", "image__seller").first()
    if row is None:
        raise NotFound(what="image")
    return row


def _locked(image_ids: Iterable[UUID]):  # type: ignore[no-untyped-def]
    rows = ImageRights.objects.filter(pk__in=list(image_ids)).order_by("pk")
    return rows.select_for_update(of=("self",))


def _content_of(rows: Sequence[ImageRights]) -> set[str]:
    """The published content and everything of the model that it was made from."""
    found = {row.image.picture_id for row in rows}
    for row in rows:
        if row.shot:
            found |= {row.shot.picture_id, row.shot.final_id}
    edits = Edit.objects.filter(shot__in=[row.shot_id for row in rows if row.shot_id])
    for picture_id, difference_id in edits.values_list("picture_id", "difference_id"):
        found |= {picture_id, difference_id}
    return {sha256 for sha256 in found if sha256}


def _shown_elsewhere(content: Collection[str]) -> set[str]:
    """Those that a listing still shows, or that an order not yet published is made of."""
    over = [state.value for state in image_states.OVER]
    shown = ListingImage.objects.filter(picture_id__in=content).exclude(state__in=over)
    waiting = Shot.objects.filter(picture_id__in=content, order__published_at=None)
    return {*shown.values_list("picture_id", flat=True), *waiting.values_list("picture_id", flat=True)}


def _tell_notice(rows: Sequence[ImageRights]) -> None:
    seller = rows[0].image.seller
    key = hashlib.sha256("|".join(sorted(str(row.pk) for row in rows)).encode()).hexdigest()[:32]

    def text() -> str:
        lines = [
            f"{row.image.product.asin} {row.image.variant}: {dates.day(row.ends_on)} – {row.image.product.title}"
            for row in rows
            if row.ends_on
        ]
        return "\n".join(
            [
                _("The licence of these pictures with a model ends. They are deleted on the day named:"),
                "",
                *lines,
                "",
                _("New pictures need a new imaging order."),
            ]
        )

    letters.tell(
        seller,
        subject=lambda: (
            ngettext(
                "%(n)s picture with a model will be deleted", "%(n)s pictures with a model will be deleted", len(rows)
            )
            % {"n": len(rows)}
        ),
        text=text,
        key=f"licence-notice:{key}",
        url=letters.pop_up_url(rows[0].image.product.asin),
    )


def _tell_withdrawn(row: ImageRights, why: str, *, all_use: bool) -> None:
    facts = {"asin": row.image.product.asin, "slot": row.image.variant, "why": why}
    letters.tell(
        row.image.seller,
        subject=lambda: _("A right of use was withdrawn: %(asin)s, %(slot)s") % facts,
        text=lambda: (
            _("The picture %(slot)s of %(asin)s may not be used any more and was taken off. Reason: %(why)s") % facts
            if all_use
            else _("The picture %(slot)s of %(asin)s may not be used outside the marketplace any more. Reason: %(why)s")
            % facts
        ),
        key=f"rights:{row.pk}:{'all' if all_use else 'offsite'}",
        url=letters.pop_up_url(row.image.product.asin),
    )
