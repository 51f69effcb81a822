"""The seller disputes the reason of a unit, with photographs, before customer service (Q-25, Q-32)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco.kit.errors import NotFound, Refusal
from fondaco.returns.models import ReturnUnit
from fondaco.returns.operations.dispute import dispute
from fondaco.returns.queries.access import return_of_seller
from fondaco.returns.web import words
from fondaco.returns.web.forms import DisputeForm
from fondaco.sellers.access import Request
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


@require_seller
def page(request: Request, number: str, unit: int) -> HttpResponse:
    """The form, and what became of earlier disputes of the unit."""
    row = return_of_seller(request.caller, number)
    found = (
        ReturnUnit.objects.filter(parcel=row, number=unit).select_related("unit__item__product__main_picture").first()
    )
    if found is None:
        raise NotFound
    form = DisputeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            dispute(request.caller, number=number, unit=unit, text=form.cleaned_data["text"], photos=form.new_photos())
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The dispute is filed. Customer service decides; the time to refund goes on."))
            return redirect("returns:dispute", number, unit)
    earlier = list(found.disputes.select_related("author", "decided_by").order_by("-filed_at"))
    context = {
        "row": row,
        "unit": found,
        "item": found.unit.item,
        "form": form,
        "reason": words.reason(found.reason),
        "photos": list(found.photos.select_related("picture")),
        "earlier": [(each, words.DISPUTES[each.state], words.DISPUTE_TONES[each.state]) for each in earlier],
        "is_open": any(each.state == "filed" for each in earlier),
        "trail": [
            (_("Returns"), reverse("returns:seller_list")),
            (row.number, reverse("returns:seller_return", args=[row.number])),
            (_("Dispute"), ""),
        ],
    }
    return render(request, "returns/dispute.html", context, status=422 if form.is_bound and form.errors else 200)
