"""An imaging order, the unit's way, and what was asked about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.cases.models import Case
from fondaco.catalogue.models import Offer, Product
from fondaco.engine.columns import one_of
from fondaco.kit import chance
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.sellers.models import SellerAccount
from fondaco.studio.rules.states import OPEN, Exit, Leg, OrderState, Where
from fondaco.studio.rules.wishes import STYLING_SIGNS, Model

_LABEL_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as 1 and 0


def new_label() -> str:
    """`FI` and ten signs: what the transfer label on the unit says, as a barcode and in letters."""
    return "FI" + "".join(chance.choice(_LABEL_SIGNS) for _ in range(10))


class Door(models.TextChoices):
    """Through which door the order came."""

    PORTAL = "portal"
    BATCH = "batch"
    API = "api"
    SUPPORT = "support"


class ImagingOrder(models.Model):
    """One product to be photographed (IMG-SVC-10).

    `state` says what became of the order, `where` where its unit is. `label` stands on the unit. `price_minor` is the
    quote and what is billed (IMG-SVC-34); `versions` names the policy versions in force when it was placed.
    `no_model` orders come from support only. `shoot_with` is the studio's decision, `guide` the entry it went by;
    `research` what was found out where the guide is silent. `styling`, `wished_model`: what the seller wished, where
    policy lets them. `release_at`: the retoucher let it go; publication and
    billing follow by themselves. `reimbursed_minor` is set once the question was decided.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.CharField(max_length=12, unique=True, default=new_label, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    store = models.CharField(max_length=2)
    state = models.CharField(max_length=20, default=OrderState.ORDER_PLACED.value)
    where = models.CharField(max_length=12, default=Where.SHELF.value)
    exit = models.CharField(max_length=12, blank=True)
    door = models.CharField(max_length=8, choices=Door.choices, default=Door.PORTAL)
    no_model = models.BooleanField(default=False)
    shoot_with = models.CharField(max_length=8, blank=True)  # model | tabletop, decided by the studio
    guide = models.ForeignKey("GuideEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    research = models.TextField(blank=True)
    styling = models.CharField(max_length=STYLING_SIGNS, blank=True)
    wished_model = models.CharField(max_length=8, blank=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    offer_price_minor = models.BigIntegerField()  # when it was placed
    versions = models.JSONField(default=dict)
    eta_days = models.PositiveSmallIntegerField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64, blank=True)
    placed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    eta_at = models.DateTimeField(null=True, blank=True)  # the last moment of the estimated day
    complete_at = models.DateTimeField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    billed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reimbursed_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("state", OrderState, name="imaging_state_known"),
            one_of("where", Where, name="imaging_where_known"),
            one_of("exit", Exit, name="imaging_exit_known", or_empty=True),
            one_of("wished_model", Model, name="imaging_model_known", or_empty=True),
            models.UniqueConstraint(
                fields=["seller", "product"],
                condition=Q(state__in=[s.value for s in OPEN]),
                name="one_open_imaging_order",
            ),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~Q(request_key=""), name="imaging_ordered_once"
            ),
            models.CheckConstraint(
                name="billed_implies_published",
                condition=~Q(state=OrderState.BILLED.value) | Q(published_at__isnull=False, billed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_billed_has_a_bill",
                condition=Q(billed_at__isnull=True) | Q(state=OrderState.BILLED.value),
            ),
            models.CheckConstraint(
                name="exit_says_why",
                condition=(Q(state=OrderState.NOT_PHOTOGRAPHED.value) & ~Q(exit=""))
                | (~Q(state=OrderState.NOT_PHOTOGRAPHED.value) & Q(exit="")),
            ),
            models.CheckConstraint(name="quote_not_negative", condition=Q(price_minor__gte=0)),
            models.CheckConstraint(
                name="no_model_means_tabletop", condition=Q(no_model=False) | Q(shoot_with__in=["", "tabletop"])
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-placed_at", "-id"], name="imaging_of_seller"),
            models.Index(fields=["product", "-placed_at"], name="imaging_of_product"),
            models.Index(fields=["store", "placed_at"], name="imaging_of_day"),
            models.Index(fields=["where", "placed_at", "id"], name="imaging_where"),
            models.Index(fields=["state", "placed_at", "id"], name="imaging_state"),
            models.Index(
                fields=["release_at"],
                condition=Q(state=OrderState.IMAGING_COMPLETE.value, release_at__isnull=False),
                name="imaging_to_publish",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Movement(models.Model):
    """One leg of the unit's way (IMG-SVC-01). Append-only; `unscanned`: passed, but nobody scanned it there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(ImagingOrder, on_delete=models.PROTECT, related_name="movements")
    leg = models.CharField(max_length=12)
    from_where = models.CharField(max_length=12, blank=True)
    to_where = models.CharField(max_length=12)
    unscanned = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("leg", Leg, name="imaging_leg_known"),
            models.UniqueConstraint(fields=["order", "leg"], name="each_leg_once"),
        ]


class StudioDay(models.Model):
    """A day of a store's studio: the lock under which orders are placed one by one where capacity is limited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    store = models.CharField(max_length=2)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="one_row_a_studio_day")]


class CancellationState(models.TextChoices):
    """REQUESTED until support decides; REFUSED when the product had been received."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Cancellation(models.Model):
    """A case that asks to cancel an order (IMG-SVC-54), and what support decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(ImagingOrder, on_delete=models.PROTECT, related_name="cancellations")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CancellationState.choices, default=CancellationState.REQUESTED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cancellation_decided_when",
                condition=Q(state="requested", decided_at__isnull=True)
                | (~Q(state="requested") & Q(decided_at__isnull=False)),
            )
        ]


class SizeProblem(models.Model):
    """The studio says that the size sent does not do; the seller is contacted (IMG-SVC-62)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(ImagingOrder, on_delete=models.PROTECT, related_name="size_problems")
    note = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "request_key"], name="size_problem_once")]
