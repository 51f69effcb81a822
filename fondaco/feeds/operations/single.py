"""One message, at once: what a program writes about a single listing goes the way of a record of a feed.

Same check, same writing, same words; only nobody waits for a batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from fondaco.catalogue.operations.offers import require_active
from fondaco.engine import clock
from fondaco.feeds import json_feed
from fondaco.feeds.check import Checker
from fondaco.feeds.columns import ATTRIBUTE, CLEAR, COLUMNS
from fondaco.feeds.context import attribute_names, context_for
from fondaco.feeds.encoding import UTF8
from fondaco.feeds.errors import Issue, fault
from fondaco.feeds.load import apply as load
from fondaco.feeds.load.apply import Applied, Job
from fondaco.feeds.load.families import write_parents
from fondaco.feeds.load.insert import Terms
from fondaco.feeds.load.wanted import Shape
from fondaco.feeds.operations.running import TRIES_IN_A_ROW
from fondaco.feeds.table import Layout, Rows
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of the message. `unknown` are attributes that nothing here uses."""

    issues: list[Issue] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    applied: Applied = field(default_factory=Applied)

    @property
    def is_accepted(self) -> bool:
        """Whether nothing stopped it."""
        return not any(fault(each.fault).stops_row for each in self.issues)


class _Preview(Exception):
    """Leaves the transaction of a preview."""


def apply_message(
    caller: Caller, *, message: Mapping[str, Any], store: str, submission_id: UUID, preview: bool = False
) -> Outcome:
    """Check one message of a listings feed and, unless it is a `preview`, write it. `message` has the feed's shape.

    Faults are issues, not exceptions. Raises SellerRequired, Denied, SellerNotActive.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    require_active(seller)
    reading = json_feed.Reading(messages=1)
    own = attribute_names()
    cells = next(json_feed.one_row(message, reading, own), None)
    if cells is None:
        return Outcome(issues=reading.issues)
    keys = (*(c.key for c in COLUMNS), *(ATTRIBUTE + name for name in sorted(own)))
    row = [cells.get(key, "") for key in keys]
    layout = Layout(width=len(keys), places={key: n for n, key in enumerate(keys)})
    at = clock.now()
    context = context_for(store=store, encoding=UTF8, at=at)
    rows = Rows(cells=[row], numbers=[1], plain=False, issues=[], clears=CLEAR in row)
    checked = Checker(layout=layout, context=context).check(rows)
    issues = [*reading.issues, *checked.issues]
    outcome = Outcome(issues=issues, unknown=tuple(i.column for i in reading.issues))
    if not len(checked):
        return outcome
    shape = Shape.of(layout.places)
    terms = Terms(
        seller_id=str(seller.pk), store=store, currency=context.currency, cause=f"submission {submission_id}", at=at
    )
    job = Job(seller=seller, batch_id=submission_id, shape=shape, terms=terms, actor=caller)
    is_parent = bool(checked.columns["parentage"][0] == "parent")
    for attempt in range(TRIES_IN_A_ROW):
        try:
            with transaction.atomic():
                if is_parent:
                    created, changed, same = write_parents(
                        seller=seller, checked=checked, shape=shape, terms=terms, actor=caller
                    )
                    outcome.applied = Applied(created=created, changed=changed, same=same)
                else:
                    outcome.applied = load.apply(job=job, checked=checked)
                if preview:
                    raise _Preview
            break
        except _Preview:
            break
        except IntegrityError:
            # Another transaction took the SKU at the same moment: the next try finds its row.
            if attempt == TRIES_IN_A_ROW - 1:
                raise
        except OperationalError as error:
            if "deadlock" not in str(error) or attempt == TRIES_IN_A_ROW - 1:
                raise
    outcome.issues = [*issues, *outcome.applied.issues]
    return outcome
