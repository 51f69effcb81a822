"""Tasks of makers: each loads by id and calls one operation; the sweeps find what is due by the rows alone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from fondaco.catalogue import nudges
from fondaco.catalogue.models import Product
from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.makers import guesses, handmade
from fondaco.makers.models import Application, HandmadeListing, ProfileVersion, Relisting
from fondaco.makers.models.profile import ProfileState
from fondaco.makers.operations import inviting, listing, profile, relisting
from fondaco.makers.rules.application import State

_AT_ONCE = 200


@job(queue="fast")
def send_invitation(application_id: str) -> None:
    """Invite an approved applicant."""
    inviting.send_first(application_id)


@job(queue="fast")
def switch_relisting(relisting_id: str) -> None:
    """End the original where the new listing is ready."""
    relisting.switch(UUID(relisting_id))


@job(queue="fast")
def check_profile(version_id: str) -> None:
    """Show a profile version, put it before a person, or refuse it."""
    profile.check(UUID(version_id))


@job(queue="fast")
def activate_customisation(listing_id: str) -> None:
    """Offer a listing's customisation to buyers."""
    listing.activate_customisation(UUID(listing_id))


@sweep
def invite_approved() -> None:
    """Approved and not invited."""
    for pk in (
        Application.objects.filter(state=State.APPROVED).order_by("since").values_list("pk", flat=True)[:_AT_ONCE]
    ):
        nudge(send_invitation, str(pk))


@sweep
def forget_guesses() -> None:
    """Counters of wrong links that no longer count."""
    guesses.forget_old()


@sweep
def check_waiting_profiles() -> None:
    """Sent in and not looked at."""
    waiting = ProfileVersion.objects.filter(state=ProfileState.CHECKING).order_by("submitted_at")
    for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE]:
        nudge(check_profile, str(pk))


@sweep
def switch_waiting_relistings() -> None:
    """Begun and not switched, where nothing but the original holds the new one back."""
    waiting = Relisting.objects.filter(switched_at=None, offer__product__held_reason="handmade_relisting")
    for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE]:
        nudge(switch_relisting, str(pk))


@sweep
def activate_waiting_customisations() -> None:
    """Saved and not offered yet."""
    waiting = HandmadeListing.objects.filter(customisation_at=None, customisation_due_at__isnull=False)
    for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE]:
        nudge(activate_customisation, str(pk))


@sweep
def refresh_holds() -> None:
    """Listings whose reason to be held back has come or gone with time: vacations begin and end by the day."""
    away = Q(seller__vacation_from_date__isnull=False)
    held = Q(product__held_reason__in=["handmade_vacation", "handmade_account"])
    rows = HandmadeListing.objects.filter(away | held | ~Q(seller__status="active")).select_related("product", "seller")
    stale = [row.product for row in rows.order_by("pk")[:2_000]]
    if not stale:
        return
    wanted = handmade.holds_back(stale, clock.now())
    for product in stale:
        ours = product.held_reason if product.held_reason in handmade.HELD_WORDS else ""
        if (product.searchable or ours) and wanted.get(product.pk, "") != ours:
            nudges.publish(product.pk)


@sweep
def find_unaccompanied() -> None:
    """Handmade products of makers that were listed without their row here (a door that was killed half-way)."""
    from fondaco.makers.models import Maker

    for maker in Maker.objects.select_related("seller"):
        newest = Product.objects.filter(
            offers__seller=maker.seller, product_type__in=list(handmade.rules.TYPES), handmade=None
        ).order_by("-pk")[:_AT_ONCE]
        if ids := [p.pk for p in newest]:
            handmade.beside(seller=maker.seller, product_ids=ids, at=clock.now())
