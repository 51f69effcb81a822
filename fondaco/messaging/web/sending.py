"""What the pages share when a message is sent: files from the form or from uploads, and refusals put into the form."""

from __future__ import annotations

from typing import Any

from django import forms

from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.messaging import operations, wording
from fondaco.messaging.models import Conversation
from fondaco.messaging.operations import Chosen, Kept, NewFile
from fondaco.messaging.operations.errors import AttachmentsRefused, ContentBlocked, LabelsRefused, PleaseCheck
from fondaco.messaging.operations.labels import label_of_name, unlike
from fondaco.messaging.web import show
from fondaco.sellers.access import Request
from fondaco.web.forms import refuse_with


def kept_files(request: Request, files: list[Any], *, conversation: Conversation, view: str = "") -> list[Kept]:
    """The files of a plain form, judged and kept; labelled by their names."""
    now = clock.now()
    made = []
    for file in files:
        label = label_of_name(file.name) if len(files) > 1 else ""
        made.append(
            operations.keep(NewFile(file.name, file.read(), view, label), store=conversation.seller.store, at=now)
        )
    return unlike(made)


def chosen_of(request: Request) -> list[Chosen]:
    """The uploads that a capture form names: `upload`, and `label-ID`, `view-ID` of each."""
    return [
        Chosen(
            upload=pk,
            label=request.POST.get(f"label-{pk}", "").strip()[:90],
            view=request.POST.get(f"view-{pk}", "").strip()[:40],
        )
        for pk in request.POST.getlist("upload")
    ]


def refuse(form: forms.Form, refusal: Refusal) -> dict[str, Any]:
    """Put a refusal into a form; answers what the page shows beside it: reminders, reasons, files."""
    if isinstance(refusal, PleaseCheck):
        return {"reminders": [show.reminder_words(r) for r in refusal.facts["reminders"]]}
    if isinstance(refusal, ContentBlocked):
        found = [{"title": wording.BLOCKED[b["code"]], "words": b["words"]} for b in refusal.facts["blocked"]]
        refuse_with(form, refusal, "text" if "text" in form.fields else None)
        return {"blocked": found}
    if isinstance(refusal, AttachmentsRefused):
        refuse_with(form, refusal)
        return {
            "refused": [
                {"name": f["name"], "words": [show.finding_words(x) for x in f["findings"]]}
                for f in refusal.facts["files"]
            ]
        }
    refuse_with(form, refusal)
    if isinstance(refusal, LabelsRefused):
        return {"label_faults": {f["place"]: str(wording.FINDINGS[f["code"]]) for f in refusal.facts["faults"]}}
    return {}
