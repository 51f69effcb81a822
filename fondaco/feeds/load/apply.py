"""One chunk into the catalogue: what is new, what changes, what goes, which pictures are asked for.

Runs inside the caller's transaction, which also marks the chunk done: a chunk counts either wholly or not at all, and
the same chunk again finds everything present and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from fondaco import history
from fondaco.catalogue import locks, restrictions, watchers
from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.operations import image_status
from fondaco.catalogue.product_types import ProductType, all_types
from fondaco.catalogue.queries.barcodes import products_with_barcodes
from fondaco.catalogue.search import documents
from fondaco.feeds.check import Checked
from fondaco.feeds.errors import Issue, quoted
from fondaco.feeds.load import families, images, insert
from fondaco.feeds.load.change import Change, change
from fondaco.feeds.load.images import Asked
from fondaco.feeds.load.insert import New, Terms
from fondaco.feeds.load.state import Present, outcome_line, outcome_of, present
from fondaco.feeds.load.wanted import Shape, Wanted, wanted
from fondaco.kit.errors import Refusal
from fondaco.sellers.models import SellerAccount


@dataclass(slots=True, kw_only=True)
class Job:
    """What is the same for every chunk of a batch."""

    seller: SellerAccount
    batch_id: UUID
    shape: Shape
    terms: Terms
    refetch: bool = False
    actor: Any = None


@dataclass(slots=True, kw_only=True)
class Applied:
    """What became of the rows. `failed` rows were left out here, beyond those that the check left out.

    `outcome` is the digest of what the listings say now, when the whole chunk was plain (see `Chunk`)."""

    created: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0
    failed: int = 0
    images: int = 0
    issues: list[Issue] = field(default_factory=list)
    outcome: str = ""


def prepare_connection() -> None:
    """Settings for this transaction. Tables that have just grown have no statistics yet, and a plan that reads them
    whole for each thousand rows would be the end of a large file. The commit need not wait for the disk: the chunk's
    state is in the same transaction, so a crash of the server takes both back, and the batch's last commit waits."""
    if connection.vendor == "postgresql":
        names = (
            "enable_seqscan",
            "enable_hashjoin",
            "enable_mergejoin",
            "enable_bitmapscan",
            "jit",
            "synchronous_commit",
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"set_config('{name}', 'off', true)" for name in names))


def apply(*, job: Job, checked: Checked) -> Applied:
    """Writes the chunk's rows. Raises IntegrityError when another transaction took a SKU meanwhile: begin again."""
    return _Chunk(job, checked).run()


class _Chunk:
    def __init__(self, job: Job, checked: Checked) -> None:
        self.job, self.checked = job, checked
        self.clean = checked.columns
        self.skus: Sequence[str] = self.clean["sku"] if len(checked) else []
        self.applied = Applied()
        self.dead: set[int] = set()
        self.product_of: dict[int, str] = {}

    def run(self) -> Applied:
        if not len(self.checked):
            return self.applied
        self.want = wanted(checked=self.checked, shape=self.job.shape)
        self.here = present(seller_id=self.job.seller.pk, skus=list(self.skus), shape=self.job.shape)
        self._refuse_types()
        self._judge_listed()
        new, changes, gone = self._sorted()
        self._insert(new)
        self._change(changes)
        self._delete(gone)
        self._images()
        self.applied.failed = len(self.dead)
        if not (self.dead or gone or self.checked.images or self.applied.issues) and set(self.clean["operation"]) == {
            "update"
        }:
            pairs = zip(self.skus, self.want.lines, strict=True)
            self.applied.outcome = outcome_of(outcome_line(sku, line) for sku, line in pairs)
        return self.applied

    def tell(self, index: int, key: str, *, column: str = "", sent: str = "", **args: Any) -> None:
        from fondaco.feeds.errors import fault

        number, sku = self.checked.numbers[index], quoted(self.skus[index])[:80]
        self.applied.issues.append(Issue(number, sku, key, column, quoted(sent), args))
        if fault(key).stops_row:
            self.dead.add(index)

    # --- what is what ---

    def _refuse_types(self) -> None:
        """Gates of other domains before product types (handmade before approval), asked once a type."""
        types = self.clean["product-type"]
        refused: dict[str, str] = {}
        for kind in set(types):
            of_type = all_types().get(kind)
            if of_type is None:
                continue
            try:
                restrictions.require_allowed(
                    seller=self.job.seller, product_type=of_type, store=self.job.terms.store, at=self.job.terms.at
                )
            except Refusal as refusal:
                refused[kind] = str(refusal)
            if kind not in refused and restrictions.is_judged(of_type):
                self._judge_words(of_type, [i for i, each in enumerate(types) if each == kind])
        if refused:
            for index, kind in enumerate(types):
                if kind in refused:
                    self.tell(index, "operation-refused", column="product-type", sent=kind, reason=refused[kind])

    def _judge_words(self, of_type: ProductType, rows: list[int]) -> None:
        """What rows of a judged type say (handmade: what it is, how it is made, how long that takes), one by one."""
        for index in rows:
            if self.clean["operation"][index] != "delete":
                self._judge_row(index, of_type)

    def _judge_listed(self) -> None:
        """Rows that change a listing and leave its type alone, which a partial update may: judged by the type it has."""
        types, ops = self.clean["product-type"], self.clean["operation"]
        ids = {i: self.here[sku].product_id for i, sku in enumerate(self.skus) if not types[i] and sku in self.here}
        judged = [kind for kind, of_type in all_types().items() if restrictions.is_judged(of_type)]
        if not ids or not judged:
            return
        known: dict[str, Product] = {}
        for some in images.groups_of(sorted(set(ids.values())), 500):
            known |= {str(p.pk): p for p in Product.objects.filter(pk__in=some, product_type__in=judged)}
        for index, product_id in ids.items():
            if (product := known.get(product_id)) and ops[index] != "delete" and index not in self.dead:
                self._judge_row(index, all_types()[product.product_type])

    def _judge_joined(self, index: int, product: Product) -> None:
        """A new offer of a product that is there: gates and judges of the type it has, whatever the row states."""
        of_type = all_types().get(product.product_type)
        if of_type is not None and restrictions.is_judged(of_type) and index not in self.dead:
            self._judge_row(index, of_type, creator_id=product.creator_id, asks_gates=True)

    def _judge_row(
        self, index: int, of_type: ProductType, *, creator_id: UUID | None = None, asks_gates: bool = False
    ) -> None:
        stated = {key for key, _ in self.job.shape.product}
        seller, store, at = self.job.seller, self.job.terms.store, self.job.terms.at
        days = self.clean["handling-days"][index] if "handling-days" in self.clean else None
        names = [name for name in self.job.shape.attributes if name in self.checked.attributes]
        try:
            if asks_gates:
                restrictions.require_allowed(seller=seller, product_type=of_type, store=store, at=at)
            restrictions.require_sound(
                restrictions.Words(
                    seller=seller,
                    product_type=of_type,
                    store=store,
                    at=at,
                    title=self.clean["item-name"][index],
                    brand=self.clean["brand"][index] if "brand" in stated else "",
                    description=self.clean["description"][index] if "description" in stated else "",
                    attributes={name: self.checked.attributes[name][index] for name in names},
                    handling_days=int(str(days)) if str(days).isdigit() else None,
                    condition=self._condition(index),
                    creator_id=creator_id,
                )
            )
        except Refusal as refusal:
            sent = self.clean["item-name"][index]
            self.tell(index, "operation-refused", column="item-name", sent=sent, reason=str(refusal))

    def _condition(self, index: int) -> str:
        """As stated, or empty: a new listing that states none is new, a change that states none leaves it."""
        return str(self.clean["item-condition"][index] or "") if "item-condition" in self.clean else ""

    def _listed(self, rows: list[int], ids: list[str]) -> None:
        """Tells domains above of new listings of types that they follow."""
        types = self.clean["product-type"]
        for kind in sorted(set(types)):
            of_type = all_types().get(kind)
            if of_type is None or not restrictions.is_followed(of_type):
                continue
            of_kind = [UUID(product_id) for index, product_id in zip(rows, ids, strict=True) if types[index] == kind]
            if of_kind:
                restrictions.listed(seller=self.job.seller, of_type=of_type, product_ids=of_kind, at=self.job.terms.at)

    def _sorted(self) -> tuple[list[int], list[Change], list[int]]:
        new: list[int] = []
        changes: list[Change] = []
        gone: list[int] = []
        here, lines, ops = self.here, self.want.lines, self.clean["operation"]
        plain = not any(self.clean["asin"])
        if not here and plain and not self.dead and set(ops) == {"update"}:
            return list(range(len(self.skus))), [], []
        for index, sku in enumerate(self.skus):
            found = here.get(sku)
            if index in self.dead:
                continue
            if ops[index] == "delete":
                gone.append(index)
            elif found is None:
                self._missing(index) if ops[index] == "partial" else new.append(index)
            elif found.status == "removed":
                self.tell(index, "offer-removed")
            elif self.clean["asin"][index] not in ("", found.asin):
                self.tell(
                    index, "sku-other-product", column="product-id", sent=self.clean["asin"][index], asin=found.asin
                )
            else:
                self.product_of[index] = found.product_id
                if ops[index] == "update" and found.own and found.status == "active" and found.line == lines[index]:
                    self.applied.same += 1
                else:
                    changes.append(self._change_of(index, found))
        return new, changes, gone

    def _missing(self, index: int) -> None:
        only_images = index in self.checked.images and not any(
            self.clean[key][index] for key, _, _ in self.job.shape.offer
        )
        self.tell(index, "image-no-listing" if only_images else "sku-unknown", column="sku")

    def _change_of(self, index: int, found: Present) -> Change:
        return Change(index=index, offer_id=UUID(found.offer_id), product_id=UUID(found.product_id), own=found.own)

    # --- doing it ---

    def _insert(self, rows: list[int]) -> None:
        if not rows:
            return
        families_of = self._families(rows)
        joined = self._joined(rows)
        rows = [i for i in rows if i not in self.dead]
        places = {index: place for place, index in enumerate(rows)} if joined else {}
        same = {i: f"={places[int(j[1:])]}" for i, j in joined.items() if j.startswith("=") and int(j[1:]) in places}
        there = {i: j for i, j in joined.items() if not j.startswith("=")}
        product_ids = [there.get(i) or same.get(i, "") for i in rows] if joined else [""] * len(rows)
        new = New(
            rows=rows,
            product_ids=product_ids,
            parents=[families_of.get(i, ("", "")) for i in rows] if families_of else [("", "")] * len(rows),
        )
        ids = insert.insert(wanted=self.want, new=new, terms=self.job.terms)
        self.applied.created = len(rows)
        self._listed(rows, ids)
        watchers.touched(products=ids)
        if self.checked.images:
            self.product_of.update(zip(rows, ids, strict=True))
        if there:
            self._tell_of_offers({UUID(p) for p in there.values()})

    def _families(self, rows: list[int]) -> dict[int, tuple[str, str]]:
        """Id and theme of the family that each of the rows names; what names none or an unknown one is left out."""
        if not self.job.shape.families:
            return {}
        named = [i for i in rows if self.clean["parent-sku"][i]]
        if not named:
            return {}
        found = families.resolve(seller=self.job.seller, rows=named, clean=self.clean, tell=self.tell)
        own = {i: self.here[self.skus[i]].product_id for i in found if self.skus[i] in self.here}
        families.require_different(
            found=found, own=own, skus=self.skus, attributes=self.checked.attributes, tell=self.tell
        )
        return found

    def _joined(self, rows: list[int]) -> dict[int, str]:
        """Rows that name an existing product by its ASIN or its barcode, with its id; a row that names the barcode of an
        earlier new one with `=` and that row's place among `rows`."""
        joined: dict[int, str] = {}
        asins = {self.clean["asin"][i] for i in rows if self.clean["asin"][i]}
        known: dict[str, Product] = {}
        for some in images.groups_of(sorted(asins), 500):
            known |= {
                p.asin: p for p in Product.objects.filter(asin__in=some).only("id", "asin", "product_type", "creator")
            }
        for index in rows if asins else ():
            asin = self.clean["asin"][index]
            if asin and asin not in known:
                self.tell(index, "product-id-unknown", column="product-id", sent=asin)
            elif asin:
                self._judge_joined(index, known[asin])
                joined[index] = str(known[asin].pk)
        return joined | self._joined_by_barcode([i for i in rows if i not in self.dead])

    def _joined_by_barcode(self, rows: list[int]) -> dict[int, str]:
        gtins, types = self.clean["gtin"], self.clean["product-type"]
        wanted = {gtins[i] for i in rows if gtins[i]}
        if not wanted:
            return {}
        locks.barcodes(wanted)
        known = products_with_barcodes(wanted)
        joined: dict[int, str] = {}
        first: dict[str, int] = {}
        for index in rows:
            gtin = gtins[index]
            if not gtin:
                continue
            if gtin in known:
                pk, asin, kind = known[gtin]
                of_type, joins = kind, str(pk)
            elif gtin in first:
                of_type, joins, asin = types[first[gtin]], f"={first[gtin]}", self.skus[first[gtin]]
            else:
                first[gtin] = index
                continue
            if types[index] not in ("", of_type):
                self.tell(index, "product-id-other-type", column="product-id", sent=gtin, other=asin, type=of_type)
            else:
                if gtin in known and restrictions.is_judged(all_types()[of_type]):
                    self._judge_joined(index, Product.objects.get(pk=known[gtin][0]))
                joined[index] = joins
        return joined

    def _tell_of_offers(self, product_ids: set[UUID]) -> None:
        """Search and lists of products that have an offer more, or one less."""
        image_status.refresh(product_ids)
        documents.refresh(product_ids)

    def _change(self, changes: list[Change]) -> None:
        if not changes:
            return
        if self.job.shape.families:
            named = self._families([c.index for c in changes])
            for each in changes:
                blank = self.clean["operation"][each.index] == "update" and not self.clean["parent-sku"][each.index]
                each.parent = ("", "") if blank else named.get(each.index)
            changes = [c for c in changes if c.index not in self.dead]
        outcome = change(wanted=self.want, changes=changes, terms=self.job.terms, actor=self.job.actor, tell=self.tell)
        self.applied.changed += outcome.changed
        self.applied.same += outcome.same

    def _delete(self, gone: list[int]) -> None:
        """Ends the offers. Their units stay counted and their pictures stay with the product, as by hand."""
        found = {index: self.here[self.skus[index]] for index in gone if self.skus[index] in self.here}
        for index in gone:
            if index not in found:
                self.tell(index, "sku-unknown", column="sku")
        ending = [o for o in locks.offers([UUID(p.offer_id) for p in found.values()]) if o.status == "active"]
        at = self.job.terms.at
        if ending:
            Offer.objects.filter(pk__in=[o.pk for o in ending]).update(status="closed", updated_at=at)
            history.record_all(
                history.build(actor=self.job.actor, verb="offer.closed", subject=o, why=self.job.terms.cause, at=at)
                for o in ending
            )
            self._tell_of_offers({o.product_id for o in ending})
        self.applied.deleted += len(ending)
        self.applied.same += len(found) - len(ending)

    def _images(self) -> None:
        asked = [
            Asked(self.checked.numbers[index], UUID(self.product_of[index]), variant, url)
            for index, by_variant in self.checked.images.items()
            if index not in self.dead and index in self.product_of
            for variant, url in by_variant.items()
        ]
        self.applied.images = images.submit(
            seller=self.job.seller,
            asked=asked,
            batch_id=self.job.batch_id,
            actor=self.job.actor,
            refetch=self.job.refetch,
            at=self.job.terms.at,
        )


__all__ = ["Applied", "Job", "Wanted", "apply", "prepare_connection"]
