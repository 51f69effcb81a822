"""The tokens with which a person's programs call the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fondaco.kit.errors import Refusal
from fondaco.sellers import operations, queries
from fondaco.sellers.access import Request
from fondaco.sellers.web.back import form_page
from fondaco.sellers.web.forms import OnceForm
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with


class TokenForm(OnceForm):
    """What the token is for, and in whose name it acts."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=60,
        help_text=gettext_lazy("For example: stock program, office"),
    )
    acts_as = forms.ChoiceField(label=gettext_lazy("Acts for"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acts_as"] = forms.ChoiceField(label=gettext_lazy("Acts for"), choices=choices)


@signed_in
def listing(request: Request) -> HttpResponse:
    """Tokens that work, and the form for another one. A new secret is shown on this answer only."""
    caller = request.caller
    accounts = {m.seller.number: m.seller for m in caller.memberships}
    choices = [(number, str(seller)) for number, seller in accounts.items()]
    choices += [("staff", _("My roles as staff"))] if caller.is_staff else []
    form = TokenForm(request.POST or None, choices=choices)
    secret = None
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = operations.make_token(
                caller,
                name=form.cleaned_data["name"],
                seller=accounts.get(form.cleaned_data["acts_as"]),
                request_key=form.key,
            )
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            if secret is None:
                messages.info(request, _("The token %(name)s was made already.") % {"name": token.name})
                return redirect("sellers:tokens")
    context = {"tokens": queries.tokens_of(caller), "secret": secret, "may_make": bool(choices)}
    form = TokenForm(choices=choices) if secret else form
    response = form_page(request, "sellers/tokens.html", form=form, **context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def withdraw(request: Request, token_id: str) -> HttpResponse:
    """It stops working at once."""
    operations.withdraw_token(request.caller, token_id)
    messages.success(request, _("The token is withdrawn. Programs that use it are refused from now on."))
    return redirect("sellers:tokens")
