"""The troubleshooter: why is there no picture? (IMG-01, IMG-02, IMG-08…15, IMG-23…31)

Two trees of questions, answered from stored facts. Each step says what the seller would do by hand, what we found, and
leads there. The end is a mend, a time to wait for, or a technical case with the steps already taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CaseType
from fondaco.cases.rules import Method as CaseMethod
from fondaco.catalogue import batches
from fondaco.catalogue.models import ListingImage, Offer
from fondaco.catalogue.models import Method as ImageMethod
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.catalogue.queries.gallery import SubmittedImage, managed_images
from fondaco.catalogue.queries.inventory import Filters, inventory
from fondaco.catalogue.queries.missing_image import Answer, why_missing
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.troubleshoot import Method
from fondaco.catalogue.web import words
from fondaco.catalogue.web.shown import numbered, viewer
from fondaco.catalogue.web.standards import standards_for
from fondaco.kit.diagnosis import Diagnosis, Link, Result, State
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web import dates
from fondaco.web.access import require_seller
from fondaco.web.nav import url_or_none
from fondaco.web.refusals import filled

MOST_FOUND = 12
STEPS_LIMIT = 6000

#: What the seed tells the seller to do by hand at each question; the system has done it.
BY_HAND: dict[str, Any] = {
    "in_inventory": gettext_lazy("Inventory → Manage Inventory"),
    "located": gettext_lazy("Search for the product whose picture is missing, or find it in the list."),
    "detail_page": gettext_lazy("Choose the product’s name: its page opens."),
    "shown": gettext_lazy("Look whether the page shows a picture."),
    "submitted": gettext_lazy("Recall whether you sent a picture."),
    "had_time": gettext_lazy("Count the hours since you sent it."),
    "standards": gettext_lazy("Read the image standards and compare."),
    "mended": gettext_lazy("Manage Inventory → the product → Edit → Manage Images: send a new picture."),
    "selected": gettext_lazy("Compare your pictures with those on the page."),
    "contact_support": gettext_lazy("Contact Support with the steps that you took."),
    "report": gettext_lazy("Open the processing report of your inventory file and look for errors."),
    "corrected": gettext_lazy("Correct the data of every error in the report."),
    "sent_again": gettext_lazy("Upload the corrected data, and repeat until no error is left."),
}

STATES = {
    State.PASSED: gettext_lazy("Fine"),
    State.FAILED: gettext_lazy("Here it stops"),
    State.WAITING: gettext_lazy("Wait"),
    State.UNKNOWN: gettext_lazy("Not known"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the tree with its answer, words and links ready."""

    result: Result
    by_hand: Any
    state: Any
    links: tuple[tuple[str, str], ...]

    @property
    def is_end(self) -> bool:
        return self.result.outcome.decisive


@require_seller
def troubleshoot(request: Request) -> HttpResponse:
    """Without a product: choose one, and the method. With one: the tree."""
    caller = request.caller
    seller = caller.require_seller(Capability.VIEW)
    asked = request.GET.get("method", "")
    method = Method(asked) if asked in list(Method) else None
    asin = request.GET.get("asin", "").strip().upper()[:10]
    if not asin:
        return _choice(request, method)
    product = product_by_asin(asin)
    method = method or _method_of(seller, product.pk)
    batch = batches.newest_for(seller, product) if method is Method.FEED else None
    answer = why_missing(caller, asin, method=method, batch=batch)
    context = {
        "answer": answer,
        "product": product,
        "method": str(method),
        "methods": _methods(method, asin),
        "steps": [_step(result, answer) for result in answer.diagnosis.results],
        "end": _end(answer),
        "evidence": _evidence(request, answer),
        "standards": standards_for(seller),
        "contact": _contact(answer),
        "data_steps": _data_steps(answer) if method is Method.FEED else [],
    }
    return render(request, "catalogue/troubleshoot_tree.html", context)


def _choice(request: Request, method: Method | None) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = inventory(request.caller, Filters(text=query, status="all"))
    if not query:
        found = found.exclude(image_status="shown")
    context = {
        "method": str(method or ""),
        "query": query,
        "rows": [_row(offer, method) for offer in found.order_by("-id")[:MOST_FOUND]],
    }
    return render(request, "catalogue/troubleshoot.html", context)


def _row(offer: Offer, method: Method | None) -> dict[str, Any]:
    query = {"method": str(method)} if method else {}
    return {
        "offer": offer,
        "url": f"?{urlencode({**query, 'asin': offer.product.asin})}",
        "image": words.IMAGE_STATUSES[offer.image_status],
        "tone": words.IMAGE_STATUS_TONES[offer.image_status],  # type: ignore[index]
    }


def _method_of(seller: SellerAccount, product_id: Any) -> Method:
    """How the newest picture came: nobody is asked what the system knows."""
    sent = ListingImage.objects.filter(product_id=product_id, seller=seller, state__in=[s.value for s in states.LIVE])
    newest = sent.order_by("-submitted_at").values_list("method", flat=True).first()
    return Method.FEED if newest in (ImageMethod.FEED, ImageMethod.API) else Method.PORTAL


def _methods(current: Method, asin: str) -> list[dict[str, Any]]:
    labels = {Method.PORTAL: _("Sent in the portal"), Method.FEED: _("Sent with inventory data")}
    return [
        {"label": label, "url": f"?{urlencode({'method': str(m), 'asin': asin})}", "current": m is current}
        for m, label in labels.items()
    ]


def _step(result: Result, answer: Answer) -> Step:
    return Step(
        result=result,
        by_hand=BY_HAND.get(result.check.code, ""),
        state=_state_words(result),
        links=tuple(_links(result, answer)),
    )


def _state_words(result: Result) -> Any:
    """A failed step that only leads to the next one is no more than a "no"."""
    outcome = result.outcome
    return _("No") if outcome.state is State.FAILED and not outcome.decisive else STATES[outcome.state]


def _links(result: Result, answer: Answer) -> list[tuple[str, str]]:
    """Where the step leads: what the tree says, and the place where the seller would do it by hand."""
    asin = answer.facts.asin
    links = []
    if result.check.code == "in_inventory":
        links.append((_("Manage Inventory"), reverse("catalogue:inventory")))
    if result.check.code == "located":
        links.append(
            (_("Find it there"), f"{reverse('catalogue:inventory')}?{urlencode({'q': asin, 'status': 'all'})}")
        )
    if result.check.code == "detail_page":
        links.append((answer.facts.title, reverse("catalogue:product", args=[asin])))
    elif (link := result.outcome.link) and not link.name.startswith("cases:"):
        url = _url(link)
        links += [(filled(link.label, result.outcome.evidence), url)] if url else []
    if result.check.code == "standards" and url_or_none("help:home"):
        links = [(_("Image requirements"), reverse("help:article", args=["image-requirements"]))]
    return links


def _url(link: Link) -> str:
    try:
        return reverse(link.name, kwargs=dict(link.args))
    except NoReverseMatch:
        return ""


def _end(answer: Answer) -> dict[str, Any]:
    """What the tree ends with, in one sentence and one button."""
    found = answer.diagnosis.conclusion
    if found is None:
        return {"tone": "neutral", "title": _("No explanation was found"), "to_support": True}
    outcome, asin = found.outcome, answer.facts.asin
    images = (_("Manage Images"), reverse("catalogue:manage_images", args=[asin]))
    if outcome.state is State.PASSED:
        return {"tone": "good", "title": _("There is a picture on the page"), "button": None}
    if outcome.state is State.WAITING:
        title = _("Check again after %(time)s") % {"time": dates.at(outcome.until)} if outcome.until else _("Wait")
        return {"tone": "progress", "title": title, "button": images if outcome.link else None, "until": outcome.until}
    if outcome.link and outcome.link.name.startswith("cases:"):
        return {"tone": "bad", "title": filled(outcome.fix, outcome.evidence), "to_support": True}
    button = (filled(outcome.link.label, outcome.evidence), _url(outcome.link)) if outcome.link else None
    return {
        "tone": "bad",
        "title": filled(outcome.fix, outcome.evidence),
        "button": button if button and button[1] else None,
    }


def _evidence(request: Request, answer: Answer) -> dict[str, Any] | None:
    """The picture that the tree speaks of, with what is known drawn on it."""
    submission = answer.facts.submission
    if submission is None or not submission.reasons:
        return None
    managed = managed_images(request.caller, answer.facts.asin)
    slot = next((s for s in managed.slots if s.variant == submission.variant), None)
    at_hand: list[SubmittedImage] = [each for each in (slot.candidate, slot.standing) if each] if slot else []
    found = next((each for each in at_hand if each.image.state == submission.state), None)
    if found is None:
        return None
    return {
        "picture": viewer(found, managed.product, only_reasons=True),
        "findings": numbered(found.reasons),
        "image": found.image,
    }


def _contact(answer: Answer) -> str:
    """The technical case, begun: the steps taken, the method, the batch, the product (IMG-29…31)."""
    is_feed = answer.facts.method is Method.FEED
    contents = {
        "steps_taken": steps_taken(answer.diagnosis)[:STEPS_LIMIT],
        "method": str(CaseMethod.INVENTORY_DATA if is_feed else CaseMethod.PORTAL),
        "asins": list(answer.case.asins),
    }
    if answer.case.batch_number:
        contents["batch_id"] = answer.case.batch_number
    return contact_url(CaseType.MISSING_IMAGE, contents, origin=f"diagnosis:missing_image:{answer.facts.asin}")


def steps_taken(diagnosis: Diagnosis) -> str:
    """Every question that was asked with its answer, as the case carries them: one line each."""
    lines = []
    for result in diagnosis.results:
        outcome = result.outcome
        question = filled(result.check.question, outcome.evidence)
        said = filled(outcome.message, outcome.evidence)
        lines.append(f"{result.number}. {question} {said or _state_words(result)}")
    return "\n".join(lines)


def _data_steps(answer: Answer) -> list[dict[str, Any]]:
    """The five steps of the seed for inventory data, as an arcade."""
    state = {result.check.code: result.outcome for result in answer.diagnosis.results}
    labels = (
        ("report", _("Check the processing report")),
        ("corrected", _("Correct every error")),
        ("sent_again", _("Upload the corrected data")),
        ("sent_again", _("Repeat until no error is left")),
        ("had_time", _("Wait 24 hours")),
    )
    reached, shown = True, []
    for code, label in labels:
        outcome = state.get(code)
        passed = reached and outcome is not None and outcome.state is State.PASSED
        now = reached and outcome is not None and not passed
        shown.append({"label": label, "state": "done" if passed else "now" if now else "todo"})
        reached = passed
    return shown
