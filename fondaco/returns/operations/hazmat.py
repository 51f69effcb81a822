"""Disputes about a hazard class, classes that support clears, and returns that a class blocks (PRIME-50, Q-33)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fondaco import history, policy
from fondaco.cases import operations as cases
from fondaco.cases.models import Case
from fondaco.cases.queries import case_for
from fondaco.cases.rules import CaseType, Outcome
from fondaco.catalogue.models import Product
from fondaco.catalogue.operations import set_hazmat_class
from fondaco.engine import clock
from fondaco.kit.calendar import end_of_day, local_date
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.text import paragraphs
from fondaco.returns import mail, refusals
from fondaco.returns.keeping import keep, terms_of
from fondaco.returns.locks import hold
from fondaco.returns.models import HazmatClearing, HazmatDispute, Return, ReturnUnit
from fondaco.returns.operations.decide import NOTE_LIMIT, void_label_of
from fondaco.returns.rules import life
from fondaco.returns.rules.hazmat import Point, Sheet, SheetRule, check_sheet, is_young_enough
from fondaco.returns.terms import calendar_of, terms_for
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role


class NotHazardous(Refusal):
    CODE = "product_not_hazardous"
    WORDS = refusals.N_("This product is not classed as hazardous.")
    CLAUSE = "PRIME-50"


class SheetNotGood(Refusal):
    CODE = "hazmat_document_not_enough"
    STATUS = 422
    WORDS = refusals.N_("The document does not meet every point: %(points)s.")
    FIX = refusals.N_("Ask the seller for another one, or clear the class all the same and say why.")
    CLAUSE = "B-PRIME-26"


def sheet_rules(store: str, *, at: datetime) -> list[SheetRule]:
    """The documents that policy accepts."""
    rows = policy.value("hazmat.dispute.documents", store, at=at).value
    return [SheetRule(r["code"], r.get("max_age_years"), r.get("sections"), r["names_must_match"]) for r in rows]


def dispute_of(case: Case) -> HazmatDispute:
    """The dispute behind a case, with its due times; written when it is first asked for. Raises NotFound."""
    if case.type != CaseType.HAZMAT_DISPUTE:
        raise NotFound
    product = Product.objects.filter(asin=case.contents.get("asin", "")).first()
    if product is None:
        raise NotFound(what="product")
    store = case.seller.store if case.seller else policy.DEFAULT
    zone = policy.store_of(store).zone
    opened = local_date(case.created_at, zone)
    days = calendar_of(store, at=case.created_at).days
    times = {
        name: end_of_day(days.add(opened, policy.value(key, store, at=case.created_at).value), zone)
        for name, key in (("review_by", "hazmat.dispute.review_days"), ("supply_by", "hazmat.dispute.supply_days"))
    }
    return HazmatDispute.objects.get_or_create(case=case, defaults={"product": product, **times})[0]


def points_of(case: Case, product: Product, *, sections: int | None = None, at: datetime) -> list[Point]:
    """What the document that came with the case meets. Empty: there is none."""
    contents: Mapping[str, Any] = case.contents
    if not contents.get("document"):
        return []
    issued = contents.get("document_date")
    sheet = Sheet(
        code=contents.get("document_kind", ""),
        issued_on=date.fromisoformat(issued) if issued else None,
        product=contents.get("document_product", ""),
        brand=contents.get("document_brand", ""),
        sections=sections,
    )
    store = case.seller.store if case.seller else policy.DEFAULT
    # What counts is how old it was when it was handed in: support's own delay must not make it too old.
    opened = local_date(case.created_at, policy.store_of(store).zone)
    return check_sheet(sheet, title=product.title, brand=product.brand, rules=sheet_rules(store, at=at), today=opened)


def clear_class(
    caller: Caller, *, case_number: str, note: str, sections: int | None = None, all_the_same: bool = False
) -> HazmatClearing:
    """Support finds the product not hazardous: the class is cleared, the case closed, windows extended (Q-33).

    Again, it answers the same. Raises NotFound, Denied, WhyNeeded, NotHazardous, SheetNotGood.
    """
    person = caller.require_role(Role.SUPPORT, Role.OPERATOR)
    case = case_for(caller, case_number)
    said = paragraphs(note, limit=NOTE_LIMIT)
    if not said:
        raise refusals.WhyNeeded
    now = clock.now()
    dispute = dispute_of(case)
    with transaction.atomic():
        product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=dispute.product_id)
        if earlier := HazmatClearing.objects.filter(case=case).first():
            return earlier
        if product.hazmat_class == "none":
            raise NotHazardous
        unmet = [p.code for p in points_of(case, product, sections=sections, at=now) if not p.met]
        if unmet and not all_the_same:
            raise SheetNotGood(points=", ".join(unmet))
        store = case.seller.store if case.seller else policy.DEFAULT
        days = policy.value("hazmat.dispute.window_extension_days", store, at=now)
        made = HazmatClearing.objects.create(
            product=product,
            case=case,
            was_class=product.hazmat_class,
            note=said,
            by=person,
            decided_at=now,
            extension_days=days.value,
            policy_version=days.version,
        )
        set_hazmat_class(product_id=product.pk, hazmat_class="none", actor=caller, why=said, clause="Q-33")
        history.record(
            actor=caller,
            verb="hazmat.cleared",
            subject=case,
            about={"asin": product.asin, "was": made.was_class, "unmet": unmet},
            why=said,
            clause="Q-33",
            policy_version=days.version,
            at=now,
        )
    cases.close_case(caller, number=case.number, outcome=Outcome.SOLVED, text=said, request_key=f"hazmat:{made.pk.hex}")
    return made


def keep_class(caller: Caller, *, case_number: str, note: str) -> Case:
    """Support finds the class right: the case is declined with the reason. Raises NotFound, Denied, WhyNeeded."""
    caller.require_role(Role.SUPPORT, Role.OPERATOR)
    case = case_for(caller, case_number)
    dispute_of(case)
    said = paragraphs(note, limit=NOTE_LIMIT)
    if not said:
        raise refusals.WhyNeeded
    cases.close_case(caller, number=case.number, outcome=Outcome.DECLINED, text=said, request_key=f"keep:{case.pk.hex}")
    return case


def to_block(*, limit: int = 200) -> list[UUID]:
    """Open returns before their first scan with a product whose class stops returns now."""
    rows = ReturnUnit.objects.filter(
        is_live=True,
        place=life.Place.AT_BUYER.value,
        parcel__acceptance__in=[a.value for a in life.OPEN],
        parcel__scanned_at=None,
        unit__item__product__hazmat_class__in=["hazmat", "potential"],
    )
    return list(dict.fromkeys(rows.order_by("parcel_id").values_list("parcel_id", flat=True)[:limit]))


def block_return(*, return_id: UUID) -> Return | None:
    """Q-33: authorised and not scanned, and the class stops returns now: the label is voided, customer service contacts
    the buyer. A parcel that the carrier has goes on. None: nothing to block. Again, it changes nothing."""
    now = clock.now()
    with transaction.atomic():
        held = hold(return_id)
        terms = terms_for(held.row.store, placed_at=held.order.placed_at, requested_at=now)
        products = [(u.unit.item.product.hazmat_class, u.unit.item.asin) for u in _with_products(held.row)]
        stopped = [a for c, a in products if c in terms.blocked_classes and a not in terms.blocked_exceptions]
        moved = life.block(held.parcel)
        if not stopped or moved == held.parcel:
            return None
        keep(held, moved, at=now, terms=terms_of(held))
        void_label_of(held)
        history.record(
            actor=None,
            verb="return.blocked",
            subject=held.row,
            about={"asins": stopped},
            clause="Q-33",
            policy_version=terms.versions["return.hazmat_blocked"],
            at=now,
        )
        mail.tell_blocked(held.row)
    return held.row


def _with_products(row: Return) -> list[ReturnUnit]:
    return list(ReturnUnit.objects.filter(parcel=row).select_related("unit__item__product").order_by("number"))


def sheet_date_fits(seller: SellerAccount | None, dated: str) -> bool:
    """Whether a document of this kind and date (`safety_data_sheet:2020-05-31`) is young enough (for `cases.checks`)."""
    kind, _colon, text = dated.partition(":")
    store, now = seller.store if seller else policy.DEFAULT, clock.now()
    rule = next((r for r in sheet_rules(store, at=now) if r.code == kind), None)
    if rule is None or rule.max_age_years is None:
        return True
    today = local_date(now, policy.store_of(store).zone)
    return is_young_enough(date.fromisoformat(text), rule.max_age_years, today=today)
