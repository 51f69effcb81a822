"""Labels as files. Other domains answer with `file_of` for people who see a label by another right."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from fondaco.fulfilment.documents.label import FORMATS
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.operations.printing import print_label
from fondaco.fulfilment.queries.labels import label_for
from fondaco.sellers.access import Request
from fondaco.web.access import signed_in


@signed_in
def label_file(request: Request, label_id: UUID, form: str) -> HttpResponse:
    """A label of one's own seller account (any, for customer service)."""
    return file_of(label_for(request.caller, label_id), form=form, actor=request.caller)


def file_of(label: Label, *, form: str, actor: object) -> HttpResponse:
    """The answer with this label's file. The caller has been let through to the label."""
    data = print_label(label, form=form, actor=actor)
    made = FORMATS[form]
    response = HttpResponse(data, content_type=made.mime)
    name = f"label-{label.tracking_number}.{made.extension}"
    # PDF and PNG open in the browser, where one prints; a printer's own language is downloaded.
    response["Content-Disposition"] = content_disposition_header(made.extension == "zpl", name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
