"""The facts behind "Why is there no picture?", gathered for one product and seller."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.catalogue.queries.reasons import as_reasons
from fondaco.catalogue.rules import states, troubleshoot
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.rules.troubleshoot import (
    BatchFacts,
    Method,
    MissingImage,
    PrefilledCase,
    Submission,
)
from fondaco.catalogue.rules.variants import MAIN
from fondaco.engine import clock
from fondaco.kit.diagnosis import Diagnosis
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability


@dataclass(frozen=True, slots=True)
class Answer:
    """What the troubleshooter says, and the case it would open."""

    facts: MissingImage
    diagnosis: Diagnosis
    case: PrefilledCase


def why_missing(
    caller: Caller, asin: str, *, method: Method | str = Method.PORTAL, batch: BatchFacts | None = None
) -> Answer:
    """Walk the tree for a product and the caller's current seller account.

    `batch` is what the feeds know of the file by which the picture came; they stand above and hand it in.
    Raises NotFound for an unknown ASIN, SignInRequired, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.VIEW)
    facts = facts_of(product_by_asin(asin), seller, method=Method(method), batch=batch)
    diagnosis = troubleshoot.diagnose(facts)
    return Answer(facts, diagnosis, troubleshoot.prefilled_case(facts, diagnosis))


def facts_of(
    product: Product, seller: SellerAccount, *, method: Method, batch: BatchFacts | None = None
) -> MissingImage:
    """The stored facts; reasons come in the language that is active."""
    own = list(ListingImage.objects.filter(product=product, seller=seller, state__in=[s.value for s in states.LIVE]))
    shown = ListingImage.objects.filter(product=product, state=ImageState.DISPLAYED.value)
    owners = set(shown.values_list("seller_id", flat=True))
    return MissingImage(
        asin=product.asin,
        title=product.title,
        method=method,
        now=clock.now(),
        has_offer=Offer.objects.filter(product=product, seller=seller).exists(),
        page_shows="own" if seller.pk in owners else "other" if owners else "",
        submission=_submission(own),
        batch=batch,
    )


def _submission(own: list[ListingImage]) -> Submission | None:
    """The one that explains the page: the main slot before others, what was shown to fail before what stands."""
    if not own:
        return None
    image = max(own, key=lambda i: (i.variant == MAIN, i.state in states.CANDIDATE, i.submitted_at))
    selection = image.reasons[0] if image.state == ImageState.NOT_SELECTED and image.reasons else {}
    return Submission(
        state=ImageState(image.state),
        variant=image.variant,
        submitted_at=image.submitted_at,
        due_at=image.due_at,
        reasons=as_reasons(image.reasons),
        selection=selection,
    )
