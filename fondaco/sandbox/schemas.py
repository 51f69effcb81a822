"""What the control API takes and tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class Body(Schema):
    """A body in which a misspelt name is an error."""

    model_config = ConfigDict(extra="forbid")


class Seller(Schema):
    id: str
    name: str
    country: str
    refresh_token: str


class Store(Schema):
    """What the sandbox was started with, and what time it is there."""

    seed: str
    store: str
    now: datetime
    clock: Literal["stands", "runs"]
    client_id: str
    client_secret: str
    seller: str = Field(description="The key of the seller whose refresh token was printed.")
    sellers: dict[str, Seller]
    buyers: list[str]
    image_host: str
    snapshots: list[str]


class Clock(Schema):
    now: datetime
    clock: Literal["stands", "runs"]
    tasks: int = Field(default=0, description="How many tasks ran.")


class SetClock(Body):
    """`at` lets time pass until then; `runs` lets the clock run, or stand."""

    at: datetime | None = None
    runs: bool | None = None


class Advance(Body):
    """Added up; every field may be left out."""

    days: float = Field(default=0, ge=0, le=3700)
    hours: float = Field(default=0, ge=0, le=90000)
    minutes: float = Field(default=0, ge=0, le=1_000_000)
    seconds: float = Field(default=0, ge=0, le=100_000_000)


class Item(Body):
    sku: str = Field(max_length=200)
    quantity: int = Field(default=1, ge=1, le=999)
    speed: str = Field(default="", max_length=20, description="Empty: the cheapest.")


class NewOrder(Body):
    items: list[Item] = Field(min_length=1, max_length=50)
    buyer: str = Field(default="prime-buyer", description="`prime-buyer` lives in Ohio, `buyer` in Alaska.")
    seller_id: str = Field(default="", max_length=20, description="Empty: the seller whose refresh token was printed.")


class OrderItem(Schema):
    id: str
    sku: str
    title: str
    quantity: int


class ParcelOf(Schema):
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None


class OrderTold(Schema):
    number: str
    status: str
    buyer: str
    seller_id: str
    placed_at: datetime
    is_prime: bool
    items: list[OrderItem]
    parcels: list[ParcelOf]


class NewScan(Body):
    kind: Literal["accepted", "in_transit", "out_for_delivery", "delivered", "exception", "delayed", "lost"]
    place: str = Field(default="", max_length=120)


class NewReturn(Body):
    reason: str = Field(default="NO_LONGER_NEEDED", max_length=40)
    comment: str = Field(default="", max_length=1000)


class ReturnTold(Schema):
    number: str
    order: str
    acceptance: str
    tracking_number: str = Field(description="Of the return's label; empty without one.")
    delivered_at: datetime | None


class NewMessage(Body):
    text: str = Field(min_length=1, max_length=4000)
    subject: Literal[
        "product_question", "product_defect", "shipping_damage", "mismatched_product", "proof_of_purchase",
        "customisation", "delivery", "return", "invoice", "other",
    ] = "other"  # fmt: skip


class Conversation(Schema):
    number: str


class NewFault(Body):
    """From now on pictures whose path begins with `path` fail like `/kind/…`, so often or until they are healed."""

    kind: str = Field(max_length=40)
    path: str = Field(default="/", max_length=400)
    times: int | None = Field(default=None, ge=1, le=10_000)


class Fault(Schema):
    path: str
    kind: str
    left: int | None


class Asked(Schema):
    method: str
    path: str
    status: int


class ImageHostTold(Schema):
    url: str
    kinds: list[str]
    faults: list[Fault]
    requests: list[Asked]


class Mail(Schema):
    to: list[str]
    subject: str
    text: str
    created_at: datetime


class Notice(Schema):
    """A notification to a destination: `waiting`, `sent` or `dead`."""

    id: str
    kind: str
    destination: str
    state: str
    attempts: int
    last_error: str
    body: Any
    created_at: datetime


class Allowed(Body):
    """A server of the test's own on this machine, from which pictures may then come."""

    port: int = Field(ge=1, le=65535)


class Snapshots(Schema):
    snapshots: list[str]
