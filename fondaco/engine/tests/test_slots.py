"""Queries that are put together once, and rows written without building their SQL anew: as Django itself does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from fondaco.engine import rows
from fondaco.engine.outbox_models import OutboxMail
from fondaco.engine.slots import any_of, prepared
from fondaco.kit.ids import new_id
from fondaco.sellers.models import Membership
from fondaco.sellers.tests.factories import make_seller, owner_of

pytestmark = pytest.mark.django_db


@prepared
def _memberships(person: Any, role: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person, role=role).select_related("seller", "person").order_by("id")


@prepared
def _subjects(before: Any, pk: Any) -> QuerySet[Any, tuple[str, list[str]]]:
    return OutboxMail.objects.filter(created_at__lt=before, pk=pk).values_list("subject", "to")


def _mail(subject: str, key: str | None = None) -> OutboxMail:
    return OutboxMail(key=key, subject=subject, from_email="a@fondaco.example", to=["b@fondaco.example"], text="100 %")


def test_a_prepared_query_finds_what_the_queryset_finds(django_assert_num_queries: Any) -> None:
    one, other = owner_of(make_seller("One")), owner_of(make_seller("Other"))
    for person in (one, other, one):
        plain = Membership.objects.select_related("seller", "person").get(person=person)
        with django_assert_num_queries(1):
            (found,) = _memberships.all(person.pk, plain.role)
            assert (found, found.seller.display_name, found.person.email) == (
                plain,
                plain.seller.display_name,
                person.email,
            )
        assert {f.attname: getattr(found.seller, f.attname) for f in found.seller._meta.concrete_fields} == {
            f.attname: getattr(plain.seller, f.attname) for f in plain.seller._meta.concrete_fields
        }
        assert not found._state.adding
    assert _memberships.first(one.pk, "nobody") is None


@prepared
def _of_people(*people: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(any_of("person", people)).order_by("id")


@prepared
def _with_ids(*ids: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(pk__in=ids).order_by("id")


def test_a_prepared_query_takes_lists_of_any_length() -> None:
    people = [owner_of(make_seller(f"Seller {n}")) for n in range(3)]
    for count in (0, 1, 3, 2):
        wanted = [person.pk for person in people[:count]]
        rows_there = list(Membership.objects.filter(person__in=wanted).order_by("id"))
        assert _of_people.all(*wanted) == rows_there
        assert _with_ids.all(*(row.pk for row in rows_there)) == rows_there
    assert _with_ids.all(*(new_id() for _ in range(150))) == []


def test_a_prepared_query_gives_tuples_with_times_and_json() -> None:
    mail = _mail("One")
    rows.insert(mail)
    assert _subjects.all(datetime(2100, 1, 1, tzinfo=UTC), mail.pk) == [("One", ["b@fondaco.example"])]
    assert _subjects.all(datetime(2000, 1, 1, tzinfo=UTC), mail.pk) == []


def test_inserted_rows_of_several_models_read_back_as_saved_ones() -> None:
    from fondaco.history import build
    from fondaco.history.models import Event

    mail, event = _mail("Fünf %s; DROP"), build(actor=None, verb="mail.tried", subject=("mail", "1"), about={"a": [1]})
    rows.insert(mail, event)
    read = OutboxMail.objects.get(pk=mail.pk)
    assert (read.subject, read.to, read.text, read.created_at) == (mail.subject, mail.to, "100 %", mail.created_at)
    assert Event.objects.get(pk=event.pk).about == {"a": [1]}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(mail)


def test_a_row_with_a_key_that_is_there_is_left_out_and_other_faults_are_not() -> None:
    assert rows.insert_once(_mail("One", key="k"), by="key")
    assert not rows.insert_once(_mail("Two", key="k"), by="key")
    assert OutboxMail.objects.get(key="k").subject == "One"
    wrong = _mail("Three", key="other")
    wrong.state = "unknown"
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert_once(wrong, by="key")


def test_an_updated_row_keeps_its_other_fields_and_a_missing_one_is_an_error() -> None:
    mail = _mail("One")
    mail.save()
    OutboxMail.objects.filter(pk=mail.pk).update(subject="Two")
    mail.state, mail.sent_at = "sent", timezone.now()
    rows.update(mail, "state", "sent_at")
    read = OutboxMail.objects.get(pk=mail.pk)
    assert (read.subject, read.state, read.sent_at) == ("Two", "sent", mail.sent_at)
    mail.pk = new_id()
    with pytest.raises(DatabaseError):
        rows.update(mail, "state")
