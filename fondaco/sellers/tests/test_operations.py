"""The verbs of accounts, addresses, cards and people: what they write, and what must not happen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Caller, SignInRequired
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.cards import CardNotKnown, gateway
from fondaco.sellers.models import Address, Card, Invitation, Membership, SellerAccount, SimulatedCharge
from fondaco.sellers.operations.accounts import (
    BrandTaken,
    NameMissing,
    ReasonMissing,
    TermsNotAccepted,
    VacationBackwards,
)
from fondaco.sellers.operations.addresses import AddressInUse, AddressRefused, Purpose
from fondaco.sellers.operations.cards import CardExpired
from fondaco.sellers.operations.people import (
    AlreadyMember,
    InvitationExpired,
    InvitationForOther,
    InvitationUsed,
    InvitationWithdrawn,
    RoleNotYours,
)
from fondaco.sellers.rules import MemberRole, Plan, Role, SellerStatus
from fondaco.sellers.tests.factories import make_address, make_caller, make_card, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db

VANCOUVER = PostalAddress("June", "", "17 Kiln Lane", "Vancouver", "", "british columbia", "v6b1a1", "", "ca")
CHICAGO = PostalAddress("Ines", "", "400 Pier Road", "Chicago", "", "IL", "60611", "", "US")


def _register(caller: Caller, **changes) -> SellerAccount:
    given = {
        "display_name": " Juniper  Clay ",
        "legal_name": "Juniper Clay Studio",
        "country": "CA",
        "plan": Plan.PROFESSIONAL,
        "store": "US",
        "accepts_terms": True,
        "address": VANCOUVER,
        "request_key": "k1",
    }
    return operations.register_seller(caller, **{**given, **changes})


def test_registering_opens_an_account_with_owner_address_clock_and_event() -> None:
    caller = make_caller(make_person())
    account = _register(caller)
    account.refresh_from_db()
    assert (account.display_name, account.country, account.status) == ("Juniper Clay", "CA", SellerStatus.ACTIVE)
    assert account.number.startswith("A")
    assert len(account.number) == 14
    assert account.ship_from == account.return_address
    assert (account.ship_from.region, account.ship_from.postal_code) == ("BC", "V6B 1A1")
    assert account.time_zone == account.ship_from.time_zone == "America/Vancouver"
    assert account.terms_accepted_at is not None
    assert [(m.person, m.role) for m in Membership.objects.all()] == [(caller.person, "owner")]
    assert [e.verb for e in history.events_for(account)] == ["seller.registered"]


def test_the_same_registration_twice_is_one_account() -> None:
    caller = make_caller(make_person())
    assert _register(caller) == _register(caller)
    assert SellerAccount.objects.count() == Membership.objects.count() == Address.objects.count() == 1
    assert _register(caller, request_key="k2") != _register(caller)


def test_the_database_itself_keeps_a_racing_registration_from_opening_two(monkeypatch) -> None:
    """Both requests passed the look-up before either committed: the unique key decides, the answer is the same."""
    from fondaco.sellers.operations import accounts

    caller = make_caller(make_person())
    first = _register(caller)
    looked = accounts._registered_before
    answers = iter([None])
    monkeypatch.setattr(accounts, "_registered_before", lambda *a: next(answers, looked(*a)))
    assert _register(caller) == first
    assert SellerAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"accepts_terms": False}, TermsNotAccepted),
        ({"display_name": "   "}, NameMissing),
        ({"legal_name": ""}, NameMissing),
        ({"address": PostalAddress(country="US")}, AddressRefused),
    ],
)
def test_a_refused_registration_leaves_nothing(changes: dict, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        _register(make_caller(make_person()), **changes)
    assert not SellerAccount.objects.exists()
    assert not Address.objects.exists()


def test_a_visitor_cannot_register() -> None:
    with pytest.raises(SignInRequired):
        _register(Caller())


# --- one table: who may use which verb


def _verbs(seller: SellerAccount) -> dict:
    address, card = make_address(seller=seller), make_card(seller=seller)
    helper = make_member(make_person(), seller, MemberRole.WAREHOUSE)
    leaver = make_person()
    owner_caller = make_caller(seller=seller)
    open_one = operations.invite(owner_caller, seller, email="later@example.com", role=MemberRole.VIEWER)
    return {
        "change_profile": lambda c: operations.change_profile(
            c, seller, display_name="H", legal_name="H LLC", time_zone="America/Chicago"
        ),
        "start_vacation": lambda c: operations.start_vacation(
            c, seller, from_date=date(2026, 5, 1), until_date=date(2026, 5, 9)
        ),
        "close_vacation": lambda c: operations.close_vacation(c, seller),
        "add_address": lambda c: operations.add_address(c, seller=seller, address=CHICAGO, request_key=""),
        "change_address": lambda c: operations.change_address(c, address, address=CHICAGO),
        "use_address": lambda c: operations.use_address(c, seller, address, purpose=Purpose.RETURNS),
        "remove_address": lambda c: operations.remove_address(c, make_address(seller=seller)),
        "add_card": lambda c: operations.add_card(
            c, seller=seller, number="4242424242424242", expiry_year=2099, expiry_month=1, request_key=""
        ),
        "make_card_default": lambda c: operations.make_card_default(c, card),
        "remove_card": lambda c: operations.remove_card(c, make_card(seller=seller, is_default=False)),
        "invite": lambda c: operations.invite(c, seller, email="new@example.com", role=MemberRole.VIEWER),
        "withdraw_invitation": lambda c: operations.withdraw_invitation(c, seller, open_one.pk),
        "change_member_role": lambda c: operations.change_member_role(c, seller, helper.pk, role=MemberRole.VIEWER),
        "remove_member": lambda c: operations.remove_member(
            c, seller, Membership.objects.get_or_create(person=leaver, seller=seller, role="viewer")[0].pk
        ),
        "change_status": lambda c: operations.change_status(
            c, seller, status=SellerStatus.SUSPENDED, reason="Counterfeit goods"
        ),
        "claim_brand": lambda c: operations.claim_brand(c, seller, name="Harbor"),
    }


STAFF_ONLY = {"change_status": {"operator"}, "claim_brand": {"support", "operator"}}


def _told(verb, caller: Caller) -> type[Exception] | None:
    """The kind of refusal that this caller gets; None when the deed is done."""
    try:
        verb(caller)
    except (NotFound, Denied, SignInRequired) as refusal:
        return type(refusal)
    return None


def test_who_may_use_which_verb() -> None:
    seller = make_seller()
    admin = make_person()
    make_member(admin, seller, MemberRole.ADMIN)
    warehouse = make_person()
    make_member(warehouse, seller, MemberRole.WAREHOUSE)
    verbs = _verbs(seller)
    callers = {
        "visitor": Caller(),
        "stranger": make_caller(make_person()),
        "other seller": make_caller(seller=make_seller("Swift Outfitters")),
        "warehouse": make_caller(warehouse),
        **{str(r): make_caller(role=r) for r in Role},
        "admin": make_caller(admin),
        "owner": make_caller(seller=seller),
    }
    for name, verb in verbs.items():
        allowed = STAFF_ONLY.get(name, {"admin", "owner"})
        for who, caller in callers.items():
            told = _told(verb, caller)
            if who in allowed:
                assert told is None, (name, who, told)
            elif name in STAFF_ONLY:
                assert told in (Denied, SignInRequired), (name, who, told)
            else:
                assert told is {"visitor": SignInRequired, "warehouse": Denied}.get(who, NotFound), (name, who, told)


# --- vacation, sanctions, brands


def test_vacation_counts_both_its_days_in_the_sellers_zone() -> None:
    seller = make_seller()
    operations.start_vacation(
        make_caller(seller=seller), seller, from_date=date(2026, 5, 1), until_date=date(2026, 5, 9)
    )
    seller.refresh_from_db()
    days = {day: seller.is_on_vacation(on=date(2026, *day)) for day in [(4, 30), (5, 1), (5, 9), (5, 10)]}
    assert list(days.values()) == [False, True, True, False]
    with pytest.raises(VacationBackwards):
        operations.start_vacation(
            make_caller(seller=seller), seller, from_date=date(2026, 5, 9), until_date=date(2026, 5, 1)
        )


@pytest.mark.spec("Q-53")
def test_a_sanction_has_a_reason_an_author_and_a_time() -> None:
    seller, operator = make_seller(), make_caller(role=Role.OPERATOR)
    with pytest.raises(ReasonMissing):
        operations.change_status(operator, seller, status=SellerStatus.SUSPENDED, reason="  ")
    operations.change_status(operator, seller, status=SellerStatus.SUSPENDED, reason="Counterfeit goods")
    operations.change_status(operator, seller, status=SellerStatus.SUSPENDED, reason="Counterfeit goods")
    seller.refresh_from_db()
    assert not seller.is_active
    (event,) = history.events_for(seller)
    assert (event.verb, event.why, event.actor_id) == (
        "seller.status_suspended",
        "Counterfeit goods",
        operator.person.pk,
    )
    assert event.at is not None


def test_a_brand_has_one_owner_whatever_its_spelling() -> None:
    support = make_caller(role=Role.SUPPORT)
    first, second = make_seller(), make_seller("Swift Outfitters")
    brand = operations.claim_brand(support, first, name="Harbor")
    assert operations.claim_brand(support, first, name="HARBOR ") == brand
    with pytest.raises(BrandTaken):
        operations.claim_brand(support, second, name="harbor")
    operations.release_brand(support, brand.pk)
    assert operations.claim_brand(support, second, name="harbor").seller == second


# --- addresses


def test_an_address_in_use_cannot_be_removed_until_another_takes_its_place() -> None:
    seller = make_seller(return_to="IL")
    caller, old = make_caller(seller=seller), seller.return_address
    with pytest.raises(AddressInUse):
        operations.remove_address(caller, old)
    new = operations.add_address(caller, seller=seller, address=VANCOUVER, request_key="k")
    assert new == operations.add_address(caller, seller=seller, address=VANCOUVER, request_key="k")
    for purpose in Purpose:
        operations.use_address(caller, seller, new, purpose=purpose)
    operations.remove_address(caller, old)
    operations.remove_address(caller, old)
    assert queries.addresses_of(caller, seller) == [new]
    assert Address.objects.filter(pk=old.pk).exists()
    with pytest.raises(NotFound):
        queries.address_for(caller, old.pk)


def test_another_accounts_address_cannot_be_used() -> None:
    seller, other = make_seller(return_to="IL"), make_seller("Swift Outfitters", return_to="OH")
    with pytest.raises(NotFound):
        operations.use_address(make_caller(seller=seller), seller, other.return_address, purpose=Purpose.RETURNS)


def test_a_corrected_address_gets_the_clock_of_its_region() -> None:
    seller = make_seller(return_to="IL")
    row = operations.change_address(make_caller(seller=seller), seller.return_address, address=VANCOUVER)
    assert (row.country, row.time_zone) == ("CA", "America/Vancouver")


# --- cards


def _card(caller: Caller, seller: SellerAccount, key: str, number: str = "4242 4242 4242 4242") -> Card:
    return operations.add_card(caller, seller=seller, number=number, expiry_year=2099, expiry_month=12, request_key=key)


def test_the_first_card_is_charged_first_and_the_next_one_inherits_it() -> None:
    seller = make_seller()
    caller = make_caller(seller=seller)
    first, second = _card(caller, seller, "a"), _card(caller, seller, "b", "4000000000000002")
    assert _card(caller, seller, "a") == first
    assert queries.default_card_of(seller) == first
    operations.make_card_default(caller, second)
    assert queries.default_card_of(seller) == second
    operations.remove_card(caller, second)
    assert queries.default_card_of(seller) == first
    with pytest.raises(NotFound):
        operations.make_card_default(caller, second)
    operations.remove_card(caller, first)
    assert queries.default_card_of(seller) is None


def test_no_number_of_a_card_is_kept_anywhere() -> None:
    seller = make_seller()
    card = _card(make_caller(seller=seller), seller, "a", "5555 5555 5555 4444")
    assert (card.brand, card.last4) == ("mastercard", "4444")
    assert "55555555" not in str(Card.objects.values().get()) + str(list(history.events_for(card).values()))


def test_the_simulator_takes_test_cards_only_and_an_expired_one_is_refused() -> None:
    seller = make_seller()
    caller = make_caller(seller=seller)
    with pytest.raises(CardNotKnown):
        _card(caller, seller, "a", "4111 1111 1111 1111")
    last_month = clock.now().date().replace(day=1) - timedelta(days=1)
    with pytest.raises(CardExpired):
        operations.add_card(
            caller,
            seller=seller,
            number="4242424242424242",
            expiry_year=last_month.year,
            expiry_month=last_month.month,
            request_key="",
        )
    assert not Card.objects.exists()


def test_a_charge_is_made_once_a_key_and_the_declining_card_declines() -> None:
    cards = gateway()
    good, bad = cards.keep(number="4242424242424242"), cards.keep(number="4000000000000002")
    assert cards.charge(token=good.token, amount_minor=2000, currency="USD", key="bill-1").is_paid
    assert cards.charge(token=good.token, amount_minor=2000, currency="USD", key="bill-1").is_paid
    refused = cards.charge(token=bad.token, amount_minor=2000, currency="USD", key="bill-2")
    assert (refused.is_paid, refused.reason) == (False, "declined")
    assert SimulatedCharge.objects.count() == 2


# --- people


def _link(message) -> str:
    return message.body.split(f"{settings.FONDACO_BASE_URL}/join/")[1].split("/")[0]


def test_an_invitation_is_accepted_once_by_the_invited_address() -> None:
    seller = make_seller()
    operations.invite(make_caller(seller=seller), seller, email="Paul@Example.com", role=MemberRole.WAREHOUSE)
    secret = _link(mail.outbox[0])
    assert mail.outbox[0].to == ["Paul@Example.com"]
    assert secret not in str(Invitation.objects.values().get())

    with pytest.raises(InvitationForOther):
        operations.accept_invitation(make_caller(make_person()), secret=secret)
    with pytest.raises(SignInRequired):
        operations.accept_invitation(Caller(), secret=secret)
    paul = make_person("Paul", email="paul@example.com")
    membership = operations.accept_invitation(make_caller(paul), secret=secret)
    assert (membership.seller, membership.role) == (seller, "warehouse")
    assert operations.accept_invitation(make_caller(paul), secret=secret) == membership
    with pytest.raises(InvitationUsed):
        operations.invitation_for(secret)


def test_a_newer_invitation_kills_the_older_link_and_says_so() -> None:
    seller = make_seller()
    caller = make_caller(seller=seller)
    for _ in range(2):
        operations.invite(caller, seller, email="paul@example.com", role=MemberRole.WAREHOUSE)
    old, new = (_link(m) for m in mail.outbox)
    with pytest.raises(InvitationWithdrawn):
        operations.invitation_for(old)
    assert operations.invitation_for(new).seller == seller
    assert len(queries.open_invitations_of(caller, seller)) == 1


def test_an_invitation_expires_and_a_forged_link_is_not_found() -> None:
    seller = make_seller()
    operations.invite(make_caller(seller=seller), seller, email="paul@example.com", role=MemberRole.VIEWER)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(InvitationExpired):
        operations.invitation_for(_link(mail.outbox[0]))
    with pytest.raises(NotFound):
        operations.invitation_for("forged")


def test_an_invitation_comes_in_the_language_of_who_reads_it() -> None:
    seller = make_seller()
    make_person(email="lan@example.com", language="vi")
    operations.invite(make_caller(seller=seller), seller, email="lan@example.com", role=MemberRole.VIEWER)
    assert "Lời mời" in mail.outbox[0].subject


def test_nobody_invites_a_member_makes_an_owner_or_rises_above_themselves() -> None:
    seller = make_seller()
    owner = make_caller(seller=seller)
    admin_person = make_person(email="admin@example.com")
    admin_row = make_member(admin_person, seller, MemberRole.ADMIN)
    admin = make_caller(admin_person)
    with pytest.raises(AlreadyMember):
        operations.invite(owner, seller, email="ADMIN@example.com", role=MemberRole.VIEWER)
    for caller, role in [(owner, MemberRole.OWNER), (admin, MemberRole.ADMIN), (admin, MemberRole.OWNER)]:
        with pytest.raises(RoleNotYours):
            operations.invite(caller, seller, email="new@example.com", role=role)
    owner_row = Membership.objects.get(seller=seller, role="owner")
    for caller, row in [(admin, admin_row), (admin, owner_row), (owner, owner_row)]:
        with pytest.raises(RoleNotYours):
            operations.remove_member(caller, seller, row.pk)
        with pytest.raises(RoleNotYours):
            operations.change_member_role(caller, seller, row.pk, role=MemberRole.VIEWER)
    assert Membership.objects.filter(seller=seller).count() == 2


def test_a_member_of_another_account_cannot_be_touched() -> None:
    seller, other = make_seller(), make_seller("Swift Outfitters")
    row = make_member(make_person(), other, MemberRole.VIEWER)
    with pytest.raises(NotFound):
        operations.remove_member(make_caller(seller=seller), seller, row.pk)
    assert Membership.objects.filter(pk=row.pk).exists()


def test_roles_of_the_marketplace_are_the_operators_to_give_and_one_operator_remains() -> None:
    operator, person = make_caller(role=Role.OPERATOR), make_person()
    for _ in range(2):
        operations.grant_staff_role(operator, person, role=Role.SUPPORT)
    assert make_caller(person).roles == {Role.SUPPORT}
    assert len(history.events_for(person)) == 1
    operations.revoke_staff_role(operator, person, role=Role.SUPPORT)
    assert make_caller(person).roles == frozenset()
    with pytest.raises(RoleNotYours):
        operations.revoke_staff_role(operator, operator.person, role=Role.OPERATOR)
    for role in set(Role) - {Role.OPERATOR}:
        with pytest.raises(Denied):
            operations.grant_staff_role(make_caller(role=role), person, role=Role.OPERATOR)
