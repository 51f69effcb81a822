"""Tables of the books. Postings and entries only grow, and the databases themselves keep them balanced (`guards`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.ledger.rules import SELLER_KINDS, AccountKind, HoldState, PostingKind, Section, TryState
from fondaco.sellers.models import Card, SellerAccount

KEY_LIMIT = 120
REASON_LIMIT = 40
KIND_LIMIT = 60
ID_LIMIT = 64
LABEL_LIMIT = 120


class Account(models.Model):
    """Money of one owner in one currency. `balance_minor` and `version` follow from the entries: only these move them.

    `held_minor` is set aside by pending holds. Accounts of the marketplace exist `rules.SHARDS` times.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=24)
    seller = models.ForeignKey(SellerAccount, null=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    shard = models.PositiveSmallIntegerField(default=0)
    never_below_zero = models.BooleanField(default=False)
    balance_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("kind", AccountKind, name="ledger_account_kind_known"),
            models.UniqueConstraint(
                fields=["seller", "currency", "kind"],
                condition=Q(seller__isnull=False),
                name="ledger_account_of_seller",
            ),
            models.UniqueConstraint(
                fields=["kind", "currency", "shard"], condition=Q(seller=None), name="ledger_account_of_marketplace"
            ),
            models.CheckConstraint(
                condition=Q(seller__isnull=False, kind__in=[str(kind) for kind in sorted(SELLER_KINDS)])
                | Q(seller=None) & ~Q(kind__in=[str(kind) for kind in sorted(SELLER_KINDS)]),
                name="ledger_account_owner_fits",
            ),
            models.CheckConstraint(condition=Q(held_minor__gte=0), name="ledger_held_not_negative"),
            models.CheckConstraint(
                condition=Q(never_below_zero=False) | Q(balance_minor__gte=F("held_minor")),
                name="ledger_never_below_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AccountKind.SELLER_DUE.value) | Q(balance_minor__lte=0),
                name="ledger_due_never_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"

    @property
    def available_minor(self) -> int:
        """What is there and not held."""
        return self.balance_minor - self.held_minor


class Posting(models.Model):
    """One thing that happened, with its cause. It is written after its entries, and seals them: from then on none
    can be added, and it cannot be written unless they sum to zero in each currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=KEY_LIMIT, unique=True)
    request_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    cause_kind = models.CharField(max_length=KIND_LIMIT)
    cause_id = models.CharField(max_length=ID_LIMIT)
    cause_label = models.CharField(max_length=LABEL_LIMIT, blank=True)
    reason = models.CharField(max_length=REASON_LIMIT)
    clause = models.CharField(max_length=20, blank=True)
    policy_version = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        constraints = [
            one_of("kind", PostingKind, name="ledger_posting_kind_known"),
            models.CheckConstraint(
                condition=~Q(key="") & ~Q(reason="") & ~Q(cause_kind="") & ~Q(cause_id=""),
                name="ledger_posting_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind=PostingKind.REVERSAL.value, reverses__isnull=False)
                | ~Q(kind=PostingKind.REVERSAL.value) & Q(reverses=None),
                name="ledger_reversal_names_what",
            ),
        ]
        indexes = [models.Index(fields=["cause_kind", "cause_id"], name="ledger_posting_cause")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reason} {self.cause_label or self.cause_id}"


class Period(models.Model):
    """A seller's statement period in one currency; the one without `closed_at` takes what is posted now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "currency", "number"], name="ledger_period_number_once"),
            models.UniqueConstraint(
                fields=["seller", "currency"], condition=Q(closed_at=None), name="ledger_one_open_period"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="ledger_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing_minor=None)
                | Q(closed_at__isnull=False, closing_minor__isnull=False),
                name="ledger_closed_with_a_balance",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(closed_at=None), name="ledger_period_to_close")]

    def __str__(self) -> str:
        return f"Statement {self.number} {self.currency}"

    @property
    def last_at(self) -> datetime:
        """The last moment that belongs to it."""
        return self.ends_at - timedelta(microseconds=1)


class PeriodTotal(models.Model):
    """The sums of one section and reason of a statement, kept in the transaction of each entry."""

    id = models.BigAutoField(primary_key=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="totals")
    section = models.CharField(max_length=12)
    reason = models.CharField(max_length=REASON_LIMIT)
    in_minor = models.BigIntegerField(default=0)
    out_minor = models.BigIntegerField(default=0)
    lines = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "section", "reason"], name="ledger_total_once"),
            one_of("section", Section, name="ledger_total_section_known"),
            models.CheckConstraint(condition=Q(in_minor__gte=0, out_minor__lte=0), name="ledger_total_signs"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.reason}"

    @property
    def sum_minor(self) -> int:
        return self.in_minor + self.out_minor


class Entry(models.Model):
    """One line of a posting on one account, with the balance before and after it, so that history can be replayed.

    `seller`, `period` and `section` are set on sellers' accounts only: they are what a statement is read by.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The entries of a posting come before it; the key is checked at commit, so none can stay without.
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account_version = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    previous_minor = models.BigIntegerField()
    current_minor = models.BigIntegerField()
    at = models.DateTimeField()
    seller = models.ForeignKey(SellerAccount, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "account_version"], name="ledger_entry_chain"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_not_zero"),
            models.CheckConstraint(
                condition=Q(current_minor=F("previous_minor") + F("amount_minor")), name="ledger_entry_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(seller=None, period=None, section="")
                | Q(seller__isnull=False, period__isnull=False) & ~Q(section=""),
                name="ledger_entry_of_seller_whole",
            ),
            one_of("section", Section, name="ledger_entry_section_known", or_empty=True),
        ]
        indexes = [
            models.Index(
                fields=["seller", "-at", "-id"], condition=Q(seller__isnull=False), name="ledger_entry_seller"
            ),
            models.Index(
                fields=["period", "section", "-at", "-id"],
                condition=Q(period__isnull=False),
                name="ledger_entry_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Hold(models.Model):
    """Money set aside on an account until it is posted or let go."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=KEY_LIMIT, unique=True)
    request_hash = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, default=HoldState.PENDING.value)
    cause_kind = models.CharField(max_length=KIND_LIMIT)
    cause_id = models.CharField(max_length=ID_LIMIT)
    reason = models.CharField(max_length=REASON_LIMIT)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    posting = models.OneToOneField(Posting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_of("state", HoldState, name="ledger_hold_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_hold_positive"),
            models.CheckConstraint(
                condition=Q(state=HoldState.POSTED.value, posting__isnull=False)
                | ~Q(state=HoldState.POSTED.value) & Q(posting=None),
                name="ledger_hold_posted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Hold of {self.amount_minor}"


class Due(models.Model):
    """The part of a charge that proceeds did not cover. `open_minor` is still owed; the card is asked at `next_try_at`.

    The charge itself is booked whole; this row is what remains to be collected, and the truth about it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="due")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    from_proceeds = models.BooleanField(default=True)  # which sources policy named when it was charged
    from_card = models.BooleanField(default=True)
    declined = models.PositiveIntegerField(default=0)
    last_reason = models.CharField(max_length=40, blank=True)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, open_minor__gte=0, open_minor__lte=F("amount_minor")),
                name="ledger_due_within_charge",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(open_minor__gt=0), name="ledger_due_to_collect"),
            models.Index(fields=["seller", "created_at"], condition=Q(open_minor__gt=0), name="ledger_due_of_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.open_minor} {self.currency} due"


class CardTry(models.Model):
    """One question to the card gateway, written before it is asked: killed in between, the same key is asked again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=KEY_LIMIT, unique=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, default=TryState.ASKED.value)
    reason = models.CharField(max_length=40, blank=True)
    asks = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", TryState, name="ledger_try_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_try_positive"),
            models.UniqueConstraint(fields=["due", "number"], name="ledger_try_number_once"),
            models.UniqueConstraint(
                fields=["due"], condition=Q(state=TryState.ASKED.value), name="ledger_one_question_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["due"], condition=Q(state=TryState.PAID.value), name="ledger_paid_by_card_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Try {self.number}: {self.state}"
