"""Invitation links: bound, single use, re-issued, and nothing to be guessed (Q-43)."""

from __future__ import annotations

import re
import secrets
import statistics
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings
from django.urls import reverse

from fondaco.engine import clock, sealing
from fondaco.engine.outbox_models import OutboxMail
from fondaco.kit.errors import Denied, NotFound
from fondaco.makers import tasks as makers_tasks
from fondaco.makers.guesses import TooManyGuesses
from fondaco.makers.models import Application, LinkGuess, Maker, MakerInvitation
from fondaco.makers.operations import inviting
from fondaco.makers.operations.applying import AlreadyMaker, ApplicationMoved
from fondaco.makers.rules.application import Option, State
from fondaco.makers.rules.invitation import Pace
from fondaco.makers.tests.factories import approve, mails_to, make_application, make_maker, secret_mailed_to
from fondaco.sellers.access import caller_for
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.rules import Plan, Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller


def invited(email: str = "June@Clay.example", *, plan: Plan = Plan.PROFESSIONAL, country: str = "CA"):
    """An approved applicant with an account: the caller, the application and the secret of the link."""
    person = make_person("June Clay", email=email)
    seller = make_seller("Juniper Clay", owner=person, country=country, plan=plan)
    caller = caller_for(person, seller_number=seller.number)
    application, _caller = make_application(caller, country=country)
    approve(application)
    return caller, application, secret_mailed_to(email)


@pytest.mark.django_db
@pytest.mark.spec("HAND-09", "HAND-10", "HAND-11", "HAND-13")
def test_the_link_sets_up_the_store_in_all_three_countries():
    caller, _application, secret = invited()
    assert Application.objects.get().state == State.INVITED
    assert secret not in "".join(MakerInvitation.objects.values_list("secret_hash", flat=True))
    assert "existing professional account" in mails_to(caller.person)[0]
    maker = inviting.register(caller, secret=secret, option=Option.PROFESSIONAL, seller_number=caller.seller.number)
    assert (maker.seller, maker.stores, maker.region) == (caller.seller, ["US", "CA", "MX"], "north_america")
    assert Application.objects.get().state == State.REGISTERED
    again = inviting.register(caller, secret=secret, option=Option.PROFESSIONAL, seller_number=caller.seller.number)
    assert again == maker
    with pytest.raises(inviting.LinkUsed):
        inviting.invitation_behind(secret)


@pytest.mark.django_db
@pytest.mark.spec("HAND-11", "B-HAND-12")
def test_an_individual_account_moves_to_the_professional_plan():
    caller, _application, secret = invited(plan=Plan.INDIVIDUAL)
    with pytest.raises(inviting.WrongPlan):
        inviting.register(caller, secret=secret, option=Option.PROFESSIONAL, seller_number=caller.seller.number)
    maker = inviting.register(caller, secret=secret, option=Option.INDIVIDUAL, seller_number=caller.seller.number)
    assert maker.seller.plan == Plan.PROFESSIONAL


@pytest.mark.django_db
@pytest.mark.spec("HAND-11")
def test_a_new_account_is_opened_on_the_way():
    person = make_person("Ana", email="ana@pots.example")
    application, caller = make_application(make_caller(person))
    approve(application)
    address = PostalAddress(
        name="Ana", street="1 Kiln Road", city="Portland", region="OR", postal_code="97205", country="US"
    )
    account = inviting.NewAccount("Ana’s Pots", "Ana Pots LLC", "US", "US", address, accepts_terms=True)
    maker = inviting.register(caller, secret=secret_mailed_to(person.email), option=Option.NEW, account=account)
    assert (maker.seller.display_name, maker.seller.plan) == ("Ana’s Pots", Plan.PROFESSIONAL)


@pytest.mark.django_db
@pytest.mark.spec("B-HAND-06", "Q-43")
def test_another_address_and_another_letter_case_are_refused_with_the_reason():
    _caller, application, secret = invited("June@Clay.example")
    with pytest.raises(inviting.LinkForOther):
        inviting.open_link(make_caller(make_person(email="other@clay.example")), secret=secret)
    person = application.applicant
    person.email = "june@clay.example"
    person.save()
    with pytest.raises(inviting.LinkForOtherCase):
        inviting.open_link(caller_for(person), secret=secret)
    support = make_caller(role=Role.SUPPORT)
    inviting.reissue(support, application.pk, as_account_spells_it=True)
    assert inviting.open_link(caller_for(person), secret=secret_mailed_to("june@clay.example"))


@pytest.mark.django_db
@pytest.mark.spec("HAND-12", "Q-43")
def test_support_re_issues_and_the_old_link_says_so():
    caller, application, old = invited()
    with pytest.raises(Denied):
        inviting.reissue(caller, application.pk)
    inviting.reissue(make_caller(role=Role.SUPPORT), application.pk)
    new = secret_mailed_to("June@Clay.example")
    assert new != old
    with pytest.raises(inviting.LinkReplaced):
        inviting.open_link(caller, secret=old)
    maker = inviting.register(caller, secret=new, option=Option.PROFESSIONAL, seller_number=caller.seller.number)
    with pytest.raises(ApplicationMoved):
        inviting.reissue(make_caller(role=Role.SUPPORT), application.pk)
    with pytest.raises(inviting.LinkReplaced):
        inviting.register(caller, secret=old, option=Option.PROFESSIONAL, seller_number=maker.seller.number)


@pytest.mark.django_db
@pytest.mark.spec("Q-43")
def test_a_link_expires_after_thirty_days():
    caller, _application, secret = invited()
    clock.set_to(at=clock.now() + timedelta(days=29, hours=23))
    assert inviting.open_link(caller, secret=secret)
    clock.set_to(at=clock.now() + timedelta(hours=2))
    with pytest.raises(inviting.LinkExpired):
        inviting.open_link(caller, secret=secret)


@pytest.mark.django_db
@pytest.mark.spec("Q-44", "B-HAND-13", "HAND-14")
def test_another_region_needs_an_account_there_and_no_new_application():
    maker, caller = make_maker()
    berlin = make_seller("Juniper Berlin", owner=make_person("x"), country="DE", store="DE")
    from fondaco.sellers.rules import MemberRole
    from fondaco.sellers.tests.factories import make_member

    make_member(caller.person, berlin, MemberRole.ADMIN)
    there = caller_for(caller.person, seller_number=berlin.number)
    opened = inviting.open_region(there)
    assert (opened.region, opened.stores) == ("europe", ["UK", "DE", "FR", "IT", "ES"])
    assert opened.application == maker.application
    with pytest.raises(AlreadyMaker):
        inviting.open_region(there)
    stranger = make_seller("Nobody", country="DE")
    with pytest.raises(inviting.NoSuchApproval):
        inviting.open_region(make_caller(seller=stranger))
    hanoi = make_seller("Juniper Hanoi", owner=make_person("y"), country="VN")
    make_member(caller.person, hanoi, MemberRole.ADMIN)
    with pytest.raises(inviting.CountryNotServed):
        inviting.open_region(caller_for(caller.person, seller_number=hanoi.number))


@pytest.mark.django_db
@pytest.mark.spec("Q-43")
def test_ten_thousand_guesses_find_nothing_and_are_slowed_down():
    _caller, _application, secret = invited()
    tally = {"not found": 0, "slowed": 0}
    for _n in range(10_000):
        try:
            inviting.invitation_behind(secrets.token_urlsafe(32), peer="203.0.113.9")
            raise AssertionError("a guess was right")
        except NotFound:
            tally["not found"] += 1
        except TooManyGuesses:
            tally["slowed"] += 1
    assert tally["not found"] < 40
    assert tally["slowed"] > 9_900
    with pytest.raises(TooManyGuesses):
        inviting.invitation_behind(secret, peer="203.0.113.9")
    assert inviting.invitation_behind(secret, peer="198.51.100.1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Q-43")
def test_guesses_of_several_processes_count_together():
    def guess() -> None:
        try:
            with pytest.raises((NotFound, TooManyGuesses)):
                inviting.invitation_behind(secrets.token_urlsafe(32), peer="203.0.113.9")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _n in range(Pace().free)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = LinkGuess.objects.get()
    assert row.misses == Pace().free  # none of them was lost, and there is no counter in any process
    with pytest.raises(TooManyGuesses):
        inviting.invitation_behind(secrets.token_urlsafe(32), peer="203.0.113.9")
    assert "203.0.113.9" not in row.network


@pytest.mark.django_db
def test_what_is_old_is_forgotten_and_a_network_counts_as_one():
    for n in range(Pace().free):
        with pytest.raises(NotFound):
            inviting.invitation_behind(secrets.token_urlsafe(32), peer=f"2001:db8:1:2::{n:x}")
    with pytest.raises(TooManyGuesses):
        inviting.invitation_behind(secrets.token_urlsafe(32), peer="2001:db8:1:2:ffff::1")
    with pytest.raises(NotFound):
        inviting.invitation_behind(secrets.token_urlsafe(32), peer="2001:db8:1:3::1")
    LinkGuess.objects.update(last_s=time.time() - 3_601)
    makers_tasks.forget_guesses()
    assert not LinkGuess.objects.exists()


OUTBOX = {"default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"}}


@pytest.mark.django_db
@pytest.mark.spec("HAND-10", "Q-43")
def test_who_reads_the_database_finds_no_link_that_works():
    with override_settings(MAILERS=OUTBOX):
        person = make_person("June Clay", email="june@clay.example")
        application, _caller = make_application(make_caller(person))
        approve(application)
    row = OutboxMail.objects.get(subject__startswith="Your invitation")
    stored = " ".join(str(value) for value in OutboxMail.objects.filter(pk=row.pk).values_list()[0])
    stored += " ".join(str(row) for row in MakerInvitation.objects.values_list())
    assert "/handmade/invitation/" not in stored
    (secret,) = re.findall(r"/handmade/invitation/([\w-]+)/", sealing.unseal(row.text))
    assert secret not in stored
    assert inviting.invitation_behind(secret)
    with override_settings(SECRET_KEY="another"):  # what lies beside the database opens nothing without the key
        assert secret not in sealing.unseal(row.text)


@pytest.mark.django_db
@pytest.mark.spec("Q-43")
def test_a_link_leaves_the_database_when_its_mail_was_sent(tasks):
    provider = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    with override_settings(MAILERS={**OUTBOX, "provider": provider}):
        person = make_person("June Clay", email="june@clay.example")
        application, _caller = make_application(make_caller(person))
        approve(application)
        tasks()
    row = OutboxMail.objects.get(subject__startswith="Your invitation")
    assert row.state == "sent"
    assert inviting.invitation_behind(secret_mailed_to(person.email))  # the mail that went out has it
    assert "sealed:" not in row.text
    assert sealing.unseal(row.text) == row.text
    assert "/handmade/invitation/" not in row.text
    assert "X-Fondaco-Secret" not in mail.outbox[-1].message()


def test_the_pause_doubles_up_to_a_quarter_of_an_hour():
    pace = Pace()
    assert [pace.wait_s(misses=n) for n in (1, 7, 8, 9, 10, 60)] == [0, 0, 2, 4, 8, 900]


@pytest.mark.django_db
@pytest.mark.spec("Q-43")
def test_timing_and_queries_tell_nothing_about_a_link(django_assert_num_queries):
    _caller, application, old = invited()
    inviting.reissue(make_caller(role=Role.SUPPORT), application.pk)

    def look(secret: str) -> float:
        begun = time.perf_counter()
        with pytest.raises((NotFound, inviting.LinkReplaced)):
            inviting.invitation_behind(secret)
        return time.perf_counter() - begun

    for secret in (old, old[:-1] + "x", secrets.token_urlsafe(32)):
        with django_assert_num_queries(1):
            look(secret)
    near, far = [], []
    for _n in range(300):  # one after the other, so that a busy machine slows both
        near.append(look(old[:-1] + "x"))
        far.append(look(secrets.token_urlsafe(32)))
    assert abs(statistics.median(near) - statistics.median(far)) < 0.25 * statistics.median(far)


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Q-43")
def test_fifty_clicks_at_once_are_one_use():
    caller, _application, secret = invited()
    made, troubles = [], []
    barrier = threading.Barrier(50)

    def click() -> None:
        try:
            barrier.wait()
            made.append(
                inviting.register(
                    caller, secret=secret, option=Option.PROFESSIONAL, seller_number=caller.seller.number
                ).pk
            )
        except Exception as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(made) == 50
    assert set(made) == {Maker.objects.get().pk}
    assert MakerInvitation.objects.filter(used_at__isnull=False).count() == 1


@pytest.mark.django_db
def test_the_page_of_a_link_is_kept_by_nobody(client):
    caller, _application, secret = invited()
    url = reverse("makers:invitation", args=[secret])
    signed_out = client.get(url)
    assert signed_out.status_code == 200
    assert signed_out.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in signed_out.headers["Cache-Control"]
    client.force_login(caller.person)
    done = client.post(url, {"option": "professional", "seller": caller.seller.number})
    assert done.url == reverse("makers:registered")
    page = client.get(done.url).content.decode()
    assert "Registered" in page
    assert client.get(url).status_code == 410
    assert client.get(reverse("makers:invitation", args=["x" * 43])).status_code == 404
