"""The operator's three actions, each on its own with reason, author and time, and their way back (PRIME-03, Q-53).

Open orders and returns go on: nothing here touches them (PRIME-02).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue import nudges
from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.engine import clock, outbox
from fondaco.fulfilment.models import Enrolment, PrimeItem, Sanction, VolumeControl
from fondaco.fulfilment.operations.enrolment import end_trial
from fondaco.fulfilment.rules.enrolment import EnrolmentState, ItemState, SanctionKind
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.text import paragraphs
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.operations import change_status
from fondaco.sellers.queries import as_id, owner_of
from fondaco.sellers.rules import Role, SellerStatus
from fondaco.web.nav import url_or_none
from fondaco.web.programmes import name_of

REASON_LIMIT = 1000


class ReasonNeeded(Invalid):
    CODE = "sanction_reason_needed"
    WORDS = N_("Say why: the seller reads it.")
    CLAUSE = "Q-53"


class NotEnrolledOffer(Refusal):
    CODE = "sanction_offer_not_enrolled"
    WORDS = N_("This offer is not in %(programme)s.")
    CLAUSE = "PRIME-03"


class NothingToRemove(Refusal):
    CODE = "sanction_nothing_to_remove"
    WORDS = N_("This account is not enrolled in %(programme)s, so there is no eligibility to remove.")
    CLAUSE = "PRIME-03"


def sanction_offer(caller: Caller, *, offer_id: str | UUID, reason: str) -> Sanction:
    """Remove one Prime offer (a): nobody can buy it, its seller cannot take it up again. Raises Denied, ReasonNeeded."""
    caller.require_role(Role.OPERATOR)
    why, at = _reason(reason), clock.now()
    with transaction.atomic():
        offer = catalogue_locks.offer(as_id(offer_id))
        item = PrimeItem.objects.filter(offer=offer).first()
        if open_one := Sanction.objects.filter(offer=offer, lifted_at=None).first():
            return open_one
        if item is None or item.state == ItemState.REMOVED:
            raise NotEnrolledOffer(programme=_programme())
        row = _write(caller, SanctionKind.OFFERS, offer.seller, why, at, offer=offer)
        PrimeItem.objects.filter(pk=item.pk).update(state=ItemState.REMOVED.value, reason="", updated_at=at)
        if offer.status == OfferStatus.ACTIVE:
            offer.status, offer.updated_at = OfferStatus.REMOVED, at
            offer.save(update_fields=["status", "updated_at"])
            nudges.publish(offer.product_id)
        history.record(actor=caller, verb="prime.offer_sanctioned", subject=offer, why=why, clause="PRIME-03", at=at)
        _tell(row)
    return row


def sanction_eligibility(caller: Caller, *, seller: SellerAccount, reason: str) -> Sanction:
    """Remove eligibility (b): no offer of the account is Prime any more. Raises Denied, ReasonNeeded, NothingToRemove."""
    caller.require_role(Role.OPERATOR)
    why, at = _reason(reason), clock.now()
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update(no_key=True).filter(seller=seller).first()
        if enrolment is None:
            raise NothingToRemove(programme=_programme())
        if open_one := _open(seller, SanctionKind.ELIGIBILITY):
            return open_one
        row = _write(caller, SanctionKind.ELIGIBILITY, seller, why, at)
        enrolment.state, enrolment.updated_at = EnrolmentState.INELIGIBLE, at
        enrolment.save(update_fields=["state", "updated_at"])
        end_trial(enrolment, at=at)
        history.record(
            actor=caller, verb="prime.eligibility_removed", subject=enrolment, why=why, clause="PRIME-03", at=at
        )
        _tell(row)
    return row


def sanction_selling(caller: Caller, *, seller: SellerAccount, reason: str) -> Sanction:
    """Remove selling privileges (c): the account sells nothing until it is reinstated. Raises Denied, ReasonNeeded."""
    caller.require_role(Role.OPERATOR)
    why, at = _reason(reason), clock.now()
    with transaction.atomic():
        account = SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        if open_one := _open(account, SanctionKind.SELLING):
            return open_one
        row = _write(caller, SanctionKind.SELLING, account, why, at)
        change_status(caller, account, status=SellerStatus.SUSPENDED, reason=why)
        _tell(row)
    return row


def lift(caller: Caller, *, sanction_id: str | UUID, reason: str) -> Sanction:
    """Take a sanction back, with a reason; again, nothing changes. What it removed can be enrolled again (J20).

    Eligibility comes back as the enrolment stood: active with a limit, else applied. Raises Denied, ReasonNeeded, NotFound.
    """
    caller.require_role(Role.OPERATOR)
    why, at = _reason(reason), clock.now()
    with transaction.atomic():
        row = Sanction.objects.select_for_update(no_key=True, of=("self",)).filter(pk=as_id(sanction_id)).first()
        if row is None:
            raise NotFound(what="sanction")
        if row.lifted_at:
            return row
        row.lifted_at, row.lifted_by, row.lift_reason = at, caller.require_person(), why
        row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
        if row.kind == SanctionKind.OFFERS:
            _restore_offer(row, at)
        elif row.kind == SanctionKind.ELIGIBILITY:
            _restore_eligibility(row, at)
        else:
            change_status(caller, row.seller, status=SellerStatus.ACTIVE, reason=why)
        history.record(actor=caller, verb="prime.sanction_lifted", subject=row, why=why, clause="PRIME-03", at=at)
        _tell(row)
    return row


def _restore_offer(row: Sanction, at: datetime) -> None:
    offer = catalogue_locks.offer(row.offer_id) if row.offer_id else None
    if offer is not None and offer.status == OfferStatus.REMOVED:
        offer.status, offer.updated_at = OfferStatus.ACTIVE, at
        offer.save(update_fields=["status", "updated_at"])
        nudges.publish(offer.product_id)


def _restore_eligibility(row: Sanction, at: datetime) -> None:
    restore(Enrolment.objects.select_for_update(no_key=True).get(seller=row.seller), at=at)


def restore(enrolment: Enrolment, *, at: datetime) -> None:
    """Eligible again, as the locked enrolment stood: active with a limit, else applied."""
    limited = VolumeControl.objects.filter(seller=enrolment.seller, limit_per_day__isnull=False).exists()
    enrolment.state = EnrolmentState.ACTIVE if enrolment.activated_at and limited else EnrolmentState.APPLIED
    enrolment.updated_at = at
    enrolment.save(update_fields=["state", "updated_at"])


def _write(
    caller: Caller, kind: SanctionKind, seller: SellerAccount, why: str, at: datetime, offer: Offer | None = None
) -> Sanction:
    version = policy.value("sanction.actions", seller.store, at=at).version
    row = Sanction(
        kind=kind.value,
        seller=seller,
        offer=offer,
        reason=why,
        author=caller.require_person(),
        policy_version=version,
        made_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once
        return Sanction.objects.get(kind=kind.value, seller=seller, offer=offer, lifted_at=None)
    return row


def _open(seller: SellerAccount, kind: SanctionKind) -> Sanction | None:
    return Sanction.objects.filter(seller=seller, kind=kind.value, lifted_at=None).first()


def _reason(text: str) -> str:
    why = paragraphs(text, limit=REASON_LIMIT)
    if not why:
        raise ReasonNeeded
    return why


def _programme() -> str:
    return str(name_of("prime"))


def _tell(row: Sanction) -> None:
    """The seller reads what was done, why, and where to answer (Q-53)."""
    owner = owner_of(row.seller)
    if owner is None:
        return
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        names = {
            SanctionKind.OFFERS.value: _("Your offer %(sku)s was removed from %(programme)s"),
            SanctionKind.ELIGIBILITY.value: _("Your account is not eligible for %(programme)s any more"),
            SanctionKind.SELLING.value: _("Your account cannot sell for the time being"),
        }
        lifted = {
            SanctionKind.OFFERS.value: _("Your offer %(sku)s can be enrolled again"),
            SanctionKind.ELIGIBILITY.value: _("Your account is eligible for %(programme)s again"),
            SanctionKind.SELLING.value: _("Your account can sell again"),
        }
        facts = {"sku": row.offer.sku if row.offer else "", "programme": _programme()}
        subject = (lifted if row.lifted_at else names)[row.kind] % facts
        going_on = _("Orders and returns that are open go on as before.")
        link = f"{settings.FONDACO_BASE_URL}{url_or_none('fulfilment:prime') or ''}"
        parts = [subject + ".", row.lift_reason if row.lifted_at else row.reason, going_on, link]
        key = f"sanction:{row.pk}:{'lifted' if row.lifted_at else 'made'}"
        outbox.post(to=owner.email, subject=subject, text="\n\n".join(parts), key=key)
