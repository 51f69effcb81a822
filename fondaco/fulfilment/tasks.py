"""Fulfilment's tasks: load by id, call one operation."""

from __future__ import annotations

from uuid import UUID

from fondaco.engine import clock
from fondaco.engine.sweeps import sweep
from fondaco.engine.tasks import job, nudge
from fondaco.fulfilment.carriers.port import CarrierSilent
from fondaco.fulfilment.operations import items, labels, standing, tracking, views
from fondaco.fulfilment.queries.labels import labels_to_look_at, open_questions
from fondaco.fulfilment.queries.standing import to_evaluate, trials_to_judge


@job(queue="fast")
def ask_carrier(label_id: str) -> None:
    """Buy or void a label. Without an answer the row says when to ask again."""
    try:
        labels.ask_carrier(label_id=UUID(label_id))
    except CarrierSilent:
        pass


@job(queue="default")
def look_at_tracking(label_id: str) -> None:
    """Where is the parcel? Without an answer we look again at the next turn."""
    try:
        tracking.look_at_tracking(label_id=UUID(label_id))
    except CarrierSilent:
        pass


@sweep
def open_label_questions() -> None:
    """Labels whose carrier was never asked, or never answered."""
    for label_id in open_questions(at=clock.now()):
        nudge(ask_carrier, str(label_id))


@sweep
def parcels_on_their_way() -> None:
    """Parcels whose carrier may have something new to say."""
    for label_id in labels_to_look_at(at=clock.now()):
        nudge(look_at_tracking, str(label_id))


@job(queue="default")
def keep_item_in_step(offer_id: str) -> None:
    """Suspend or restore one enrolled offer as its stock and dates are now."""
    items.step(offer_id=UUID(offer_id))


@sweep
def keep_items_in_step() -> None:
    """What no watcher saw: stock from files, restock dates that have come."""
    for offer_id in items.out_of_step(at=clock.now()):
        nudge(keep_item_in_step, str(offer_id))


@job(queue="default")
def judge_trial(trial_id: str) -> None:
    """Passed or failed."""
    standing.judge_trial(trial_id=UUID(trial_id))


@job(queue="default")
def evaluate_enrolment(enrolment_id: str) -> None:
    """Today's look at one seller's rates."""
    standing.evaluate(enrolment_id=UUID(enrolment_id))


@sweep
def trials_over() -> None:
    """Trials whose last day has passed."""
    for trial_id in trials_to_judge(at=clock.now()):
        nudge(judge_trial, str(trial_id))


@sweep
def enrolments_of_the_day() -> None:
    """Eligibility is evaluated daily (B-PRIME-12)."""
    for enrolment_id in to_evaluate(at=clock.now()):
        nudge(evaluate_enrolment, str(enrolment_id))


@sweep
def old_promise_views() -> None:
    """Counts of page views are kept for a season (B-PRIME-06)."""
    views.forget_old(at=clock.now())
