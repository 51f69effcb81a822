"""What the pages of feeds show, made ready for the templates: words, tones, steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco.feeds import words
from fondaco.feeds.models import Batch
from fondaco.feeds.queries import Standing
from fondaco.feeds.rules import BatchState, Stage
from fondaco.web import dates

STATES = {
    BatchState.REQUEST_SUBMITTED: (N_("Request submitted"), "neutral"),
    BatchState.IN_PROGRESS: (N_("In progress"), "progress"),
    BatchState.DONE: (N_("Done"), "good"),
    BatchState.FATAL: (N_("Not accepted"), "bad"),
    BatchState.CANCELLED: (N_("Cancelled"), "neutral"),
}
STAGES = {
    Stage.PARSE: N_("Read the file"),
    Stage.CHECK: N_("Check records"),
    Stage.UPSERT: N_("Write listings"),
    Stage.FETCH: N_("Fetch pictures"),
    Stage.INSPECT: N_("Inspect pictures"),
    Stage.PUBLISH: N_("Publish pictures"),
    Stage.REPORT: N_("Report"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A batch in the list of uploads."""

    batch: Batch
    state: str
    tone: str
    result: str


def row_of(batch: Batch) -> Row:
    """One line of the list."""
    label, tone = state_of(batch)
    return Row(batch, label, tone, result_of(batch))


def state_of(batch: Batch) -> tuple[str, str]:
    """The state in words, and its tone: a batch that is done with errors is not simply good."""
    label, tone = STATES[BatchState(batch.state)]
    if batch.state == BatchState.DONE and batch.errors:
        tone = "warn" if batch.successful else "bad"
    return _(label), tone


def result_of(batch: Batch) -> str:
    """Records processed, successful and with errors (SPEC 1.7, "Feed")."""
    if batch.is_open:
        return ""
    if batch.state == BatchState.FATAL:
        return _("The file was not used.")
    return _("%(processed)s records processed, %(successful)s successful, %(wrong)s with errors") % {
        "processed": dates.number(batch.processed),
        "successful": dates.number(batch.successful),
        "wrong": dates.number(batch.processed - batch.successful),
    }


def steps(standing: Standing) -> list[dict[str, str]]:
    """The stages for `web/components/steps.html`. The first stage that is not complete is the one at work."""
    batch, made, found_now = standing.batch, [], False
    for progress in standing.stages:
        state = "done" if progress.is_complete else "todo"
        if batch.state == BatchState.FATAL:
            state = "bad" if progress.stage is Stage.PARSE else "done" if progress.stage is Stage.REPORT else "todo"
        elif batch.state == BatchState.CANCELLED:
            state = "done" if progress.is_complete and progress.total else "todo"
        elif not progress.is_complete and not found_now:
            state, found_now = "now", True
        elif found_now and not progress.is_complete:
            state = "todo"
        elif found_now:
            state = "todo" if progress.total == 0 or progress.done == 0 else state
        note = ""
        if progress.total and progress.stage not in (Stage.REPORT, Stage.PARSE):
            note = f"{dates.number(progress.done)} / {dates.number(progress.total)}"
        made.append({"label": _(STAGES[progress.stage]), "state": state, "note": note})
    return made


def bar(standing: Standing) -> dict[str, Any] | None:
    """Label, value and maximum of the one bar that moves; None when nothing does."""
    if not standing.batch.is_open:
        return None
    for progress in standing.stages:
        if not progress.is_complete:
            if progress.stage in (Stage.PARSE, Stage.REPORT) or not progress.total:
                return {"label": _(STAGES[progress.stage]), "value": None, "max": None}
            return {"label": _(STAGES[progress.stage]), "value": progress.done, "max": progress.total}
    return {"label": _(STAGES[Stage.REPORT]), "value": None, "max": None}


def stats(standing: Standing) -> list[dict[str, Any]]:
    """The counts of a batch for `web/components/stats.html`."""
    wrong = standing.with_errors
    made: list[dict[str, Any]] = [
        {"label": _("Records processed"), "value": dates.number(standing.processed)},
        {
            "label": _("Successful"),
            "value": dates.number(standing.successful),
            "tone": "good" if standing.successful else "",
        },
        {"label": _("With errors"), "value": dates.number(wrong), "tone": "bad" if wrong else ""},
        {"label": _("New listings"), "value": dates.number(standing.created)},
        {"label": _("Changed"), "value": dates.number(standing.changed)},
        {"label": _("Already the same"), "value": dates.number(standing.same)},
    ]
    if standing.deleted:
        made.append({"label": _("Ended"), "value": dates.number(standing.deleted)})
    if standing.images_total:
        value = f"{dates.number(standing.images_settled)} / {dates.number(standing.images_total)}"
        made.append({"label": _("Pictures inspected"), "value": value})
    return made


def kinds(counted: Iterable[dict[str, Any]], *, current: str) -> list[dict[str, Any]]:
    """What was found how often, as choices of the filter."""
    return [
        {
            "code": row["code"],
            "title": words.title_of(row["code"], row["fault"]),
            "type": row["type"],
            "type_words": words.type_words(row["type"]),
            "count": row["count"],
            "is_current": row["code"] == current,
        }
        for row in counted
    ]
