"""What the imaging endpoints take and give. Output has no defaults."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class MoneyOut(Schema):
    """An amount in whole minor units."""

    minor: int
    currency: str


class QuoteOut(Schema):
    """What ordering would cost, or why it cannot be done; a look without obligation."""

    asin: str
    price: MoneyOut | None = Field(description="Null when the category has no price.")
    can_order: bool
    refusal_code: str = Field(description="Empty when it can be ordered.")
    refusal_words: str
    refusal_fix: str
    is_only_unit: bool = Field(description="The product cannot be sold during imaging.")
    open_order: str = Field(description="Id of the open order for this product, or empty.")
    accepts_styling: bool = Field(description="Whether an order may carry styling notes.")
    accepts_model: bool = Field(description="Whether an order may wish for a model.")


class OrderIn(Schema):
    """One product to be photographed."""

    asin: str = Field(min_length=10, max_length=10)
    styling: str = Field(default="", max_length=1000, description="Only where the quote says that it is accepted.")
    model: str = Field(default="", max_length=8, description="woman, man, child; only where the quote accepts it.")


class MovementOut(Schema):
    """One leg of the unit's way."""

    leg: str
    to: str
    at: datetime
    unscanned: bool


class OrderOut(Schema):
    """An imaging order."""

    id: str
    label: str
    asin: str
    title: str
    state: str = Field(
        description="ORDER_PLACED, RECEIVED_AT_STUDIO, IMAGING_COMPLETE, BILLED, CANCELLED, NOT_PHOTOGRAPHED"
    )
    state_label: str = Field(description="In the caller's language.")
    where: str = Field(description="Where the unit is.")
    exit: str = Field(description="Why it was not photographed, or empty.")
    price: MoneyOut
    no_model: bool
    placed_at: datetime
    received_at: datetime | None
    estimated_on: date | None
    is_delayed: bool
    published_at: datetime | None
    billed_at: datetime | None
    cancellation: str = Field(description="requested, accepted, refused, or empty.")


class OrderDetail(OrderOut):
    """With the unit's way and the rights of its pictures."""

    movements: list[MovementOut]
    rights: list[RightsOut]


class RightsOut(Schema):
    """Rights of one published picture. No file is offered."""

    image_id: str
    slot: str
    owner: str
    has_model: bool
    offsite_use: bool
    ends_on: date | None
    deleted_at: datetime | None
    offsite_withdrawn_at: datetime | None
    withdrawn_at: datetime | None


class BatchIn(Schema):
    """Products to order imaging for, at once."""

    asins: list[str] = Field(min_length=1, max_length=50_000)


class BatchOut(Schema):
    """How far a list has been worked off."""

    id: str
    lines: int
    ordered: int
    refused: int
    waiting: int
    is_done: bool
    at: datetime


class BatchLineOut(Schema):
    """One line of a list."""

    number: int
    asin: str
    state: str
    order: str = Field(description="Id of the order, or empty.")
    refusal_code: str


class LabelIn(Schema):
    """A transfer label, as scanned or typed."""

    label: str = Field(max_length=40)


class PickIn(LabelIn):
    """The label, and the code of the product in hand."""

    scanned: str = Field(max_length=80)


class DispatchIn(Schema):
    """Labels of the units that leave together."""

    labels: list[str] = Field(min_length=1, max_length=500)


class HarmIn(LabelIn):
    """What happened to the unit."""

    is_loss: bool


class HarmOut(Schema):
    """Whether it is reimbursed."""

    amount: MoneyOut
    excluded: list[str] = Field(description="Categories for which damage is not reimbursed.")


class JobIn(Schema):
    """Decisions of the job sheet; what is left out stays."""

    shoot_with: str | None = Field(default=None, description="model or tabletop")
    research: str | None = Field(default=None, max_length=5000)


class ShotOut(Schema):
    """A photograph and the studio profile's answer."""

    id: str
    number: int
    verdict: str
    findings: list[str] = Field(description="Codes.")
    has_model: bool
    is_passed: bool
    flaws: list[str]


class EditOut(Schema):
    """A try at retouching, measured against the photograph on the product alone."""

    id: str
    mean_delta_e: float
    p95_delta_e: float
    overlap: float = Field(description="Of the outlines, 0 to 1.")
    is_known: bool = Field(description="False where product and ground could not be told apart.")
    faults: list[str] = Field(description="What is beyond the limits: colour, outline.")
    verdict: str
    is_final: bool = Field(description="It is what would be published.")


class MendOut(Schema):
    """Something that can be set right without a new photograph."""

    kind: str
    title: str
    can_be_tried: bool


class MendsIn(Schema):
    """Kinds of the proposed mends to try together."""

    kinds: list[str] = Field(min_length=1, max_length=20)


class FlawIn(Schema):
    """What the picture changes in the product."""

    fault: str = Field(description="colour or outline")


class SizeIn(Schema):
    """What does not fit."""

    note: str = Field(min_length=1, max_length=1000)


OrderDetail.model_rebuild()
