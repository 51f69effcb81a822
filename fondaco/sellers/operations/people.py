"""Who works in a seller account, and who works for the marketplace."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock, outbox
from fondaco.kit import chance
from fondaco.kit.errors import Denied, Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Invitation, Membership, Person, SellerAccount, StaffRole
from fondaco.sellers.queries import as_id, person_by_email
from fondaco.sellers.rules import Capability, MemberRole, Role, fold_email, grantable_by

INVITATION_DAYS = 14


class AlreadyMember(Refusal):
    CODE = "already_member"
    WORDS = N_("%(email)s already works in this account.")


class RoleNotYours(Denied):
    CODE = "role_not_yours_to_give"
    WORDS = N_("Your role cannot give or take the role “%(role)s”.")


class InvitationUsed(Refusal):
    CODE = "invitation_used"
    STATUS = 410
    WORDS = N_("This invitation has been used.")


class InvitationWithdrawn(Refusal):
    CODE = "invitation_withdrawn"
    STATUS = 410
    WORDS = N_("This invitation was withdrawn or replaced by a newer one.")
    FIX = N_("Look for a newer mail, or ask for another invitation.")


class InvitationExpired(Refusal):
    CODE = "invitation_expired"
    STATUS = 410
    WORDS = N_("This invitation expired.")
    FIX = N_("Ask for another one.")


class InvitationForOther(Refusal):
    CODE = "invitation_for_other"
    STATUS = 403
    WORDS = N_("This invitation was sent to another e-mail address than the one you are signed in with.")
    FIX = N_("Sign in with the address to which it was sent.")


class EmailMissing(Invalid):
    CODE = "email_missing"
    WORDS = N_("Say to which e-mail address the invitation goes.")


def invite(caller: Caller, seller: SellerAccount, *, email: str, role: MemberRole) -> Invitation:
    """Send an invitation to join the account. An open one to the same address is replaced and its link dies.

    Raises EmailMissing, AlreadyMember, RoleNotYours and what `Caller.require` raises.
    """
    caller.require(Capability.MANAGE_PEOPLE, seller=seller)
    _require_grant(caller, seller, role)
    email = email.strip()
    if "@" not in email:
        raise EmailMissing
    secret, now = chance.token_urlsafe(32), clock.now()
    with transaction.atomic():
        SellerAccount.objects.select_for_update().get(pk=seller.pk)
        if Membership.objects.filter(seller=seller, person__email_folded=fold_email(email)).exists():
            raise AlreadyMember(email=email)
        Invitation.objects.filter(
            seller=seller, email_folded=fold_email(email), accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            seller=seller,
            email=email,
            email_folded=fold_email(email),
            role=role,
            secret_hash=_hashed(secret),
            invited_by=caller.person,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        _mail_invitation(invitation, secret)
        history.record(actor=caller.person, verb="member.invited", subject=seller, about={"email": email, "role": role})
    return invitation


def withdraw_invitation(caller: Caller, seller: SellerAccount, invitation_id: str | uuid.UUID) -> None:
    """The link of an open invitation dies. Raises NotFound for another account's."""
    caller.require(Capability.MANAGE_PEOPLE, seller=seller)
    with transaction.atomic():
        invitation = _locked_invitation(pk=as_id(invitation_id), seller=seller)
        if invitation.accepted_at or invitation.withdrawn_at:
            return
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        facts = {"email": invitation.email}
        history.record(actor=caller.person, verb="member.invitation_withdrawn", subject=seller, about=facts)


def invitation_for(secret: str) -> Invitation:
    """The open invitation behind a link. Raises NotFound, InvitationUsed, InvitationWithdrawn, InvitationExpired."""
    found = Invitation.objects.filter(secret_hash=_hashed(secret)).select_related("seller", "invited_by").first()
    if found is None:
        raise NotFound
    _refuse_closed(found)
    return found


def accept_invitation(caller: Caller, *, secret: str) -> Membership:
    """The signed-in person joins the account. Bound to the invited address, usable once.

    Raises what `invitation_for` raises, and InvitationForOther.
    """
    person = caller.require_person()
    with transaction.atomic():
        invitation = _locked_invitation(secret_hash=_hashed(secret))
        if invitation.email_folded != person.email_folded:
            raise InvitationForOther
        if invitation.accepted_at and invitation.accepted_by_id == person.pk:  # the same click, twice
            return Membership.objects.get(person=person, seller=invitation.seller)
        _refuse_closed(invitation)
        invitation.accepted_at, invitation.accepted_by = clock.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        membership, _is_new = Membership.objects.get_or_create(
            person=person, seller=invitation.seller, defaults={"role": invitation.role}
        )
        seller = invitation.seller
        history.record(actor=person, verb="member.joined", subject=seller, about={"role": membership.role})
    return membership


def change_member_role(
    caller: Caller, seller: SellerAccount, membership_id: str | uuid.UUID, *, role: MemberRole
) -> Membership:
    """Another role inside the account. Nobody changes their own, and the owner's stays. Raises RoleNotYours."""
    caller.require(Capability.MANAGE_PEOPLE, seller=seller)
    with transaction.atomic():
        membership = _locked_member(seller, membership_id)
        _require_grant(caller, seller, MemberRole(membership.role))
        _require_grant(caller, seller, role)
        if membership.role == role:
            return membership
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        facts = {"email": membership.person.email, "before": before, "role": role}
        history.record(actor=caller.person, verb="member.role_changed", subject=seller, about=facts)
    return membership


def remove_member(caller: Caller, seller: SellerAccount, membership_id: str | uuid.UUID) -> None:
    """The person works in the account no more. The owner cannot be removed. Raises RoleNotYours, NotFound."""
    caller.require(Capability.MANAGE_PEOPLE, seller=seller)
    with transaction.atomic():
        membership = _locked_member(seller, membership_id)
        _require_grant(caller, seller, MemberRole(membership.role))
        facts = {"email": membership.person.email, "role": membership.role}
        history.record(actor=caller.person, verb="member.removed", subject=seller, about=facts)
        membership.delete()


def grant_staff_role(caller: Caller, person: Person, *, role: Role) -> StaffRole:
    """Give a person a role of the marketplace: the operator's alone."""
    caller.require_role(Role.OPERATOR)
    with transaction.atomic():
        row, is_new = StaffRole.objects.get_or_create(person=person, role=role)
        if is_new:
            history.record(actor=caller.person, verb="staff.role_granted", subject=person, about={"role": role})
    return row


def revoke_staff_role(caller: Caller, person: Person, *, role: Role) -> None:
    """Take a role of the marketplace away. An operator cannot take their own, so one always remains."""
    operator = caller.require_role(Role.OPERATOR)
    if person.pk == operator.pk and role is Role.OPERATOR:
        raise RoleNotYours(role=role)
    with transaction.atomic():
        gone, _counts = StaffRole.objects.filter(person=person, role=role).delete()
        if gone:
            history.record(actor=operator, verb="staff.role_revoked", subject=person, about={"role": role})


def _require_grant(caller: Caller, seller: SellerAccount, role: MemberRole) -> None:
    own = caller.role_in(seller)
    if own is None or role not in grantable_by(role=own):
        raise RoleNotYours(role=role)


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise InvitationUsed
    if invitation.withdrawn_at:
        raise InvitationWithdrawn
    if invitation.expires_at <= clock.now():
        raise InvitationExpired


def _locked_invitation(**where: object) -> Invitation:
    row = Invitation.objects.select_for_update().filter(**where).first()
    if row is None:
        raise NotFound
    return row


def _locked_member(seller: SellerAccount, membership_id: str | uuid.UUID) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(pk=as_id(membership_id), seller=seller).first()
    if row is None:
        raise NotFound
    return row


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _mail_invitation(invitation: Invitation, secret: str) -> None:
    """In the reader's language, if we know them; else in that of who invites."""
    reader = person_by_email(invitation.email)
    language = (reader.language if reader else "") or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        link = f"{settings.FONDACO_BASE_URL}{reverse('sellers:join', args=[secret])}"
        outbox.post(
            to=invitation.email,
            subject=_("Invitation to %(seller)s") % {"seller": invitation.seller.display_name},
            text=_(
                "%(inviter)s invites you to work in the seller account %(seller)s on %(marketplace)s.\n\n"
                "Open this link and sign in with this e-mail address:\n%(link)s\n\n"
                "The link works once, for %(days)d days. If you do not know the sender, ignore this mail."
            )
            % {
                "inviter": str(invitation.invited_by or invitation.seller),
                "seller": invitation.seller.display_name,
                "marketplace": settings.FONDACO_MARKETPLACE_NAME,
                "link": link,
                "days": INVITATION_DAYS,
            },
            key=f"invitation:{invitation.pk}",
        )
