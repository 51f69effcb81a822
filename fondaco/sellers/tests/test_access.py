"""Who a caller is, what they find, and what a request knows about them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers import queries
from fondaco.sellers.access import Caller, SellerRequired, SignInRequired, caller_for
from fondaco.sellers.rules import Capability, MemberRole, Role
from fondaco.sellers.tests.factories import (
    make_address,
    make_caller,
    make_card,
    make_member,
    make_person,
    make_seller,
    make_staff,
    owner_of,
)

pytestmark = pytest.mark.django_db


def test_a_caller_costs_two_queries(django_assert_num_queries) -> None:
    seller = make_seller()
    person = owner_of(seller)
    make_member(person, make_seller("Swift Outfitters"))
    with django_assert_num_queries(2):
        caller = caller_for(person)
        assert caller.seller == seller
        assert len(caller.memberships) == 2
        assert caller.may(Capability.MANAGE_PEOPLE)


def test_a_closed_person_is_nobody() -> None:
    person = make_staff(Role.OPERATOR, is_active=False)
    assert caller_for(person) == Caller()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_of_the_marketplace_can_be_given(role: Role) -> None:
    caller = make_caller(role=role)
    assert caller.has(role)
    assert caller.require_role(role) == caller.person
    assert caller.seller is None


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (MemberRole.OWNER, set(Capability), set()),
        (MemberRole.ADMIN, set(Capability), set()),
        (MemberRole.WAREHOUSE, {Capability.VIEW, Capability.HANDLE_RETURNS}, {Capability.EDIT_LISTINGS}),
        (MemberRole.VIEWER, {Capability.VIEW}, {Capability.OPEN_CASES, Capability.EDIT_LISTINGS}),
        (MemberRole.AGENCY, {Capability.SUBMIT_PR}, {Capability.VIEW, Capability.MANAGE_CARDS}),
    ],
)
def test_a_member_may_what_the_role_says(role: MemberRole, may: set, may_not: set) -> None:
    seller = make_seller()
    person = make_person()
    make_member(person, seller, role)
    caller = make_caller(person)
    assert all(caller.may(c) for c in may)
    assert not any(caller.may(c) for c in may_not)
    for capability in may_not:
        with pytest.raises(Denied):
            caller.require(capability, seller=seller)


def test_a_visitor_a_buyer_and_a_stranger_are_refused_in_their_own_ways() -> None:
    seller = make_seller()
    with pytest.raises(SignInRequired):
        Caller().require_seller()
    with pytest.raises(SellerRequired):
        make_caller(make_person()).require_seller()
    with pytest.raises(NotFound):
        make_caller(make_person()).require(Capability.VIEW, seller=seller)


def _everyone(seller) -> dict[str, Caller]:
    return {
        "visitor": Caller(),
        "stranger": make_caller(make_person()),
        "other seller": make_caller(seller=make_seller("Swift Outfitters")),
        "seller": make_caller(seller=seller),
        **{str(role): make_caller(role=role) for role in Role},
    }


def _finds(lookup, caller: Caller) -> bool:
    try:
        lookup(caller)
    except (NotFound, SignInRequired):
        return False
    return True


def test_who_finds_a_seller_account_its_addresses_and_its_cards() -> None:
    """One table: everything else of a stranger's reads as not found."""
    seller = make_seller(return_to="IL")
    card = make_card(seller=seller)
    serve = {"support", "customer_service", "handmade_reviewer", "pr_reviewer", "operator"}
    lookups = {
        "account by number": (lambda c: queries.seller_for(c, number=seller.number), {"seller", *serve}),
        "account by id": (lambda c: queries.seller_for(c, seller_id=seller.pk), {"seller", *serve}),
        "members": (lambda c: queries.members_of(c, seller), {"seller", *serve}),
        "addresses": (lambda c: queries.addresses_of(c, seller), {"seller", *serve}),
        "address": (lambda c: queries.address_for(c, seller.return_address_id), {"seller", *serve}),
        "cards": (lambda c: queries.cards_of(c, seller), {"seller"}),
        "card": (lambda c: queries.card_for(c, card.pk), {"seller"}),
        "invitations": (lambda c: queries.open_invitations_of(c, seller), {"seller"}),
    }
    everyone = _everyone(seller)
    for what, (lookup, allowed) in lookups.items():
        assert {who for who, caller in everyone.items() if _finds(lookup, caller)} == allowed, what


@pytest.mark.parametrize("identity", ["", "nonsense", "018f", "0" * 32, "../etc", None])
def test_what_is_no_id_reads_as_not_found(identity) -> None:
    with pytest.raises(NotFound):
        queries.address_for(make_caller(make_person()), identity)


def test_a_buyers_address_is_found_by_the_buyer_alone() -> None:
    buyer = make_person()
    address = make_address(person=buyer)
    assert queries.address_for(make_caller(buyer), address.pk) == address
    for other in (make_caller(make_person()), make_caller(seller=make_seller())):
        with pytest.raises(NotFound):
            queries.address_for(other, address.pk)


def test_finds_sellers_by_a_part_of_the_name_in_any_case() -> None:
    make_seller("Bến Cảng Décor")
    support = make_caller(role=Role.SUPPORT)
    assert [s.display_name for s in queries.find_sellers(support, text="CẢNG déC")] == ["Bến Cảng Décor"]
    assert queries.find_sellers(make_caller(seller=make_seller()), text="cảng") == []


def test_a_visitor_costs_no_query_for_people(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse("sellers:register"), headers={"accept-language": "vi"})
    assert response.headers["Content-Language"] == "vi"
    assert not [q for q in asked.captured_queries if "sellers_" in q["sql"] or "session" in q["sql"]]


@pytest.mark.spec("Q-54")
def test_the_profiles_language_wins_then_the_cookie_then_the_browser(client: Client) -> None:
    person = make_person()
    url = reverse("sellers:register")
    assert client.get(url, headers={"accept-language": "zh-TW"}).headers["Content-Language"] == "zh-hant"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    assert client.get(url, headers={"accept-language": "zh-TW"}).headers["Content-Language"] == "vi"
    client.force_login(person)
    assert client.get(url).headers["Content-Language"] == "vi"
    person.language = "zh-hant"
    person.save()
    assert client.get(url).headers["Content-Language"] == "zh-hant"


@pytest.mark.spec("Q-54")
def test_a_chosen_language_stays_in_this_browser_and_follows_the_person_to_the_next(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    response = client.post(reverse("sellers:language"), {"language": "vi", "next": "/sell/"})
    assert (response.status_code, response.url) == (302, "/sell/")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "vi"
    person.refresh_from_db()
    assert person.language == "vi"
    other = Client()
    other.force_login(person)
    assert other.get("/sell/").headers["Content-Language"] == "vi"


def test_a_language_that_the_site_does_not_speak_is_refused(client: Client) -> None:
    assert client.post(reverse("sellers:language"), {"language": "xx"}).status_code == 422


def test_a_choice_never_leads_to_a_foreign_address(client: Client) -> None:
    response = client.post(reverse("sellers:language"), {"language": "vi", "next": "https://evil.example/"})
    assert response.url == "/"


@pytest.mark.spec("Q-54")
def test_times_are_shown_in_the_viewers_zone(client: Client) -> None:
    from datetime import UTC, datetime

    person = make_person(time_zone="Asia/Ho_Chi_Minh")
    seller = make_seller(owner=person)
    type(seller).objects.filter(pk=seller.pk).update(created_at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC))
    client.force_login(person)
    page = client.get(reverse("sellers:account")).content.decode()
    assert "March 2, 2026" in page  # already the next day in Saigon


def test_switching_between_ones_own_seller_accounts(client: Client) -> None:
    first = make_seller("Harbor Goods")
    second = make_seller("Swift Outfitters", owner=owner_of(first))
    foreign = make_seller("Juniper Clay")
    client.force_login(owner_of(first))
    assert "Harbor Goods LLC" in client.get(reverse("sellers:account")).content.decode()
    client.post(reverse("sellers:switch"), {"seller": second.number})
    assert "Swift Outfitters LLC" in client.get(reverse("sellers:account")).content.decode()
    assert client.post(reverse("sellers:switch"), {"seller": foreign.number}).status_code == 404
    assert "Swift Outfitters LLC" in client.get(reverse("sellers:account")).content.decode()
