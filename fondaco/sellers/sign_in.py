"""How the sign-in library (django-allauth) is fitted to our people. The library's own pages call this."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as LibrarySignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fondaco.sellers.access import caller_for
from fondaco.sellers.models import Person
from fondaco.sellers.web.back import first_page


def display_name(person: Person) -> str:
    """What the library's pages and mails call a person."""
    return person.own_name


class SignupForm(LibrarySignupForm):
    """Name, e-mail and password. The e-mail is kept in the letter case in which it was typed (Q-43)."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def clean_email(self) -> str:
        self.email_as_typed = str(self.data.get(self.add_prefix("email"), "")).strip()  # the field itself lowers it
        return super().clean_email()

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Two registrations of one address at the same moment: the second reads what a late one would read."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class AccountAdapter(DefaultAccountAdapter):
    """People as `Person` rows; mail in the reader's language comes from the activated one."""

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        user.name = form.cleaned_data.get("name", "")
        user.language = get_language() or ""
        super().save_user(request, user, form, commit=False)
        user.email = getattr(form, "email_as_typed", user.email)
        if commit:
            user.save()
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"marketplace": settings.FONDACO_MARKETPLACE_NAME, **context})

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        request.caller = caller_for(user, language=get_language() or "")  # type: ignore[attr-defined]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_page(request)

    get_signup_redirect_url = get_login_redirect_url


class FactorAdapter(DefaultMFAAdapter):
    """Second factors. Secrets of authenticator apps and recovery codes are encrypted at rest."""

    def get_totp_issuer(self) -> str:
        return settings.FONDACO_MARKETPLACE_NAME

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Derived from the secret key; the fallback keys still read what older keys wrote."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in secrets])


def _key_from(secret: str | bytes) -> bytes:
    plain = secret.encode() if isinstance(secret, str) else secret
    return base64.urlsafe_b64encode(hashlib.sha256(b"fondaco.sellers.factors:" + plain).digest())
