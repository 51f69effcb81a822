"""The control API, below `/sandbox/v1/`: it moves the world around the store. Only in a sandbox, and with its own token."""

from __future__ import annotations

import hmac
import os
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from fondaco.api import door
from fondaco.api.bodies import answers
from fondaco.demo import beside
from fondaco.demo.imagehost import BEHAVIOURS
from fondaco.engine import clock
from fondaco.engine.models import OutboxMail
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sandbox import acts, schemas, world
from fondaco.sandbox.queue import runner
from fondaco.spapi.models import Notice


class UnknownFault(Invalid):
    CODE = "unknown_fault"
    WORDS = N_("The image host cannot fail like %(kind)s.")
    FIX = N_("One of: %(kinds)s.")


class Token(HttpBearer):
    """The token that `fondaco sandbox` printed."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        kept = os.environ.get("FONDACO_SANDBOX_TOKEN", "")
        return token if kept and hmac.compare_digest(token.encode(), kept.encode()) else None


control = NinjaAPI(
    title="Fondaco sandbox",
    version="1",
    urls_namespace="sandbox",
    description="Moves the world around a sandbox store. What a call sets off is done when it answers.",
    auth=Token(),
    docs_url=None,
)


# --- the store ----------------------------------------------------------------------------------------------------


@control.get("/", response=answers(schemas.Store), tags=["store"], summary="What is here")
def store(request: HttpRequest) -> dict[str, Any]:
    """Credentials, people, the time."""
    host = beside.image_host()
    return {**world.credentials(), **_time(), "buyers": list(acts.BUYERS),
            "image_host": host.url("") if host else "", "snapshots": world.names()}  # fmt: skip


@control.post("/reset", response=answers(schemas.Clock), tags=["store"], summary="Begin anew")
def reset(request: HttpRequest) -> dict[str, Any]:
    """The store, its clock and its ids are as at the start; the image host is well."""
    runner.do(lambda: world.restore(world.START))
    return _time()


@control.get("/snapshots", response=answers(schemas.Snapshots), tags=["store"], summary="Snapshots")
def snapshots(request: HttpRequest) -> dict[str, Any]:
    """The names of the snapshots."""
    return {"snapshots": world.names()}


@control.put("/snapshots/{name}", response=answers(schemas.Snapshots), tags=["store"], summary="Take a snapshot")
def take(request: HttpRequest, name: str) -> dict[str, Any]:
    """Keep the store, its clock and its ids as they are."""
    runner.do(lambda: world.snapshot(name))
    return snapshots(request)


@control.post("/snapshots/{name}/restore", response=answers(schemas.Clock), tags=["store"], summary="Go back")
def restore(request: HttpRequest, name: str) -> dict[str, Any]:
    """Put the store, its clock and its ids back as they were."""
    runner.do(lambda: world.restore(name))
    return _time()


@control.delete("/snapshots/{name}", response=answers(schemas.Snapshots), tags=["store"], summary="Delete a snapshot")
def drop(request: HttpRequest, name: str) -> dict[str, Any]:
    """The one called `start` stays."""
    runner.do(lambda: world.drop(name))
    return snapshots(request)


@control.post("/settle", response=answers(schemas.Clock), tags=["store"], summary="Wait for work to end")
def settle(request: HttpRequest) -> dict[str, Any]:
    """Answers when nothing is left to do now."""
    return {**_time(), "tasks": runner.do(runner.settle)}


# --- time -----------------------------------------------------------------------------------------------------------


@control.get("/clock", response=answers(schemas.Clock), tags=["time"], summary="The time")
def read_clock(request: HttpRequest) -> dict[str, Any]:
    """What the store's clock says."""
    return _time()


@control.put("/clock", response=answers(schemas.Clock), tags=["time"], summary="Set the clock")
def set_clock(request: HttpRequest, body: schemas.SetClock) -> dict[str, Any]:
    """Let time pass until a moment; let the clock run or stand."""
    at = body.at

    def change() -> int:
        ran = world.advance_to(at=at) if at is not None else 0
        if body.runs is True and clock.stands():
            clock.run()
        elif body.runs is False and not clock.stands():
            clock.stand(at=clock.now())
        return ran

    return {"tasks": runner.do(change), **_time()}


@control.post("/clock/advance", response=answers(schemas.Clock), tags=["time"], summary="Let time pass")
def advance(request: HttpRequest, body: schemas.Advance) -> dict[str, Any]:
    """Moves the clock in steps of six hours at most, and does what is due after each."""
    by = timedelta(days=body.days, hours=body.hours, minutes=body.minutes, seconds=body.seconds)
    return {"tasks": runner.do(lambda: world.advance(by=by)), **_time()}


# --- buyers and carriers ------------------------------------------------------------------------------------------


@control.post("/orders", response=answers(list[schemas.OrderTold]), tags=["orders"], summary="Place an order")
def place_order(request: HttpRequest, body: schemas.NewOrder) -> list[dict[str, Any]]:
    """A buyer buys and pays."""
    kept = world.credentials()
    seller_id = body.seller_id or kept["sellers"][kept["seller"]]["id"]
    wishes = [acts.Wish(item.sku, item.quantity, item.speed) for item in body.items]
    made = runner.do(lambda: acts.place_order(seller_id=seller_id, wishes=wishes, buyer=body.buyer))
    return [acts.shown(acts.order_of(order.number)) for order in made]


@control.get("/orders/{number}", response=answers(schemas.OrderTold), tags=["orders"], summary="An order")
def order(request: HttpRequest, number: str) -> dict[str, Any]:
    """With its parcels."""
    return acts.shown(acts.order_of(number))


@control.post("/orders/{number}/cancel", response=answers(schemas.OrderTold), tags=["orders"], summary="Cancel it")
def cancel(request: HttpRequest, number: str) -> dict[str, Any]:
    """The buyer has changed their mind."""
    return acts.shown(runner.do(lambda: acts.cancel(number)))


@control.post("/orders/{number}/deliver", response=answers(schemas.OrderTold), tags=["orders"], summary="Deliver it")
def deliver(request: HttpRequest, number: str) -> dict[str, Any]:
    """Every parcel of it, now."""
    runner.do(lambda: acts.deliver(number))
    return order(request, number)


@control.post(
    "/orders/{number}/returns", response=answers(list[schemas.ReturnTold]), tags=["orders"], summary="Send it back"
)
def send_back(request: HttpRequest, number: str, body: schemas.NewReturn) -> list[dict[str, Any]]:
    """The buyer asks to return all of it. Its label is a parcel that can be scanned."""
    made = runner.do(lambda: acts.send_back(number, reason=body.reason, comment=body.comment))
    return [acts.shown_return(row) for row in made]


@control.post(
    "/orders/{number}/messages", response=answers(schemas.Conversation), tags=["orders"], summary="Write about it"
)
def write(request: HttpRequest, number: str, body: schemas.NewMessage) -> dict[str, Any]:
    """The buyer writes to the seller."""
    return {"number": runner.do(lambda: acts.write(number, text=body.text, subject=body.subject))}


@control.post(
    "/parcels/{tracking_number}/scans", response=answers(schemas.Clock), tags=["orders"], summary="Scan a parcel"
)
def scan(request: HttpRequest, tracking_number: str, body: schemas.NewScan) -> dict[str, Any]:
    """The carrier scans it now; a parcel with a label bought here has every planned scan before that one, too."""
    runner.do(lambda: acts.scan(tracking_number, kind=body.kind, place=body.place))
    return _time()


# --- what is outside ------------------------------------------------------------------------------------------------


@control.get("/image-host", response=answers(schemas.ImageHostTold), tags=["outside"], summary="The image host")
def image_host(request: HttpRequest) -> dict[str, Any]:
    """Its address, how it can fail, how it does, and what was asked of it."""
    host = _host()
    return {
        "url": host.url(""),
        "kinds": sorted(BEHAVIOURS),
        "faults": [{"path": f.prefix, "kind": f.kind, "left": f.left} for f in host.faults()],
        "requests": [{"method": r.method, "path": r.path, "status": r.status} for r in list(host.requests)[-500:]],
    }


@control.post("/image-host/faults", response=answers(schemas.ImageHostTold), tags=["outside"], summary="Let it fail")
def fail(request: HttpRequest, body: schemas.NewFault) -> dict[str, Any]:
    """Pictures whose path begins so fail."""
    if body.kind not in BEHAVIOURS:
        raise UnknownFault(kind=body.kind, kinds=", ".join(sorted(BEHAVIOURS)))
    _host().fail(body.path, body.kind, times=body.times)
    return image_host(request)


@control.delete("/image-host/faults", response=answers(schemas.ImageHostTold), tags=["outside"], summary="Heal it")
def heal(request: HttpRequest) -> dict[str, Any]:
    """End all faults."""
    _host().heal()
    return image_host(request)


@control.get("/outbox", response=answers(list[schemas.Mail]), tags=["outside"], summary="Mails")
def outbox(request: HttpRequest) -> list[dict[str, Any]]:
    """What was sent, the latest first; at most 500."""
    rows = OutboxMail.objects.order_by("-created_at", "-id")[:500]
    return [{"to": m.to, "subject": m.subject, "text": m.text, "created_at": m.created_at} for m in rows]


@control.get("/notifications", response=answers(list[schemas.Notice]), tags=["outside"], summary="Notifications")
def notifications(request: HttpRequest) -> list[dict[str, Any]]:
    """What went or goes to webhooks and queues, the latest first; at most 500."""
    rows = Notice.objects.select_related("destination").order_by("-created_at", "-id")[:500]
    return [
        {
            "id": str(row.pk),
            "kind": row.kind,
            "destination": row.destination.name,
            "state": row.state,
            "attempts": row.attempts,
            "last_error": row.last_error,
            "body": row.body,
            "created_at": row.created_at,
        }
        for row in rows
    ]


@control.post(
    "/allow", response=answers(schemas.Allowed), tags=["outside"], summary="Take pictures from a test's own server"
)
def allow(request: HttpRequest, body: schemas.Allowed) -> dict[str, Any]:
    """Pictures may come from this port of this machine. Webhooks may go to any."""
    pairs = [f"{host}:{body.port}" for host in ("127.0.0.1", "localhost")]
    settings.FONDACO_FETCH_ALLOW = [*dict.fromkeys([*settings.FONDACO_FETCH_ALLOW, *pairs])]
    return {"port": body.port}


def _host() -> Any:
    host = beside.image_host()
    if host is None:
        raise NotFound(what="image host")
    return host


def _time() -> dict[str, Any]:
    return {"now": clock.now(), "clock": "stands" if clock.stands() else "runs"}


# --- refusals: as the store's own API says them -------------------------------------------------------------------


@control.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return door.refused(request, refusal)


@control.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: Exception) -> HttpResponse:
    from fondaco.api.callers import CallerUnknown

    return door.refused(request, CallerUnknown())


@control.exception_handler(HttpError)
def _http(request: HttpRequest, _error: HttpError) -> HttpResponse:
    return door.refused(request, door.Unreadable())


@control.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return door.refused(request, Invalid(), [door._fault(fault) for fault in error.errors])
