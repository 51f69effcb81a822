"""Postings are written whole, once, and for good; the databases themselves refuse everything else."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from fondaco.kit.errors import NotFound
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.kit.text import TextMissing, TextTooLong
from fondaco.ledger import operations
from fondaco.ledger.models import Account, Due, Entry, Period, PeriodTotal, Posting
from fondaco.ledger.rules import AccountKind, Cause, Line, NotEnoughMoney, PostingKind
from fondaco.ledger.tests.factories import (
    assert_books_in_order,
    balance,
    bill,
    give,
    order,
    owed,
    proceeds,
    usd,
)
from fondaco.sellers.tests.factories import make_card, make_seller

pytestmark = pytest.mark.django_db
CAUSE = Cause("orders.order", "111-1")


def sell(seller, minor: int = 500, *, key: str = "k", **changed):
    lines = [
        Line(AccountKind.BUYER_PAYMENTS, usd(-minor)),
        Line(AccountKind.SELLER_PROCEEDS, usd(minor - 75), seller.pk),
        Line(AccountKind.MARKETPLACE_FEES, usd(75)),
    ]
    values = {"key": key, "kind": PostingKind.SALE, "lines": lines, "cause": CAUSE, "reason": "sale"} | changed
    return operations.post(**values)


def test_a_posting_moves_every_account_and_sums_to_zero() -> None:
    seller = make_seller()
    posting = sell(seller)
    assert (proceeds(seller), balance(AccountKind.MARKETPLACE_FEES), balance(AccountKind.BUYER_PAYMENTS)) == (
        425,
        75,
        -500,
    )
    entry = posting.entries.get(account__kind="seller_proceeds")
    assert (entry.previous_minor, entry.current_minor, entry.account_version) == (0, 425, 1)
    assert_books_in_order()


def test_the_same_key_answers_the_same_and_other_contents_are_refused() -> None:
    seller = make_seller()
    first = sell(seller)
    assert sell(seller) == first
    for other in ({"minor": 501}, {"reason": "adjustment"}, {"cause": Cause("orders.order", "222")}):
        with pytest.raises(operations.KeyReused):
            sell(seller, **other)
    with pytest.raises(operations.KeyReused):
        sell(make_seller("Swift Outfitters"))
    assert (Posting.objects.count(), proceeds(seller)) == (1, 425)


def test_currencies_never_mix() -> None:
    seller = make_seller()
    lines = [
        Line(AccountKind.BUYER_PAYMENTS, Money(-7, "EUR")),
        Line(AccountKind.SELLER_PROCEEDS, Money(7, "EUR"), seller.pk),
    ]
    sell(seller, lines=lines)
    sell(seller, key="k2")
    assert set(Account.objects.filter(seller=seller).values_list("currency", "balance_minor")) == {
        ("EUR", 7),
        ("USD", 425),
    }
    assert Period.objects.filter(seller=seller, closed_at=None).count() == 2
    assert_books_in_order()


def test_proceeds_never_fall_below_zero() -> None:
    seller = make_seller()
    give(seller, 100)
    lines = [Line(AccountKind.SELLER_PROCEEDS, usd(-101), seller.pk), Line(AccountKind.LABELS, usd(101))]
    with pytest.raises(NotEnoughMoney) as refused:
        operations.post(key="x", kind=PostingKind.CHARGE, lines=lines, cause=CAUSE, reason="shipping_label")
    assert refused.value.facts == {"available": "1.00 USD", "needed": "1.01 USD"}
    assert (proceeds(seller), Posting.objects.count(), Entry.objects.count()) == (100, 1, 2)


def test_nobody_pays_more_than_is_owed() -> None:
    seller = make_seller()
    lines = [Line(AccountKind.CARD_CLEARING, usd(-5)), Line(AccountKind.SELLER_DUE, usd(5), seller.pk)]
    with pytest.raises(operations.NotOwed):
        operations.post(key="x", kind=PostingKind.CARD_PAYMENT, lines=lines, cause=CAUSE, reason="card_payment")


def test_a_reversal_undoes_once() -> None:
    seller = make_seller()
    give(seller, 5000)
    charge = bill(seller, 3000)
    back = operations.reverse(posting_id=charge.pk, why="damaged")
    assert operations.reverse(posting_id=charge.pk, why="damaged") == back
    assert (proceeds(seller), balance(AccountKind.MARKETPLACE_FEES)) == (5000, 0)
    with pytest.raises(operations.AlreadyReversed):
        operations.reverse(posting_id=charge.pk, why="lost")
    with pytest.raises(operations.NotReversible):
        operations.reverse(posting_id=back.pk, why="damaged")
    with pytest.raises(NotFound):
        operations.reverse(posting_id=new_id(), why="damaged")
    assert PeriodTotal.objects.get(reason="imaging_service").sum_minor == 0
    assert_books_in_order()


def test_the_reversal_of_an_unpaid_charge_ends_the_debt() -> None:
    seller = make_seller()
    give(seller, 1000)
    charge = bill(seller, 3000)
    assert owed(seller) == 2000
    operations.reverse(posting_id=charge.pk, why="damaged")
    assert (owed(seller), proceeds(seller), Due.objects.get().open_minor) == (0, 1000, 0)
    assert_books_in_order()


def test_the_reversal_of_a_charge_paid_by_card_goes_to_the_proceeds(tasks) -> None:
    seller = make_seller()
    make_card(seller=seller)
    charge = bill(seller, 3000)
    tasks()
    assert owed(seller) == 0
    operations.reverse(posting_id=charge.pk, why="damaged")
    assert (owed(seller), proceeds(seller)) == (0, 3000)
    assert_books_in_order()


def test_what_was_given_and_is_gone_cannot_be_taken_back() -> None:
    seller = make_seller()
    gift = give(seller, 1000)
    bill(seller, 600)
    with pytest.raises(NotEnoughMoney):
        operations.reverse(posting_id=gift.pk, why="mistake")
    assert proceeds(seller) == 400


# --- what the database refuses -----------------------------------------------------------------------------------


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


ATTACKS = {
    "an entry changed": "UPDATE ledger_entry SET amount_minor = 1",
    "an entry deleted": "DELETE FROM ledger_entry",
    "a posting changed": "UPDATE ledger_posting SET reason = 'other'",
    "a posting deleted": "DELETE FROM ledger_posting",
    "a balance written": "UPDATE ledger_account SET balance_minor = balance_minor + 1",
    "a version written": "UPDATE ledger_account SET version = version + 1",
    "a balance rewound": "UPDATE ledger_account SET balance_minor = 0, version = 0",
    "an account given away": "UPDATE ledger_account SET currency = 'EUR'",
    "an overdraft allowed": "UPDATE ledger_account SET never_below_zero = NOT never_below_zero",
    "more held than there is": "UPDATE ledger_account SET held_minor = 10000000 WHERE never_below_zero",
    "a negative hold": "UPDATE ledger_account SET held_minor = -1",
    "an account deleted": "DELETE FROM ledger_account",
    "a period's beginning written": "UPDATE ledger_period SET opening_minor = 5",
    "a period deleted": "DELETE FROM ledger_period",
    "a debt made larger": "UPDATE ledger_due SET open_minor = amount_minor + 1",
    "a debt renamed": "UPDATE ledger_due SET amount_minor = 1",
    "a debt deleted": "DELETE FROM ledger_due",
    "a card try renamed": "UPDATE ledger_cardtry SET key = 'other'",
    "a card try deleted": "DELETE FROM ledger_cardtry",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses_to_change_the_books(attack: str, tasks) -> None:
    seller = make_seller()
    make_card(seller=seller, declines=True)
    give(seller, 1000)
    bill(seller, 3000)
    tasks()
    before = list(Entry.objects.order_by("id").values())
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(attack)
    assert list(Entry.objects.order_by("id").values()) == before
    assert_books_in_order()


def raw_posting(entries: list[tuple[Account, int]], *, seal: bool = True, pk=None) -> None:
    """Write entries and a posting as another program might, with the chain right unless told otherwise."""
    pk = pk or new_id()
    for account, amount in entries:
        account.refresh_from_db()
        Entry.objects.create(
            posting_id=pk,
            account=account,
            account_version=account.version + 1,
            amount_minor=amount,
            currency=account.currency,
            previous_minor=account.balance_minor,
            current_minor=account.balance_minor + amount,
            at=Posting.objects.first().at,
        )
    if seal:
        at = Posting.objects.first().at
        Posting.objects.create(
            pk=pk, key=str(pk), request_hash="", kind="charge", cause_kind="x", cause_id="x", reason="x", at=at
        )


@pytest.fixture
def platform() -> list[Account]:
    """Two accounts of the marketplace that have money, and a posting that stands."""
    sell(make_seller())
    return list(Account.objects.filter(seller=None).order_by("kind"))


@pytest.mark.django_db(transaction=True)
class TestAtCommit:
    def test_a_balanced_posting_by_hand_is_taken(self, platform) -> None:
        one, other = platform
        with transaction.atomic():
            raw_posting([(one, 5), (other, -5)])
        assert_books_in_order()

    @pytest.mark.parametrize("amounts", [(5, -4), (5, 5)], ids=["unbalanced", "one-sided"])
    def test_an_unbalanced_posting_is_refused(self, platform, amounts) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            raw_posting(list(zip(platform, amounts, strict=True)))
        assert Posting.objects.count() == 1
        assert_books_in_order()

    def test_a_posting_without_entries_is_refused(self, platform) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            raw_posting([])

    def test_entries_without_a_posting_are_refused(self, platform) -> None:
        one, other = platform
        with pytest.raises(IntegrityError), transaction.atomic():
            raw_posting([(one, 5), (other, -5)], seal=False)
        assert_books_in_order()

    def test_no_entry_joins_a_posting_that_stands(self, platform) -> None:
        one, other = platform
        with pytest.raises(IntegrityError), transaction.atomic():
            raw_posting([(one, 5), (other, -5)], seal=False, pk=Posting.objects.get().pk)

    @pytest.mark.parametrize("field", ["account_version", "previous_minor", "currency"])
    def test_an_entry_out_of_its_chain_is_refused(self, platform, field) -> None:
        account = platform[0]
        account.refresh_from_db()
        values = {
            "account_version": account.version + 1,
            "amount_minor": 5,
            "currency": "USD",
            "previous_minor": account.balance_minor,
            "current_minor": account.balance_minor + 5,
        }
        values[field] = "EUR" if field == "currency" else values[field] + 1
        values["current_minor"] = values["previous_minor"] + 5
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(posting_id=new_id(), account=account, at=Posting.objects.get().at, **values)

    def test_an_account_begins_at_zero(self, platform) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.create(kind="labels", currency="USD", balance_minor=5)

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
    @pytest.mark.parametrize("table", ["ledger_posting", "ledger_entry", "ledger_account"])
    def test_nothing_is_replaced(self, platform, table) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        assert_books_in_order()

    def test_emptying_the_whole_database_stays_possible(self, platform) -> None:
        call_command("flush", interactive=False, verbosity=0)
        assert not Entry.objects.exists()


def test_the_kind_of_cause_must_be_said() -> None:
    with pytest.raises(TextMissing):
        sell(make_seller(), cause=Cause("", "1"))


def test_a_label_that_no_column_keeps_is_refused_whole() -> None:
    with pytest.raises(TextTooLong):
        bill(make_seller(), 100, cause=order("x" * 200))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("reason", ["", "Imaging", "a b", "x" * 41])
def test_a_reason_that_is_no_code_is_a_bug(reason) -> None:
    with pytest.raises(ValueError, match="a reason is a code"):
        sell(make_seller(), reason=reason)
