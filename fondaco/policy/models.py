"""What operators published. The shipped defaults are no rows: they are version 0, read from `data/`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from fondaco.kit.ids import new_id
from fondaco.policy.rules import Basis, Version
from fondaco.policy.shipped import key_of

NOTE_LIMIT = 1000


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Published versions."""

    def standing(self) -> PolicyVersionQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def of(self, key: str) -> PolicyVersionQuerySet:
        """All of one key, in all stores."""
        return self.filter(key=key)


class PolicyVersion(models.Model):
    """One value of one key in one store, from a time on. `number` counts from 1 per key and store.

    The databases refuse to change or delete a row; only its withdrawal, before it begins, is written later.
    `author_id` is a person's id, without a foreign key: people stand above policy.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80)
    store = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)
    basis = models.CharField(max_length=1, default=Basis.OPERATOR.value)
    note = models.CharField(max_length=NOTE_LIMIT, blank=True)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "store", "number"], name="policy_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_number_from_1"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="policy_version_ends_after_begin",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("created_at")), name="policy_version_not_in_the_past"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__lt=F("effective_from")),
                name="policy_version_withdrawn_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}@{self.store}#{self.number}"

    def as_version(self) -> Version:
        """As rules and pages see it. Raises `WrongValue` if the key's type has become stricter since."""
        key = key_of(self.key)
        return Version(
            key=self.key,
            store=self.store,
            number=self.number,
            value=key.type.read(self.value),
            begins=self.effective_from,
            ends=self.effective_to,
            basis=Basis(self.basis),
            note=self.note,
            author=self.author_name,
            clauses=key.clauses,
        )


class PolicyMark(models.Model):
    """One row whose mark every change replaces: what processes compare to know that they must read anew."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="policy_mark_only_one")]

    def __str__(self) -> str:
        return str(self.mark)
