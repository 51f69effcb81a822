"""Printing: the file of a label, and the note that it was printed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.fulfilment.documents.label import FORMATS, render
from fondaco.fulfilment.models import Label, LabelStep
from fondaco.fulfilment.rules.labels import Step
from fondaco.kit.errors import NotFound, Refusal


class LabelNotPrintable(Refusal):
    CODE = "label_not_printable"
    WORDS = N_("Only a bought label that is not voided can be printed.")
    FIX = N_("Wait for the carrier’s answer, or buy another label.")


def print_label(label: Label, *, form: str, actor: Any = None) -> bytes:
    """The file in one of `FORMATS`; the first print is noted. Ask for access first. Raises LabelNotPrintable."""
    if form not in FORMATS:
        raise NotFound
    if not label.is_usable:
        raise LabelNotPrintable
    data = render(label, FORMATS[form])
    if not label.steps.filter(step=Step.PRINTED).exists():
        with transaction.atomic():
            _row, is_first = LabelStep.objects.get_or_create(
                label=label, step=Step.PRINTED, defaults={"at": clock.now(), "note": form}
            )
            if is_first:
                history.record(actor=actor, verb="label.printed", subject=label, about={"format": form})
    return data
