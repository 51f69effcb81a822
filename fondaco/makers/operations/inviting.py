"""Invitations: sending, re-issuing, and registering by one (HAND-09…12, Q-43)."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.kit import chance
from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.makers.guesses import note_miss, require_pace
from fondaco.makers.models import Application, Maker, MakerInvitation
from fondaco.makers.operations.applying import AlreadyMaker, ApplicationMoved, moved
from fondaco.makers.operations.mails import link, tell
from fondaco.makers.queries.applications import DESK, approved_for, maker_of
from fondaco.makers.rules.application import Option, State
from fondaco.makers.rules.invitation import LinkFacts, Match, Standing, standing
from fondaco.makers.rules.invitation import match as compare
from fondaco.makers.rules.regions import Region
from fondaco.makers.terms import region_for
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.operations import change_plan, register_seller
from fondaco.sellers.queries import as_id, seller_for
from fondaco.sellers.rules import Capability, Plan, Role


class LinkUsed(Refusal):
    CODE = "maker_link_used"
    STATUS = 410
    WORDS = N_("This invitation has been used: the store was set up on %(used_at)s.")
    FIX = N_("Sign in and open your handmade menu.")
    CLAUSE = "Q-43"


class LinkReplaced(Refusal):
    CODE = "maker_link_replaced"
    STATUS = 410
    WORDS = N_("This invitation was replaced by a newer one on %(replaced_at)s.")
    FIX = N_("Open the link in the newer mail.")
    CLAUSE = "Q-43"


class LinkExpired(Refusal):
    CODE = "maker_link_expired"
    STATUS = 410
    WORDS = N_("This invitation expired on %(expires_at)s.")
    FIX = N_("Ask Handmade Support for a new one by Contact Us, with the address of your application.")
    CLAUSE = "Q-43"


class LinkForOther(Refusal):
    CODE = "maker_link_for_other"
    STATUS = 403
    WORDS = N_("This invitation is bound to the e-mail address of the application, and you are signed in with another.")
    FIX = N_("Sign in with the address to which the invitation was sent.")
    CLAUSE = "Q-43"


class LinkForOtherCase(Refusal):
    CODE = "maker_link_other_case"
    STATUS = 403
    WORDS = N_(
        "The invitation is bound to the e-mail address exactly as it stands in the application; yours differs in upper and lower case."
    )
    FIX = N_("Ask Handmade Support by Contact Us to re-issue it for the spelling of your account.")
    CLAUSE = "Q-43"


class WrongPlan(Refusal):
    CODE = "maker_option_does_not_fit"
    WORDS = N_("%(seller)s is on another plan than the option you chose.")
    FIX = N_("Choose the option that fits the account.")
    CLAUSE = "HAND-11"


class CountryNotServed(Refusal):
    CODE = "handmade_country_not_served"
    WORDS = N_("The handmade store does not serve the country of this account (%(country)s).")
    FIX = N_("Read “Sell in other countries” in the help centre, and use an account of a country that is served.")
    CLAUSE = "HAND-14"


class NoSuchApproval(Denied):
    CODE = "handmade_not_approved_anywhere"
    WORDS = N_("You have no approval that could open another region.")
    FIX = N_("Apply first.")
    CLAUSE = "B-HAND-13"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What opens a seller account on the way (option `new`)."""

    display_name: str
    legal_name: str
    country: str
    store: str
    address: PostalAddress
    accepts_terms: bool


def send_first(application_id: str | uuid.UUID) -> None:
    """APPROVED → INVITED with its mail, once. For the task; anything but an approved application is left alone."""
    with transaction.atomic():
        application = _locked_application(as_id(application_id))
        if application.state != State.APPROVED:
            return
        _issue(application, email=application.email, by=None)
        moved(application, State.INVITED, at=clock.now())
        about = {"email": application.email}
        history.record(actor=None, verb="application.invited", subject=application, about=about, clause="HAND-09")


def reissue(caller: Caller, application_id: str | uuid.UUID, *, as_account_spells_it: bool = False) -> MakerInvitation:
    """A new link for an invited applicant; the old one dies and says so. Handmade Support or the review desk.

    The address stays that of the application; `as_account_spells_it` takes the letter case of the person's account,
    where only that differs. Raises Denied, NotFound, ApplicationMoved (not invited, or registered already).
    """
    person = caller.require_role(Role.SUPPORT, *DESK)
    with transaction.atomic():
        application = _locked_application(as_id(application_id))
        if application.state != State.INVITED:
            raise ApplicationMoved(state=application.state)
        email = application.email
        own = application.applicant.email
        if as_account_spells_it and compare(invited=email, signed_in=own) is Match.OTHER_CASE:
            email = own
        invitation = _issue(application, email=email, by=person)
        about = {"email": email}
        history.record(actor=caller, verb="application.reissued", subject=application, about=about, clause="HAND-12")
    return invitation


def invitation_behind(secret: str, *, peer: str = "") -> MakerInvitation:
    """The invitation that can be used by this link.

    Whether a link exists, and what it once was, costs the same single look by the hash of its secret.
    Raises TooManyGuesses, NotFound, LinkUsed, LinkReplaced, LinkExpired.
    """
    invitation = _by_secret(secret, peer)
    _refuse_closed(invitation, at=clock.now())
    return invitation


def open_link(caller: Caller, *, secret: str, peer: str = "") -> MakerInvitation:
    """As `invitation_behind`, for the signed-in person: refuses another address, naming the reason.

    Raises SignInRequired, LinkForOther, LinkForOtherCase beside the others.
    """
    invitation = invitation_behind(secret, peer=peer)
    _require_address(invitation, caller.require_person())
    return invitation


def register(
    caller: Caller,
    *,
    secret: str,
    option: Option,
    seller_number: str = "",
    account: NewAccount | None = None,
    peer: str = "",
) -> Maker:
    """Set up the handmade store by the link: INVITED → REGISTERED. The same click again answers the same.

    `seller_number` names the existing account, `account` describes a new one. Approval opens every store of the
    region of the account's country at once (HAND-13, Q-44).
    Raises what `open_link` raises, WrongPlan, AlreadyMaker, CountryNotServed, NotFound, and what `register_seller` refuses.
    """
    person = caller.require_person()
    _by_secret(secret, peer)  # counts a miss outside of the transaction
    with transaction.atomic():
        found = MakerInvitation.objects.select_for_update(of=("self",)).filter(secret_hash=_hashed(secret)).first()
        if found is None:
            raise NotFound
        if found.used_at and found.used_by_id == person.pk:
            return Maker.objects.select_related("seller").get(invitation=found)
        at = clock.now()
        _refuse_closed(found, at=at)
        _require_address(found, person)
        application = _locked_application(found.application_id)
        seller = _account(caller, found, option, seller_number, account)
        found.used_at, found.used_by = at, person
        found.save(update_fields=["used_at", "used_by"])
        maker = _opened(caller, seller, application, option, at=at, invitation=found)
        moved(application, State.REGISTERED, at=at)
    return maker


def open_region(caller: Caller) -> Maker:
    """The account being worked in becomes a handmade store of another region, on the approval that the person has.

    No new application (Q-44). Raises NoSuchApproval, AlreadyMaker, CountryNotServed, Denied.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    approved = approved_for(caller)
    if approved is None:
        raise NoSuchApproval
    with transaction.atomic():
        application = _locked_application(approved.pk)
        option = Option.PROFESSIONAL if seller.plan == Plan.PROFESSIONAL else Option.INDIVIDUAL
        return _opened(caller, seller, application, option, at=clock.now(), invitation=None)


def _opened(
    caller: Caller,
    seller: SellerAccount,
    application: Application,
    option: Option,
    *,
    at: datetime,
    invitation: MakerInvitation | None,
) -> Maker:
    account = SellerAccount.objects.select_for_update().get(pk=seller.pk)
    if maker_of(account):
        raise AlreadyMaker
    region, version = _served(account, at)
    if Maker.objects.filter(application=application, region=region.key).exists():
        raise AlreadyMaker
    if account.plan != Plan.PROFESSIONAL:
        account = change_plan(caller, account, plan=Plan.PROFESSIONAL, why="handmade: the plan's fee is waived")
    maker = Maker.objects.create(
        seller=account,
        application=application,
        invitation=invitation,
        region=region.key,
        stores=list(region.stores),
        option=option,
        policy_version=version,
        registered_by=caller.require_person(),
        registered_at=at,
    )
    history.record(
        actor=caller,
        verb="maker.registered",
        subject=account,
        about={"stores": ", ".join(region.stores), "option": option},
        clause="HAND-13",
        policy_version=version,
        at=at,
    )
    return maker


def _served(seller: SellerAccount, at: datetime) -> tuple[Region, str]:
    region, version = region_for(seller.country, at=at)
    if region is None:
        raise CountryNotServed(country=seller.country)
    return region, version


def _account(
    caller: Caller, invitation: MakerInvitation, option: Option, seller_number: str, account: NewAccount | None
) -> SellerAccount:
    if option is Option.NEW:
        if account is None:
            raise NotFound
        return register_seller(
            caller,
            display_name=account.display_name,
            legal_name=account.legal_name,
            country=account.country,
            plan=Plan.PROFESSIONAL,
            store=account.store,
            accepts_terms=account.accepts_terms,
            address=account.address,
            request_key=f"maker:{invitation.pk.hex}",
        )
    fresh = caller_for(caller.require_person(), seller_number=seller_number)
    seller = fresh.require(Capability.EDIT_ACCOUNT, seller=seller_for(fresh, number=seller_number))
    wanted = Plan.PROFESSIONAL if option is Option.PROFESSIONAL else Plan.INDIVIDUAL
    if seller.plan != wanted:
        raise WrongPlan(seller=seller.display_name)
    return seller


def _issue(application: Application, *, email: str, by: Person | None) -> MakerInvitation:
    secret, now = chance.token_urlsafe(32), clock.now()
    days = policy.value("handmade.invite_valid_days", at=now)
    MakerInvitation.objects.filter(application=application, replaced_at=None).update(replaced_at=now)
    invitation = MakerInvitation.objects.create(
        application=application,
        email=email,
        secret_hash=_hashed(secret),
        policy_version=days.version,
        issued_by=by,
        sent_at=now,
        expires_at=now + timedelta(days=days.value),
    )
    address = link(reverse("makers:invitation", args=[secret]))
    tell(
        application.applicant,
        to=email,
        subject=N_("Your invitation to %(handmade)s"),
        text=N_(
            "Your application to sell in %(handmade)s on %(marketplace)s is approved.\n\n"
            "To complete your registration:\n"
            "1. Open this link, which is made for you alone:\n%(link)s\n"
            "2. Sign in, or create an account, with exactly this address: %(email)s\n"
            "3. Choose the option that fits: an existing professional account, an existing individual account, or a new one.\n\n"
            "The link works once, for %(days)d days. If you cannot use it, contact %(handmade)s Support:\n%(help)s"
        ),
        facts={
            "link": address,
            "email": email,
            "days": days.value,
            "help": link(f"{reverse('cases:contact')}?type=lost_invitation"),
        },
        key=f"maker-invitation:{invitation.pk}",
        secret=address,
    )
    return invitation


def _by_secret(secret: str, peer: str) -> MakerInvitation:
    if peer:
        require_pace(peer)
    found = MakerInvitation.objects.filter(secret_hash=_hashed(secret)).select_related("application").first()
    if found is None:
        if peer:
            note_miss(peer)
        raise NotFound
    return found


def _refuse_closed(invitation: MakerInvitation, *, at: datetime) -> None:
    facts = LinkFacts(invitation.expires_at, invitation.used_at, invitation.replaced_at)
    match standing(facts, at=at):
        case Standing.USED:
            raise LinkUsed(used_at=invitation.used_at)
        case Standing.REPLACED:
            raise LinkReplaced(replaced_at=invitation.replaced_at)
        case Standing.EXPIRED:
            raise LinkExpired(expires_at=invitation.expires_at)


def _require_address(invitation: MakerInvitation, person: Person) -> None:
    how = compare(invited=invitation.email, signed_in=person.email)
    if how is Match.OTHER_CASE:
        raise LinkForOtherCase
    if how is Match.OTHER:
        raise LinkForOther


def _locked_application(application_id: uuid.UUID) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant")
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
