"""The addresses of the seller account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Request
from fondaco.sellers.models import Address
from fondaco.sellers.operations.addresses import Purpose
from fondaco.sellers.rules import Capability
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import AddressForm, address_initial
from fondaco.web.access import require_seller


@require_seller
def listing(request: Request) -> HttpResponse:
    """Every address, and which one parcels leave from and come back to."""
    caller, seller = request.caller, request.caller.require_seller()
    context = {
        "seller": seller,
        "addresses": queries.addresses_of(caller, seller),
        "may_edit": caller.may(Capability.EDIT_ACCOUNT),
    }
    return render(request, "sellers/addresses.html", context)


@require_seller
def add(request: Request) -> HttpResponse:
    """A further address."""
    seller = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    return _edit(request, AddressForm(request.POST or None, country=seller.country), _("New address"))


@require_seller
def change(request: Request, address_id: str) -> HttpResponse:
    """An address, corrected."""
    row = _own(request, address_id)
    form = AddressForm(request.POST or None, initial=address_initial(row))
    return _edit(request, form, _("Postal address"), row)


@require_POST
@require_seller
def remove(request: Request, address_id: str) -> HttpResponse:
    """Out of the list."""
    operations.remove_address(request.caller, _own(request, address_id))
    messages.success(request, _("The address is removed."))
    return redirect("sellers:addresses")


@require_POST
@require_seller
def use(request: Request, address_id: str, purpose: str) -> HttpResponse:
    """Parcels leave from here, or come back to here."""
    if purpose not in list(Purpose):
        raise NotFound
    seller = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    operations.use_address(request.caller, seller, _own(request, address_id), purpose=Purpose(purpose))
    messages.success(request, _("The address is in use."))
    return redirect("sellers:addresses")


def _edit(request: Request, form: AddressForm, title: str, row: Address | None = None) -> HttpResponse:
    if request.method == "POST" and request.POST.get("show") == "address":
        form = AddressForm(initial=request.POST.dict())
    elif request.method == "POST" and form.is_valid():
        try:
            _save(request, form, row)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The address is saved."))
            return redirect("sellers:addresses")
    return form_page(request, "sellers/address_form.html", form=form, title=title)


def _save(request: Request, form: AddressForm, row: Address | None) -> None:
    if row:
        operations.change_address(request.caller, row, address=form.address())
        return
    seller = request.caller.require_seller(Capability.EDIT_ACCOUNT)
    operations.add_address(request.caller, seller=seller, address=form.address(), request_key=form.key)


def _own(request: Request, address_id: str) -> Address:
    """An address of the account being worked in; another account's reads as not found, even one's own other one."""
    row = queries.address_for(request.caller, address_id)
    if row.seller_id != request.caller.require_seller(Capability.EDIT_ACCOUNT).pk:
        raise NotFound
    return row
