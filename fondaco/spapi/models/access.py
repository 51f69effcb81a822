"""Applications, the grants that sellers give them, and tokens. Of every secret only the SHA-256 is kept."""

from __future__ import annotations

from django.db import models

from fondaco.kit.ids import new_id
from fondaco.sellers.models import Person, SellerAccount

DIGEST = 64


class Application(models.Model):
    """A program of a developer. `roles` open groups of operations (`rules.roles`); `client_id` is what it signs in with.

    `old_secret_digest` still works until `old_secret_until`, so that a rotation interrupts nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    client_id = models.CharField(max_length=80, unique=True)
    roles = models.JSONField(default=list)
    redirect_url = models.CharField(max_length=500, default="", blank=True)
    secret_digest = models.CharField(max_length=DIGEST)
    secret_made_at = models.DateTimeField()
    old_secret_digest = models.CharField(max_length=DIGEST, default="", blank=True)
    old_secret_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    request_key = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~models.Q(request_key=""), name="application_made_once"
            )
        ]


class Grant(models.Model):
    """A seller account lets an application act for it, in the name of the member who allowed it.

    The refresh token does not change with use; a new one for the same pair ends the one before.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="grants")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    refresh_digest = models.CharField(max_length=DIGEST, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "seller"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_standing_grant",
            )
        ]


class AuthorisationCode(models.Model):
    """What a consenting seller's browser carries to the application; exchanged once, within minutes."""

    digest = models.CharField(max_length=DIGEST, primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    seller = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AccessToken(models.Model):
    """An hour's access: to a grant's seller account, or (`scope`) to grantless operations of the application."""

    digest = models.CharField(max_length=DIGEST, primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+", db_index=False)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    scope = models.CharField(max_length=120, default="", blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="token_for_a_grant_or_a_scope",
                condition=models.Q(grant__isnull=False, scope="") | models.Q(grant__isnull=True) & ~models.Q(scope=""),
            )
        ]


class RestrictedToken(models.Model):
    """Access to personal data: `resources` are `[{"method", "path", "dataElements"}]`, as asked for and allowed."""

    digest = models.CharField(max_length=DIGEST, primary_key=True)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+", db_index=False)
    resources = models.JSONField(default=list)
    expires_at = models.DateTimeField(db_index=True)
