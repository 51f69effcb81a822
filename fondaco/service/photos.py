"""One click puts the photographs of a conversation into a return or a reimbursement claim (`messaging.uses`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fondaco.engine import clock
from fondaco.kit.errors import NotFound
from fondaco.kit.money import Money
from fondaco.messaging import operations as messaging
from fondaco.messaging import uses
from fondaco.messaging.queries.access import Seen, conversation_for, conversations_of_buyer
from fondaco.messaging.rules.words import Audience, Side
from fondaco.messaging.uses import PhotoCopy, Target, Where
from fondaco.orders.models import PayBack
from fondaco.returns.models import Return
from fondaco.returns.queries.access import DESK_ROLES
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.service.models import GuaranteeClaim, GuaranteeEvidence, Reimbursement, ReturnEvidence
from fondaco.service.operations import evidence, reimbursements
from fondaco.service.queries.facts import charged_minor
from fondaco.service.rules.claims import ClaimState, Ground, GuaranteeState
from fondaco.web import dates

OPEN_GUARANTEES = frozenset({GuaranteeState.AWAITING_SELLER, GuaranteeState.UNDER_REVIEW})


def provide() -> None:
    """Called once, when the application is ready."""
    uses.place("return")(IntoReturn)
    uses.place("claim")(IntoClaim)
    uses.place("guarantee")(IntoGuarantee)


class IntoReturn:
    """The returns of the conversation's order. Customer service shares the photographs with the seller by it (Q-42)."""

    def targets(self, caller: Caller, seen: Seen, photos: Sequence[PhotoCopy]) -> Iterable[Target]:
        order = seen.conversation.order
        if order is None or not _may(caller, seen):
            return
        wanted = {photo.pk for photo in photos}
        rows = list(Return.objects.filter(order=order).order_by("-requested_at", "-id"))
        placed = ReturnEvidence.objects.filter(parcel__in=rows).values_list("parcel_id", "photo_id")
        for row in rows:
            there = wanted <= {photo for parcel, photo in placed if parcel == row.pk}
            yield Target("return", row.number, _title(row), _page(seen, row) if there else "")

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where:
        row = Return.objects.filter(number=target, order=seen.conversation.order).first()
        if row is None:
            raise NotFound(what="return")
        if seen.side is Side.SERVICE:
            messaging.share_photos(caller, number=seen.conversation.number)
        evidence.put_beside_return(caller, row, photos, conversation=seen.conversation.number)
        return Where(_title(row), _page(seen, row))


class IntoClaim:
    """The seller's reimbursement claims of the order that are not decided, and refunds that can still be claimed."""

    def targets(self, caller: Caller, seen: Seen, photos: Sequence[PhotoCopy]) -> Iterable[Target]:
        conversation = seen.conversation
        if conversation.order is None or seen.side is not Side.SELLER or not _may(caller, seen):
            return
        claims = list(Reimbursement.objects.filter(order=conversation.order).order_by("-opened_at", "-id"))
        for claim in claims:
            there = not reimbursements.not_yet_in(claim, photos)
            if there or claim.state != ClaimState.RESOLVED:
                page = reverse("service:seller_claim", args=[claim.number]) if there else ""
                yield Target("claim", claim.number, _("Claim %(number)s") % {"number": claim.number}, page)
        claimed = {claim.payback_id for claim in claims}
        for payback in PayBack.objects.filter(order=conversation.order).exclude(pk__in=claimed).order_by("made_at"):
            if _is_open(payback):
                yield Target("claim", f"new-{payback.pk}", _new_title(payback))

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where:
        if target.startswith("new-"):
            payback = PayBack.objects.get(pk=target.removeprefix("new-"))
            form = reverse("service:file", args=[payback.pk])
            query = urlencode({"photos": seen.conversation.number})
            return Where(_new_title(payback), f"{form}?{query}", is_draft=True)
        claim = reimbursements.add_photos(caller, number=target, photos=photos)
        return Where(_("Claim %(number)s") % {"number": claim.number}, reverse("service:seller_claim", args=[target]))


class IntoGuarantee:
    """The buyer's guarantee claims of the conversation's order that are not decided."""

    def targets(self, caller: Caller, seen: Seen, photos: Sequence[PhotoCopy]) -> Iterable[Target]:
        if seen.conversation.order is None or not (seen.side is Side.BUYER or _may(caller, seen)):
            return
        wanted = {photo.pk for photo in photos}
        for claim in GuaranteeClaim.objects.filter(order=seen.conversation.order).order_by("-opened_at", "-id"):
            placed = set(GuaranteeEvidence.objects.filter(claim=claim).values_list("photo_id", flat=True))
            there = wanted <= placed
            if there or claim.state in OPEN_GUARANTEES:
                page = reverse("service:guarantee", args=[claim.number]) if there else ""
                yield Target("guarantee", claim.number, _guarantee_title(claim), page)

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where:
        claim = GuaranteeClaim.objects.filter(number=target, order=seen.conversation.order).first()
        if claim is None:
            raise NotFound(what="claim")
        if seen.side is Side.SERVICE:
            messaging.share_photos(caller, number=seen.conversation.number)
        elif seen.side is Side.BUYER and seen.conversation.audience == Audience.SERVICE:
            messaging.share_own_photos(caller, number=seen.conversation.number)  # who answers the claim sees its photos
        evidence.put_into_guarantee(caller, claim, photos)
        return Where(_guarantee_title(claim), reverse("service:guarantee", args=[claim.number]))


def photos_for(caller: Caller, claim: GuaranteeClaim) -> list[tuple[Seen, Target]]:
    """The buyer's conversations about the claim's order whose photographs are not all in it yet."""
    rows = conversations_of_buyer(caller).filter(order=claim.order).order_by("id")[:50]
    found = [(seen, uses.offered(caller, seen)) for seen in (conversation_for(caller, row.number) for row in rows)]
    return [
        (seen, target)
        for seen, targets in found
        for target in targets
        if (target.into, target.pk, target.url) == ("guarantee", claim.number, "")
    ]


def put_all(caller: Caller, claim: GuaranteeClaim) -> None:
    """One click of the buyer: every photograph that was sent about the order goes into the claim."""
    for seen, target in photos_for(caller, claim):
        uses.put(caller, seen, into=target.into, target=target.pk)


def _guarantee_title(claim: GuaranteeClaim) -> str:
    return _("Guarantee claim %(number)s") % {"number": claim.number}


def _may(caller: Caller, seen: Seen) -> bool:
    if seen.side is Side.SERVICE:
        return seen.may_write and caller.has(*DESK_ROLES)
    return seen.side is Side.SELLER and caller.may(Capability.HANDLE_RETURNS, seller=seen.conversation.seller)


def _is_open(payback: PayBack) -> bool:
    return any(reimbursements.can_file(payback, ground, at=clock.now()).is_open for ground in Ground)


def _title(row: Return) -> str:
    return _("Return %(number)s") % {"number": row.number}


def _new_title(payback: PayBack) -> str:
    amount = dates.money(Money(charged_minor(payback), payback.currency))
    return _("A new reimbursement claim for %(amount)s") % {"amount": amount}


def _page(seen: Seen, row: Return) -> str:
    name = "returns:desk_return" if seen.side is Side.SERVICE else "returns:seller_return"
    return reverse(name, args=[row.number])
