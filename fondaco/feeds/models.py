"""Tables of feeds: a batch, its chunks, what was wrong with its rows, and the SKUs of variation parents."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models import Product
from fondaco.engine import holders
from fondaco.feeds.rules import OPEN_STATES, BatchState, ChunkState, Kind
from fondaco.kit.ids import new_batch_number, new_id
from fondaco.sellers.models import Person, SellerAccount


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in enum]  # type: ignore[attr-defined]


class Batch(models.Model):
    """One file that was handed in. `number` is the batch ID that people quote (B-IMG-13).

    `file` is the sha-256 of what was sent, `table` that of what is worked off: the same, or its text as UTF-8 lines
    when the file was in another encoding or a JSON document. `layout` says where which column stands. Counts of rows
    are sums over the chunks until the batch is done, and stand here afterwards.
    `claimed_until` keeps two workers from planning or finishing at once; `holder` is the process that plans.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=12, default=new_batch_number)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    store = models.CharField(max_length=2, default="US")
    kind = models.CharField(max_length=16, choices=_choices(Kind))
    state = models.CharField(max_length=20, choices=_choices(BatchState), default=BatchState.REQUEST_SUBMITTED.value)
    retry_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="retries")
    request_key = models.CharField(max_length=64, default="", blank=True)

    file_name = models.CharField(max_length=255, default="", blank=True)
    file = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    declared_encoding = models.CharField(max_length=20, default="", blank=True)
    encoding = models.CharField(max_length=20, default="", blank=True)
    refetch = models.BooleanField(default=False)

    table = models.CharField(max_length=64, default="", blank=True)
    layout = models.JSONField(default=dict)
    feed_header = models.JSONField(default=dict)
    records = models.IntegerField(default=0)
    chunks_planned = models.IntegerField(default=0)

    processed = models.IntegerField(default=0)
    successful = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    deleted = models.IntegerField(default=0)
    images = models.IntegerField(default=0)

    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=holders.LENGTH, default="", blank=True)
    submitted_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    rows_done_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="batch_number_unique"),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~models.Q(request_key=""), name="batch_submitted_once"
            ),
            models.CheckConstraint(
                name="batch_state_known", condition=models.Q(state__in=[s.value for s in BatchState])
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-submitted_at"], name="batch_of_seller"),
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
                name="batch_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Chunk(models.Model):
    """About two thousand records of a batch: bytes `offset` … `offset + length` of its table.

    Phase 0 holds the parents of variations, record by record in `spans` as [offset, length, record]; phase 1 the
    rest. `again` are [record, first record] of SKUs that stand earlier in the file. `attempts` counts claims and is
    the token that a worker must still hold when it commits; `holder` names its process. `digest` names bytes, layout and rules; `outcome` the
    state of the listings that they led to when there was nothing to report, so that the same bytes need not be
    checked again while the listings still say that.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    seller_id = models.UUIDField()
    number = models.IntegerField()
    phase = models.PositiveSmallIntegerField(default=1)
    offset = models.BigIntegerField(default=0)
    length = models.BigIntegerField(default=0)
    first_record = models.IntegerField(default=1)
    records = models.IntegerField(default=0)
    spans = models.JSONField(default=list)
    again = models.JSONField(default=list)

    state = models.CharField(max_length=10, choices=_choices(ChunkState), default=ChunkState.WAITING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=holders.LENGTH, default="", blank=True)

    processed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    deleted = models.IntegerField(default=0)
    images = models.IntegerField(default=0)
    lacking = models.JSONField(default=list)
    digest = models.CharField(max_length=64, default="", blank=True)
    outcome = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_once")]
        indexes = [
            models.Index(
                fields=["batch", "state", "phase", "number"],
                condition=models.Q(state__in=["WAITING", "RUNNING"]),
                name="chunk_open",
            ),
            models.Index(fields=["seller_id", "digest"], condition=~models.Q(outcome=""), name="chunk_digest"),
        ]


class RowIssue(models.Model):
    """One fault of one record; record 0 is the whole file. `fault` is the key of the catalogue, `code` what reports
    print, `args` the facts for the words, `sent` what stood there (cut)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="issues", db_index=False)
    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    record = models.IntegerField()
    sku = models.CharField(max_length=80, default="", blank=True)
    fault = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    type = models.CharField(max_length=8)
    attribute = models.CharField(max_length=80, default="", blank=True)
    args = models.JSONField(default=dict)
    sent = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "record", "id"], name="issue_in_order")]


class FamilySku(models.Model):
    """The SKU by which a seller's files call the parent of a variation family; parents have no offer of their own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "sku"], name="one_family_sku")]
