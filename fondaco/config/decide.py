"""`fondaco decide refund|return|promise|badge FACTS.json`: the pure rules, without a database.

Facts in, decision out as JSON: amounts in minor units, reasons and clauses. `--schema` prints the JSON Schema of the
facts, `--policy FILE` overrides policy values by name. A refusal is an answer too: `{"refused": code, …}`, exit 0.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic import dataclasses as pydantic_dataclasses

from fondaco.fulfilment.rules.badge import BadgeFacts, BadgePolicy, badge
from fondaco.fulfilment.rules.promise import PromiseFacts, PromisePolicy, promise
from fondaco.kit.calendar import instant_of, zone
from fondaco.kit.errors import Refusal
from fondaco.returns.rules.authorise import ReturnFacts, decide_return
from fondaco.returns.rules.reasons import read_reason
from fondaco.returns.rules.refund import Grade, RefundFacts, RefundPolicy, UnitFacts, plan_refund
from fondaco.returns.rules.window import Window, window

_STRICT = ConfigDict(extra="forbid")


@pydantic_dataclasses.dataclass(config=_STRICT)
class WindowInput:
    """Either `last_day` as it stands, or delivery and length, counted in the zone of the return address.

    A `delivered_at` without an offset is read in that zone; one that a clock change skips is refused.
    """

    delivered_at: datetime | None = None
    days: int = 30
    zone: str = "America/Chicago"
    extended_to: date | None = None
    last_day: date | None = None

    def window(self) -> Window:
        if self.delivered_at is not None:
            at = instant_of(self.delivered_at, zone(self.zone))
            return window(delivered_at=at, days=self.days, zone=self.zone, extended_to=self.extended_to)
        return Window(date.min, self.last_day or date.max)


@pydantic_dataclasses.dataclass(config=_STRICT)
class UnitInput:
    """One unit of the parcel. `reason` is a key of Table C or its number."""

    reason: str | int
    price_minor: int
    tax_minor: int = 0
    categories: frozenset[str] = frozenset()
    grade: Grade | None = Grade.ORIGINAL
    photo: bool = False
    deduct_pct: int = 0
    unit: str = ""
    shipping_minor: int = 0
    refunded_before_minor: int = 0


@pydantic_dataclasses.dataclass(config=_STRICT)
class RefundInput:
    """A parcel that came back."""

    window: WindowInput
    received_on: date
    units: list[UnitInput]
    currency: str = "USD"
    label_minor: int = 0
    accepted_on: date | None = None


@pydantic_dataclasses.dataclass(config=_STRICT)
class ReturnInput:
    """A request to send one unit back."""

    reason: str | int
    requested_on: date
    window: WindowInput | None = None
    categories: frozenset[str] = frozenset()
    hazmat_class: str = "none"
    hazmat_exception: bool = False
    accepted_by_cs: bool = False
    is_prime: bool = True
    not_returnable: bool = False


def _refund(given: RefundInput, policy: dict[str, Any]) -> Any:
    units = [UnitFacts(**{**_fields(u), "reason": read_reason(u.reason)}) for u in given.units]
    facts = RefundFacts(
        given.currency, given.window.window(), given.received_on, units, given.label_minor, given.accepted_on
    )
    return plan_refund(facts, _policy(RefundPolicy, policy))


def _return(given: ReturnInput, policy: dict[str, Any]) -> Any:
    around = given.window.window() if given.window else None
    facts = ReturnFacts(**{**_fields(given), "reason": read_reason(given.reason), "window": around})
    allowed: dict[str, Any] = {
        k: frozenset(policy[k]) for k in ("blocked_classes", "free", "buyer_paid") if k in policy
    }
    if "auto_authorise" in policy:
        allowed["auto_authorise"] = bool(policy["auto_authorise"])
    return decide_return(facts, **allowed)


def _promise(given: PromiseFacts, policy: dict[str, Any]) -> Any:
    return promise(given, _policy(PromisePolicy, policy))


def _badge(given: BadgeFacts, policy: dict[str, Any]) -> Any:
    return badge(given, _policy(BadgePolicy, policy))


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule takes and the function that decides."""

    facts: Any
    decide: Callable[[Any, dict[str, Any]], Any]
    example: dict[str, Any] = field(default_factory=dict)


RULES = {
    "refund": Rule(RefundInput, _refund),
    "return": Rule(ReturnInput, _return),
    "promise": Rule(PromiseFacts, _promise),
    "badge": Rule(BadgeFacts, _badge),
}


def run(argv: list[str]) -> int:
    """Print one JSON object; exit 0 for a decision or a refusal, 2 for facts that cannot be read."""
    parser = argparse.ArgumentParser(prog="fondaco decide")
    parser.add_argument("rule", choices=RULES)
    parser.add_argument("facts", nargs="?", help="a JSON file, or - for standard input")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the facts")
    parser.add_argument("--policy", type=Path, help="a JSON object of policy values by name")
    options = parser.parse_args(argv)
    rule = RULES[options.rule]
    if options.schema:
        return _print(TypeAdapter(rule.facts).json_schema())
    if options.facts is None:
        parser.error("give a file with the facts, or --schema")
    try:
        text = sys.stdin.read() if options.facts == "-" else Path(options.facts).read_text(encoding="utf-8")
        given = TypeAdapter(rule.facts).validate_json(text)
        policy = json.loads(options.policy.read_text(encoding="utf-8")) if options.policy else {}
        answer = rule.decide(given, policy)
    except Refusal as no:
        return _print(
            {"refused": no.CODE, "words": str(no), "fix": no.FIX, "clause": no.CLAUSE, "facts": dict(no.facts)}
        )
    except (OSError, ValidationError, ValueError, TypeError) as fault:
        sys.stderr.write(f"fondaco decide: {fault}\n")
        return 2
    return _print(plain(answer))


def plain(value: Any) -> Any:
    """JSON values from a decision: dataclasses as objects, dates as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value


def _fields(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}


def _policy(kind: Any, given: dict[str, Any]) -> Any:
    return TypeAdapter(kind).validate_python(given)


def _print(value: Any) -> int:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    return 0
