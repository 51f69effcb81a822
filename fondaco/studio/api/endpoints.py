"""Imaging for programs: quotes, orders, lists, and the floors' verbs. Each endpoint calls one operation or query."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext
from ninja import File, Form, Query, Router, UploadedFile

from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged
from fondaco.engine import clock
from fondaco.kit.money import Money
from fondaco.policy.stores import store_of
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.api import schemas
from fondaco.studio.models import Batch, BatchLine, Edit, ImageRights, ImagingOrder, Shot
from fondaco.studio.models.order import Door
from fondaco.studio.queries import floor
from fondaco.studio.queries import seller as queries
from fondaco.studio.rules.wishes import Wishes
from fondaco.studio.words_of import state_words
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

router = Router(tags=["imaging"])


@router.get("/quotes/{asin}", response=answers(schemas.QuoteOut), summary="Quote, or the reason against ordering")
def quote(request: Request, asin: str) -> dict[str, Any]:
    """What the pop-up shows. Nothing is reserved."""
    found = queries.pop_up(request.caller, asin)
    refusal = spoken(found.refusal) if found.refusal else None
    return {
        "asin": found.product.asin,
        "price": _money(found.price) if found.price else None,
        "can_order": refusal is None,
        "refusal_code": refusal.code if refusal else "",
        "refusal_words": refusal.words if refusal else "",
        "refusal_fix": refusal.fix if refusal else "",
        "is_only_unit": found.is_only_unit,
        "open_order": str(found.order.pk) if found.order else "",
        "accepts_styling": found.accepts.styling,
        "accepts_model": found.accepts.model,
    }


@router.get("/orders", response=answers(PageOut[schemas.OrderOut]), summary="Imaging orders of the account")
def orders(
    request: Request, limit: Limit = 50, state: str = Query("", description="Only orders in this state.")
) -> dict[str, Any]:
    """Newest first."""
    rows = queries.orders_for(request.caller, state=state)
    page = page_of(rows, request=request, order=("-placed_at", "-id"), size=limit)
    return paged(page, order_body)


@router.post("/orders", response=answers(schemas.OrderOut, status=201), summary="Order imaging of one product")
def place(request: Request, body: schemas.OrderIn, key: IdempotencyKey) -> tuple[int, dict[str, Any]]:
    """One order, one ASIN, at today's quote. Refused with one of the reasons of the pop-up."""
    wishes = Wishes(styling=body.styling, model=body.model)
    made = operations.place_order(request.caller, asin=body.asin, request_key=key, door=Door.API, wishes=wishes)
    return 201, order_body(made)


@router.get("/orders/{order_id}", response=answers(schemas.OrderDetail), summary="One imaging order")
def order(request: Request, order_id: str) -> dict[str, Any]:
    """Where it stands, the unit's way, the rights of its pictures."""
    found = queries.order_for(request.caller, order_id)
    return {
        **order_body(found),
        "movements": [
            {"leg": m.leg, "to": m.to_where, "at": m.at, "unscanned": m.unscanned}
            for m in found.movements.order_by("at", "id")
        ],
        "rights": [_rights(each) for each in queries.rights_of(request.caller, found)],
    }


@router.post("/lists", response=answers(schemas.BatchOut, status=202), summary="Order imaging of many products")
def submit_list(request: Request, body: schemas.BatchIn, key: IdempotencyKey) -> tuple[int, dict[str, Any]]:
    """Taken in whole and worked off in pieces; ask for the list to follow it. Each line is answered for itself."""
    return 202, _batch(operations.submit_batch(request.caller, asins=body.asins, request_key=key))


@router.get("/lists/{list_id}", response=answers(schemas.BatchOut), summary="Progress of a list")
def progress(request: Request, list_id: str) -> dict[str, Any]:
    """How many lines are ordered, refused, and still to come."""
    return _batch(queries.batch_for(request.caller, list_id))


@router.get("/lists/{list_id}/lines", response=answers(PageOut[schemas.BatchLineOut]), summary="Lines of a list")
def lines(request: Request, list_id: str, limit: Limit = 200) -> dict[str, Any]:
    """Each ASIN with its order or the code of its refusal."""
    batch = queries.batch_for(request.caller, list_id)
    page = page_of(batch.lines.all(), request=request, order=("number",), size=limit)
    return paged(page, _line)


@router.get(
    "/floor/picks", response=answers(PageOut[schemas.OrderOut]), summary="Units to pick", tags=["imaging floor"]
)
def picks(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """The fulfilment centre's pick list, the oldest order first."""
    page = page_of(floor.to_pick(request.caller), request=request, order=("placed_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/jobs", response=answers(PageOut[schemas.OrderOut]), summary="Units to shoot", tags=["imaging floor"]
)
def jobs(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """Units in the studio whose order is being photographed."""
    page = page_of(floor.in_studio(request.caller), request=request, order=("received_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/dock", response=answers(PageOut[schemas.OrderOut]), summary="Units at the dock", tags=["imaging floor"]
)
def dock(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """Picked, waiting to be sent."""
    page = page_of(floor.picked(request.caller), request=request, order=("placed_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/arriving", response=answers(PageOut[schemas.OrderOut]), summary="Units on their way", tags=["imaging floor"]
)
def arriving(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """On the way to the studio."""
    page = page_of(floor.arriving(request.caller), request=request, order=("placed_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/returning", response=answers(PageOut[schemas.OrderOut]), summary="Units to check in", tags=["imaging floor"]
)
def returning(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """On the way back to the fulfilment centre."""
    page = page_of(floor.to_check_in(request.caller), request=request, order=("placed_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/missing", response=answers(PageOut[schemas.OrderOut]), summary="Units looked for", tags=["imaging floor"]
)
def missing(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """Could not be located, and neither found nor given up yet."""
    page = page_of(floor.missing(request.caller), request=request, order=("placed_at", "id"), size=limit)
    return paged(page, order_body)


@router.get(
    "/floor/edits", response=answers(PageOut[schemas.OrderOut]), summary="Sets to retouch", tags=["imaging floor"]
)
def edits(request: Request, limit: Limit = 50) -> dict[str, Any]:
    """The nearest estimate first."""
    page = page_of(floor.to_retouch(request.caller), request=request, order=("eta_at", "id"), size=limit)
    return paged(page, order_body)


@router.post("/floor/pick", response=answers(schemas.OrderOut), summary="Pick a unit", tags=["imaging floor"])
def pick(request: Request, body: schemas.PickIn) -> dict[str, Any]:
    """The transfer label and the product's own code. Again, it does nothing."""
    return order_body(operations.pick(request.caller, label=body.label, scanned=body.scanned))


@router.post(
    "/floor/dispatch", response=answers(list[schemas.OrderOut]), summary="Send to the studio", tags=["imaging floor"]
)
def dispatch(request: Request, body: schemas.DispatchIn) -> list[dict[str, Any]]:
    """All of these units, or none."""
    return [order_body(each) for each in operations.dispatch(request.caller, labels=body.labels)]


@router.post(
    "/floor/cannot-locate", response=answers(schemas.OrderOut), summary="No unit is there", tags=["imaging floor"]
)
def cannot_locate(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """The order ends unbilled and the seller is told; the unit is looked for."""
    return order_body(operations.cannot_locate(request.caller, label=body.label))


@router.post(
    "/floor/found", response=answers(schemas.OrderOut), summary="A missing unit is found", tags=["imaging floor"]
)
def found(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """It is on sale again."""
    return order_body(operations.found_again(request.caller, label=body.label))


@router.post(
    "/floor/give-up", response=answers(schemas.OrderOut), summary="A missing unit is lost", tags=["imaging floor"]
)
def give_up(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """It leaves the stock and is reimbursed as a loss."""
    return order_body(operations.give_up(request.caller, label=body.label))


@router.post("/floor/check-in", response=answers(schemas.OrderOut), summary="A unit is back", tags=["imaging floor"])
def check_in(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """It is on its shelf and on sale."""
    return order_body(operations.check_in(request.caller, label=body.label))


@router.post(
    "/floor/receive", response=answers(schemas.OrderOut), summary="Receive at the studio", tags=["imaging floor"]
)
def receive(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """The estimate begins. A unit of a cancelled order is noted here, to go back."""
    return order_body(operations.receive(request.caller, label=body.label))


@router.post(
    "/floor/send-back", response=answers(schemas.OrderOut), summary="Send back unphotographed", tags=["imaging floor"]
)
def send_back(request: Request, body: schemas.LabelIn) -> dict[str, Any]:
    """A unit whose order has ended."""
    return order_body(operations.send_back(request.caller, label=body.label))


@router.post("/floor/harm", response=answers(schemas.HarmOut), summary="Lost or damaged", tags=["imaging floor"])
def harm(request: Request, body: schemas.HarmIn) -> dict[str, Any]:
    """Loss is reimbursed always, damage outside the excluded kinds."""
    decided = operations.report_harm(request.caller, label=body.label, is_loss=body.is_loss)
    return {"amount": _money(decided.amount), "excluded": list(decided.excluded)}


@router.post(
    "/floor/jobs/{order_id}",
    response=answers(schemas.OrderOut),
    summary="Decide on the job sheet",
    tags=["imaging floor"],
)
def job(request: Request, order_id: str, body: schemas.JobIn) -> dict[str, Any]:
    """Model or tabletop, and the research note where the guide is silent."""
    if body.shoot_with is not None:
        operations.decide(request.caller, order_id=order_id, shoot_with=body.shoot_with)
    if body.research is not None:
        operations.note_research(request.caller, order_id=order_id, text=body.research)
    return order_body(floor.floor_order(request.caller, order_id))


@router.get(
    "/floor/jobs/{order_id}/shots",
    response=answers(list[schemas.ShotOut]),
    summary="The set of a job",
    tags=["imaging floor"],
)
def shots(request: Request, order_id: str) -> list[dict[str, Any]]:
    """Its photographs in order, with the studio profile's answers. No file is offered."""
    return [_shot(each) for each in floor.floor_order(request.caller, order_id).shots.order_by("number")]


@router.post(
    "/floor/jobs/{order_id}/turn-away",
    response=answers(schemas.OrderOut),
    summary="No capacity",
    tags=["imaging floor"],
)
def turn_away(request: Request, order_id: str) -> dict[str, Any]:
    """The order ends unbilled and the unit goes back."""
    return order_body(operations.turn_away(request.caller, order_id=order_id))


@router.post(
    "/floor/jobs/{order_id}/shots",
    response=answers(schemas.ShotOut, status=201),
    summary="Add a photograph",
    tags=["imaging floor"],
)
def shoot(
    request: Request,
    order_id: str,
    key: IdempotencyKey,
    picture: Annotated[UploadedFile, File()],
    has_model: Annotated[bool, Form()] = False,
    model_until: Annotated[date | None, Form()] = None,
) -> tuple[int, dict[str, Any]]:
    """The studio profile answers at once."""
    shot = operations.take_shot(
        request.caller,
        order_id=order_id,
        data=picture.read(),
        request_key=key,
        has_model=has_model,
        model_until=model_until,
        file_name=picture.name or "",
    )
    return 201, _shot(shot)


@router.delete(
    "/floor/jobs/{order_id}/shots/{shot_id}",
    response=answers(list[schemas.ShotOut]),
    summary="Take a photograph out of the set",
    tags=["imaging floor"],
)
def drop(request: Request, order_id: str, shot_id: str) -> list[dict[str, Any]]:
    """The others close up; answers with what is left. Again, it does nothing."""
    operations.drop_shot(request.caller, order_id=order_id, shot_id=shot_id)
    return shots(request, order_id)


@router.post(
    "/floor/jobs/{order_id}/size-problem",
    response=answers(schemas.OrderOut),
    summary="The size does not do",
    tags=["imaging floor"],
)
def size_problem(request: Request, order_id: str, body: schemas.SizeIn, key: IdempotencyKey) -> dict[str, Any]:
    """The seller is contacted, with the recommended sizes."""
    operations.report_size(request.caller, order_id=order_id, note=body.note, request_key=key)
    return order_body(floor.floor_order(request.caller, order_id))


@router.post(
    "/floor/jobs/{order_id}/finish",
    response=answers(schemas.OrderOut),
    summary="Imaging complete",
    tags=["imaging floor"],
)
def finish(request: Request, order_id: str) -> dict[str, Any]:
    """The set is shot and the unit goes back."""
    return order_body(operations.finish(request.caller, order_id=order_id))


@router.get(
    "/floor/shots/{shot_id}/mends",
    response=answers(list[schemas.MendOut]),
    summary="Proposed mends",
    tags=["imaging floor"],
)
def mends(request: Request, shot_id: str) -> list[dict[str, Any]]:
    """What can be set right without a new photograph. It proposes; a person accepts."""
    found = operations.proposals(request.caller, shot_id=shot_id)
    return [{"kind": fix.kind, "title": gettext(fix.title), "can_be_tried": not fix.needs_cutout} for fix in found]


@router.post(
    "/floor/shots/{shot_id}/mends",
    response=answers(schemas.EditOut, status=201),
    summary="Try mends",
    tags=["imaging floor"],
)
def try_mends(request: Request, shot_id: str, body: schemas.MendsIn) -> tuple[int, dict[str, Any]]:
    """Applied to the photograph and measured. Nothing is accepted yet; the same again answers the same try."""
    return 201, _edit(operations.try_mends(request.caller, shot_id=shot_id, kinds=body.kinds))


@router.post(
    "/floor/shots/{shot_id}/edits",
    response=answers(schemas.EditOut, status=201),
    summary="Take in a retouched file",
    tags=["imaging floor"],
)
def take_edit(request: Request, shot_id: str, picture: Annotated[UploadedFile, File()]) -> tuple[int, dict[str, Any]]:
    """Measured as any other try. The same file again answers the same try."""
    edit = operations.take_edit(request.caller, shot_id=shot_id, data=picture.read(), file_name=picture.name or "")
    return 201, _edit(edit)


@router.post(
    "/floor/edits/{edit_id}/accept",
    response=answers(schemas.ShotOut),
    summary="Accept a try",
    tags=["imaging floor"],
)
def accept(request: Request, edit_id: str) -> dict[str, Any]:
    """It is what will be published, if it is accurate and passes."""
    return _shot(operations.accept_edit(request.caller, edit_id=edit_id))


@router.post(
    "/floor/shots/{shot_id}/photograph",
    response=answers(schemas.ShotOut),
    summary="Back to the photograph",
    tags=["imaging floor"],
)
def back_to_photograph(request: Request, shot_id: str) -> dict[str, Any]:
    """The photograph as it was taken is what will be published."""
    return _shot(operations.back_to_photograph(request.caller, shot_id=shot_id))


@router.post(
    "/floor/shots/{shot_id}/flaw",
    response=answers(schemas.ShotOut),
    summary="Mark a flaw",
    tags=["imaging floor"],
)
def flaw(request: Request, shot_id: str, body: schemas.FlawIn) -> dict[str, Any]:
    """The picture changes the product: publication is blocked until it is redone."""
    return _shot(operations.mark_flaw(request.caller, shot_id=shot_id, fault=body.fault))


@router.post(
    "/floor/shots/{shot_id}/pass",
    response=answers(schemas.ShotOut),
    summary="Pass the accuracy check",
    tags=["imaging floor"],
)
def pass_shot(request: Request, shot_id: str) -> dict[str, Any]:
    """The product is shown as the buyer will receive it."""
    return _shot(operations.pass_shot(request.caller, shot_id=shot_id))


@router.post(
    "/floor/jobs/{order_id}/release",
    response=answers(schemas.OrderOut),
    summary="Publish a set",
    tags=["imaging floor"],
)
def release(request: Request, order_id: str) -> dict[str, Any]:
    """Published, then billed, by themselves."""
    return order_body(operations.release(request.caller, order_id=order_id))


def order_body(each: ImagingOrder) -> dict[str, Any]:
    """An order as the API shows it."""
    request = each.cancellations.order_by("-requested_at").first()
    zone = store_of(each.store).zone
    return {
        "id": str(each.pk),
        "label": each.label,
        "asin": each.product.asin,
        "title": each.product.title,
        "state": each.state,
        "state_label": state_words(each),
        "where": each.where,
        "exit": each.exit,
        "price": _money(each.price),
        "no_model": each.no_model,
        "placed_at": each.placed_at,
        "received_at": each.received_at,
        "estimated_on": each.eta_at.astimezone(zone).date() if each.eta_at else None,
        "is_delayed": queries.is_delayed(each, clock.now()),
        "published_at": each.published_at,
        "billed_at": each.billed_at,
        "cancellation": request.state if request else "",
    }


def _rights(each: ImageRights) -> dict[str, Any]:
    return {
        "image_id": str(each.pk),
        "slot": each.image.variant,
        "owner": each.owner,
        "has_model": each.has_model,
        "offsite_use": each.offsite,
        "ends_on": each.ends_on,
        "deleted_at": each.deleted_at,
        "offsite_withdrawn_at": each.offsite_withdrawn_at,
        "withdrawn_at": each.withdrawn_at,
    }


def _batch(each: Batch) -> dict[str, Any]:
    counts = Counter(each.lines.values_list("state", flat=True))
    return {
        "id": str(each.pk),
        "lines": each.lines_count,
        "ordered": counts["ordered"],
        "refused": counts["refused"],
        "waiting": counts["waiting"],
        "is_done": each.done_at is not None,
        "at": each.at,
    }


def _line(each: BatchLine) -> dict[str, Any]:
    return {
        "number": each.number,
        "asin": each.asin,
        "state": each.state,
        "order": str(each.order_id) if each.order_id else "",
        "refusal_code": each.refusal,
    }


def _shot(each: Shot) -> dict[str, Any]:
    return {
        "id": str(each.pk),
        "number": each.number,
        "verdict": each.verdict,
        "findings": [f["code"] for f in each.findings],
        "has_model": each.has_model,
        "is_passed": each.passed_at is not None,
        "flaws": list(each.flaws),
    }


def _edit(each: Edit) -> dict[str, Any]:
    return {
        "id": str(each.pk),
        "mean_delta_e": each.mean_delta_e,
        "p95_delta_e": each.p95_delta_e,
        "overlap": each.overlap,
        "is_known": each.is_known,
        "faults": list(each.faults),
        "verdict": each.verdict,
        "is_final": each.shot.final_id == each.picture_id,
    }


def _money(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency}
