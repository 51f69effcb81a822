"""One conversation, photograph or upload, for who may see it. A lookup is the access: all else is not found."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.messaging.models import Attachment, Conversation, Upload
from fondaco.messaging.rules.words import Audience, Side
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability, Role

SERVICE_ROLES = (Role.CUSTOMER_SERVICE, Role.OPERATOR)


class DirectedToService(Refusal):
    """Its seller knows of the contact from the order, but neither reads nor answers it. `number`: the conversation's."""

    CODE = "directed_to_customer_service"
    STATUS = 403
    WORDS = N_("Directed to customer service: it answers this buyer, so you cannot.")
    FIX = N_("Nothing is needed from you. What is decided and what it costs you stands on the order.")
    CLAUSE = "PRIME-21"


@dataclass(frozen=True, slots=True)
class Seen:
    """A conversation and the side on which the caller stands in it. `may_write`: reading only, otherwise.

    `only_shared`: a seller before a contact of customer service, of which nothing but shared photographs may be seen.
    """

    conversation: Conversation
    side: Side
    may_write: bool
    only_shared: bool = False


def conversation_for(caller: Caller, number: str) -> Seen:
    """Raises SignInRequired, NotFound, DirectedToService.

    The buyer; members of its seller, where the seller answers; customer service, which writes only where it answers.
    """
    person = caller.require_person()
    found = (
        Conversation.objects.filter(number=number[:10].replace("\0", ""))
        .select_related("buyer", "seller", "product__main_picture", "order", "item__product__main_picture", "unit")
        .first()
    )
    if found is None:
        raise NotFound(what="conversation")
    if found.buyer_id == person.pk:
        return Seen(found, Side.BUYER, True)
    if found.audience == Audience.SELLER and caller.may(Capability.VIEW, seller=found.seller):
        return Seen(found, Side.SELLER, caller.may(Capability.HANDLE_ORDERS, seller=found.seller))
    if caller.has(*SERVICE_ROLES) and caller.role_in(found.seller) is None:
        return Seen(found, Side.SERVICE, found.audience == Audience.SERVICE)
    if caller.may(Capability.VIEW, seller=found.seller):
        raise DirectedToService(number=found.number)
    raise NotFound(what="conversation")


def writable(caller: Caller, number: str) -> Seen:
    """A conversation that the caller may write in. Raises SignInRequired, NotFound, Denied, DirectedToService."""
    seen = conversation_for(caller, number)
    if not seen.may_write:
        raise Denied(number=number)
    return seen


def desk_side(caller: Caller, number: str) -> Seen:
    """A conversation that the caller answers, for its seller or for customer service. A buyer reads NotFound."""
    seen = writable(caller, number)
    if seen.side is Side.BUYER:
        raise NotFound(what="conversation")
    return seen


def conversations_of_buyer(caller: Caller) -> QuerySet[Conversation]:
    return _listed(Conversation.objects.filter(buyer=caller.require_person()))


def conversations_of_seller(caller: Caller) -> QuerySet[Conversation]:
    """Those that the account being worked in answers. Raises SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.VIEW)
    return _listed(Conversation.objects.filter(seller=seller, audience=Audience.SELLER))


def contacts(caller: Caller) -> QuerySet[Conversation]:
    """Those that customer service answers. Raises SignInRequired, Denied."""
    caller.require_role(*SERVICE_ROLES)
    return _listed(Conversation.objects.filter(audience=Audience.SERVICE))


def directed_conversation(caller: Caller, number: str) -> Conversation:
    """A contact about the caller's account that customer service answers. Raises SignInRequired, NotFound."""
    found = _listed(Conversation.objects.filter(audience=Audience.SERVICE)).filter(number=number[:10]).first()
    if found is None or not caller.may(Capability.VIEW, seller=found.seller):
        raise NotFound(what="conversation")
    return found


def shared_with(seller: SellerAccount) -> QuerySet[Conversation]:
    """Conversations of customer service out of which photographs were shared with this seller."""
    return _listed(Conversation.objects.filter(seller=seller, audience=Audience.SERVICE, shared_at__isnull=False))


def shared_conversation(caller: Caller, number: str) -> Conversation:
    """One of them; its words stay with customer service. Raises SignInRequired, SellerRequired, Denied, NotFound."""
    seller = caller.require_seller(Capability.VIEW)
    found = shared_with(seller).filter(number=number[:10].replace("\0", "")).first()
    if found is None:
        raise NotFound(what="conversation")
    return found


def attachment_for(caller: Caller, attachment_id: str | UUID) -> tuple[Attachment, Side]:
    """A photograph that the caller may see, and the caller's side. Raises SignInRequired, NotFound."""
    caller.require_person()
    found = (
        Attachment.objects.filter(pk=as_id(attachment_id))
        .select_related("message__conversation__seller", "message__author")
        .first()
    )
    if found is None:
        raise NotFound(what="photo")
    conversation = found.message.conversation
    try:
        return found, conversation_for(caller, conversation.number).side
    except (NotFound, DirectedToService):
        if found.shared_at and caller.may(Capability.VIEW, seller=conversation.seller):
            return found, Side.SELLER
        raise NotFound(what="photo") from None


def upload_for(caller: Caller, upload_id: str | UUID) -> Upload:
    """An upload of the caller's own. Raises SignInRequired, NotFound."""
    found = Upload.objects.filter(pk=as_id(upload_id), person=caller.require_person()).first()
    if found is None:
        raise NotFound(what="upload")
    return found


def with_order(rows: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    """Those of an order (whole number or its beginning) or with this number of their own (B-PHOTO-05)."""
    wanted = "".join(text.split())[:19].replace("\0", "")
    if not wanted:
        return rows
    if len(wanted) == len("000-0000000-0000000"):
        return rows.filter(order_number=wanted)
    return rows.filter(Q(order_number__startswith=wanted) | Q(number=wanted))


def _listed(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_related("buyer", "seller", "product", "item")
