"""Notices on their way: signed, at least once, kept off a destination that is down, and never lost."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from moto.server import ThreadedMotoServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from fondaco.engine import clock
from fondaco.engine.fetch.tests.receivers import webhook
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi import senders
from fondaco.spapi.models import Destination, Notice, NoticeState
from fondaco.spapi.operations import access, deliveries, notices, notifications
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.tests.client import make_client

pytestmark = pytest.mark.django_db
SUBSCRIPTIONS = "/notifications/v1/subscriptions"


@pytest.fixture
def hook(settings):
    with webhook() as made:
        settings.FONDACO_WEBHOOK_ALLOW = [f"127.0.0.1:{made.port}"]
        settings.FONDACO_SPAPI_LIMITS = 0
        yield made


@pytest.fixture
def subscribed(client_of, hook):
    """A client that hears of finished feeds at the hook."""
    body = {"name": "Mine", "resourceSpecification": {"webhook": {"url": hook.url}}}
    response = client_of.call("POST", "/notifications/v1/destinations", body=body)
    _subscribe(client_of, response.json()["payload"]["destinationId"])
    client_of.webhook_secret = response.headers["x-fondaco-webhook-secret"]
    return client_of


def _subscribe(client, destination_id) -> None:
    wanted = {"destinationId": destination_id, "payloadVersion": "1.0"}
    client.ok("POST", f"{SUBSCRIPTIONS}/{rules.FEED_FINISHED}", body=wanted)


def _event(client, key: str = "feed:1") -> None:
    notices.tell(
        client.seller.pk,
        rules.FEED_FINISHED,
        event_key=key,
        at=clock.now(),
        payload=lambda: {"feedProcessingFinishedNotification": {"feedId": key}},
    )


def _later(**step: float) -> None:
    """Let time pass, and let the sweep find what is due."""
    clock.set_to(at=clock.now() + timedelta(**step))
    for pk in deliveries.due(at=clock.now()):
        deliveries.deliver(pk)


def _destination() -> Destination:
    return Destination.objects.get()


def test_a_webhook_is_signed_by_the_standard(subscribed, hook):
    _event(subscribed)
    run_tasks()
    ((headers, body),) = hook.got
    signed = Webhook(subscribed.webhook_secret)
    # The library holds the time against the machine's clock; the store's clock is the tests' own.
    said = signed.sign(headers["webhook-id"], clock.now().replace(microsecond=0), body.decode())
    assert headers["webhook-signature"].split()[0].startswith("v1,")
    notice = Notice.objects.get()
    assert headers["webhook-id"] == str(notice.pk) == json.loads(body)["notificationMetadata"]["notificationId"]
    assert said.startswith("v1,")
    assert notice.state == NoticeState.SENT
    assert notice.last_error == ""


def test_the_signature_verifies_and_a_changed_body_does_not(hook):
    from datetime import UTC, datetime

    secret = rules.secret_of("server key", "abc", 1)
    now = datetime.now(UTC)
    headers = rules.signatures([secret], message_id="m", at=now, body=b'{"a":1}')
    assert Webhook(secret).verify(b'{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b'{"a":2}', headers)


def test_an_event_that_is_told_twice_is_sent_once(subscribed, hook):
    _event(subscribed)
    _event(subscribed)
    run_tasks()
    run_tasks()
    assert len(hook.got) == 1


def test_two_tasks_at_once_send_one(subscribed, hook):
    _event(subscribed)
    forget_tasks()
    pk = _destination().pk
    inside: list[int] = []

    def answer() -> int:
        inside.append(1)
        return 204

    hook.answers = [answer]
    claimed = deliveries._claim(pk)
    assert claimed is not None
    assert deliveries.deliver(pk) == 0, "somebody else is sending"
    Destination.objects.filter(pk=pk).update(claimed_until=None)
    assert deliveries.deliver(pk) == 1
    assert deliveries.deliver(pk) == 0
    assert len(hook.got) == len(inside) == 1


def test_killed_between_sending_and_writing_it_is_sent_again_with_the_same_id(subscribed, hook, monkeypatch):
    _event(subscribed)
    forget_tasks()
    pk = _destination().pk

    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(deliveries, "_settle", killed)
    monkeypatch.setattr(Destination.objects, "filter", lambda **_: Destination.objects.none())
    with pytest.raises(KeyboardInterrupt):
        deliveries.deliver(pk)
    monkeypatch.undo()
    hook_allow = senders.settings.FONDACO_WEBHOOK_ALLOW
    assert hook_allow
    assert Notice.objects.get().state == NoticeState.WAITING
    assert deliveries.deliver(pk) == 0, "the dead task still holds the destination"
    _later(minutes=3)
    first, second = hook.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_receiver_that_fails_is_left_alone_and_then_gets_everything_in_order(subscribed, hook):
    hook.answers = [500, 503]
    for n in range(4):
        _event(subscribed, f"feed:{n}")
    run_tasks()
    assert len(hook.got) == 1, "after a 500 nothing else is tried"
    assert Notice.objects.get(attempts=1).last_error == "HTTP 500"
    _later(seconds=1)
    assert len(hook.got) == 1
    _later(seconds=10)
    assert len(hook.got) == 2
    _later(seconds=40)
    _later(minutes=5)
    ids = [h["webhook-id"] for h, _ in hook.got]
    assert len(set(ids)) == 4
    assert not Notice.objects.exclude(state=NoticeState.SENT.value).exists()
    assert _destination().failures == 0


def test_one_message_that_is_refused_does_not_hold_the_others_up(subscribed, hook):
    hook.answers = [400]
    _event(subscribed, "feed:0")
    _event(subscribed, "feed:1")
    run_tasks()
    assert len(hook.got) == 2
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["sent", "waiting"]


def test_a_receiver_that_asks_for_time_gets_it(subscribed, hook):
    hook.answers, hook.headers = [429], {"Retry-After": "600"}
    _event(subscribed)
    run_tasks()
    _later(minutes=9)
    assert len(hook.got) == 1
    _later(minutes=2)
    assert len(hook.got) == 2


def test_a_slow_receiver_is_hung_up_on(subscribed, hook, monkeypatch):
    monkeypatch.setattr(senders, "TIMEOUT_S", 0.3)
    hook.slow_s = 2.0
    _event(subscribed, "feed:0")
    _event(subscribed, "feed:1")
    run_tasks()
    assert len(hook.got) == 1
    assert "no answer" in Notice.objects.get(attempts=1).last_error
    assert _destination().paused_until > clock.now()


def test_a_receiver_that_is_gone_for_good_ends_the_notice(subscribed, hook):
    hook.answers = [410]
    _event(subscribed)
    run_tasks()
    assert Notice.objects.get().state == NoticeState.DEAD


def test_after_the_last_try_a_notice_is_dead_and_can_be_sent_again(subscribed, hook):
    hook.answers = [400] * (len(rules.WAITS) + 1)
    _event(subscribed)
    run_tasks()
    for _ in rules.WAITS:
        _later(hours=9)
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == (NoticeState.DEAD, len(rules.WAITS) + 1)
    _later(hours=9)
    assert len(hook.got) == len(rules.WAITS) + 1
    with pytest.raises(deliveries.NotFound):
        deliveries.resend(make_client(make_seller("Other")).caller, notice_id=notice.pk)
    deliveries.resend(subscribed.caller, notice_id=notice.pk)
    with pytest.raises(deliveries.NoticeUnderway):
        deliveries.resend(subscribed.caller, notice_id=notice.pk)
    run_tasks()
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_destination_that_is_down_for_days_lets_go_of_what_waits(subscribed, hook):
    hook.answers = [500] * 200
    for n in range(3):
        _event(subscribed, f"feed:{n}")
    run_tasks()
    for _ in range(9):
        _later(hours=9)
    assert set(Notice.objects.values_list("state", flat=True)) == {"dead"}
    assert len(hook.got) < 20


def test_for_a_week_both_secrets_sign(subscribed, hook):
    before = subscribed.webhook_secret
    rotated = notifications.rotate_webhook_secret(subscribed.caller, destination_id=_destination().pk)
    after = notifications.secret_of(rotated)
    assert before != after
    _event(subscribed, "feed:0")
    run_tasks()
    clock.set_to(at=clock.now() + timedelta(days=8))
    _event(subscribed, "feed:1")
    run_tasks()
    both, last = [h["webhook-signature"].split() for h, _ in hook.got]
    assert [len(both), len(last)] == [2, 1]
    for (headers, body), signatures in zip(hook.got, (both, last), strict=True):
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        made = [f"v1,{_mac(secret, signed)}" for secret in (after, before)]
        assert signatures == made[: len(signatures)]


def _mac(secret: str, signed: bytes) -> str:
    import hashlib
    import hmac

    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_nothing_is_sent_once_the_access_ended(subscribed, hook):
    _event(subscribed)
    access.revoke(subscribed.caller, grant_id=subscribed.application.grants.get(revoked_at__isnull=True).pk)
    run_tasks()
    assert not hook.got
    assert Notice.objects.get().state == NoticeState.DEAD


def test_an_address_in_a_private_network_is_never_reached(subscribed, hook, settings):
    settings.FONDACO_WEBHOOK_ALLOW = []
    Destination.objects.update(address=f"https://127.0.0.1:8443/{hook.port}")
    _event(subscribed)
    run_tasks()
    assert "private network" in Notice.objects.get().last_error
    assert not hook.got


def test_loopback_opens_every_port_of_this_machine_and_nothing_else(settings):
    settings.FONDACO_WEBHOOK_ALLOW = ["loopback"]
    assert not senders.refused_address("http://127.0.0.1:4711/in")
    assert not senders.refused_address("http://localhost/")
    for other in (
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
        "http://10.0.0.1:4711/",
        "http://[::1]/",
    ):
        assert senders.refused_address(other), other


def test_what_was_sent_long_ago_is_forgotten(subscribed, hook):
    _event(subscribed)
    run_tasks()
    assert deliveries.forget_old(at=clock.now()) == 0
    assert deliveries.forget_old(at=clock.now() + timedelta(days=31)) == 1


# --- queues -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def queues(settings):
    """A service that speaks SQS, with one queue; what is in it is read with the ordinary client."""
    import boto3

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    settings.FONDACO_SQS_ENDPOINT = endpoint
    settings.FONDACO_SQS_ACCESS_KEY = settings.FONDACO_SQS_SECRET_KEY = "test"
    settings.FONDACO_SPAPI_LIMITS = 0
    client = boto3.client(
        "sqs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    try:
        yield client
    finally:
        server.stop()


def _queue_destination(client, queues, name: str) -> str:
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    body = {"name": "Queue", "resourceSpecification": {"sqs": {"arn": arn}}}
    return client.ok("POST", "/notifications/v1/destinations", body=body)["payload"]["destinationId"]


def test_a_queue_that_speaks_sqs_gets_the_message(client_of, queues):
    url = queues.create_queue(QueueName="mine")["QueueUrl"]
    _subscribe(client_of, _queue_destination(client_of, queues, "mine"))
    _event(client_of)
    run_tasks()
    assert Notice.objects.get().last_error == ""
    (message,) = queues.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["notificationMetadata"]["notificationId"] == str(Notice.objects.get().pk)
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_queue_that_is_not_there_is_said_and_tried_again(client_of, queues):
    _subscribe(client_of, _queue_destination(client_of, queues, "missing"))
    _event(client_of)
    run_tasks()
    notice = Notice.objects.get()
    assert notice.state == NoticeState.WAITING
    assert "QueueDoesNotExist" in notice.last_error
    url = queues.create_queue(QueueName="missing")["QueueUrl"]
    _later(seconds=10)
    assert len(queues.receive_message(QueueUrl=url)["Messages"]) == 1
