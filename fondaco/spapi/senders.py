"""How a notification leaves: a signed POST to a webhook, or SendMessage to a queue that speaks SQS.

Both go over the guarded line of `engine.fetch`: a program's address never leads into the operator's own network, but for
the pairs that the operator lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop as N_

from fondaco.engine.fetch import FetchFault, FetchPolicy, allow_list, post
from fondaco.engine.fetch.target import read_url
from fondaco.spapi.models import Destination, DestinationKind
from fondaco.spapi.rules import notices

TIMEOUT_S = 10.0
_LOOPBACK = re.compile(r"(https?)://(127\.0\.0\.1|localhost)(?::([0-9]{1,5}))?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. `error` is "" when it was taken; `breaks_line`: the destination itself is in trouble."""

    error: str = ""
    breaks_line: bool = False
    never: bool = False
    asked_s: int | None = None

    @property
    def taken(self) -> bool:
        return not self.error


def policy(url: str) -> FetchPolicy:
    """Where notifications may go: public addresses over https, and the pairs in `FONDACO_WEBHOOK_ALLOW`. The word
    `loopback` there stands for every port of this machine, for sandboxes and tests."""
    listed = [each for each in settings.FONDACO_WEBHOOK_ALLOW if each != "loopback"]
    if "loopback" in settings.FONDACO_WEBHOOK_ALLOW and (here := _LOOPBACK.match(url)):
        listed.append(f"{here[2]}:{here[3] or (443 if here[1] == 'https' else 80)}")
    return FetchPolicy(
        timeout_s=TIMEOUT_S,
        ports=(443, 8443, 80),
        allow=allow_list(*listed),
        user_agent="Fondaco-Notifications/1",
    )


def refused_address(url: str) -> str:
    """Why a webhook may not be there, in words; "" when it may. Names are only resolved when something is sent."""
    rules = policy(url)
    try:
        target = read_url(url, rules)
    except FetchFault as fault:
        return _said(fault)
    if target.scheme != "https" and not rules.allows(target.host, target.port):
        return N_("A webhook's address begins with https://.")
    return ""


def send(destination: Destination, message: Mapping[str, Any], *, message_id: str, at: datetime) -> Outcome:
    """Send one message; whatever happens is an Outcome."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        if destination.kind == DestinationKind.WEBHOOK:
            return _webhook(destination, body, message_id, at)
        return _queue(destination, body)
    except FetchFault as fault:
        refused = fault.code in ("url_malformed", "scheme_not_allowed", "port_not_allowed", "credentials_in_url")
        return Outcome(_said(fault), breaks_line=True, never=refused)


def secrets_of(destination: Destination, *, at: datetime) -> list[str]:
    """The signing secrets that hold now, the newest first."""
    numbers = [destination.secret_number]
    if destination.old_secret_until and destination.old_secret_until > at and destination.secret_number > 1:
        numbers.append(destination.secret_number - 1)
    return [notices.secret_of(settings.SECRET_KEY, destination.pk.hex, number) for number in numbers]


def _webhook(destination: Destination, body: bytes, message_id: str, at: datetime) -> Outcome:
    headers = notices.signatures(secrets_of(destination, at=at), message_id=message_id, at=at, body=body)
    answered = post(
        destination.address,
        body=body,
        headers={"Content-Type": "application/json; charset=utf-8", **headers},
        policy=policy(destination.address),
    )
    if 200 <= answered.status < 300:
        return Outcome()
    return Outcome(
        f"HTTP {answered.status}",
        breaks_line=notices.breaks_line(answered.status),
        never=answered.status == 410,
        asked_s=answered.retry_after_s,
    )


# --- queues -----------------------------------------------------------------------------------------------------------


def queue_service() -> str:
    """The operator's queue endpoint (`{region}` is filled in), "" when there is none."""
    return str(settings.FONDACO_SQS_ENDPOINT).rstrip("/")


def _queue(destination: Destination, body: bytes) -> Outcome:
    """SendMessage of the SQS JSON protocol, signed by botocore and sent over our own line."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    if not queue_service():
        return Outcome(N_("This server sends to no queue service."), breaks_line=True)
    _arn, _aws, _sqs, region, account, name = destination.address.split(":", 5)
    endpoint = queue_service().replace("{region}", region)
    message = {"QueueUrl": f"{endpoint}/{account}/{name}", "MessageBody": body.decode()}
    request = AWSRequest(
        method="POST",
        url=f"{endpoint}/",
        data=json.dumps(message).encode(),
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"},
    )
    credentials = Credentials(settings.FONDACO_SQS_ACCESS_KEY, settings.FONDACO_SQS_SECRET_KEY)
    SigV4Auth(credentials, "sqs", region).add_auth(request)
    answered = post(
        f"{endpoint}/",
        body=request.data,
        headers={k: v for k, v in request.headers.items() if k.lower() not in ("host", "content-length")},
        policy=_queue_policy(endpoint),
    )
    if answered.status == 200:
        return Outcome()
    # A queue that is not there, or not ours to write to, is this destination's own trouble all the same.
    return Outcome(f"HTTP {answered.status} {_fault_of(answered.head)}".strip(), breaks_line=True)


def _queue_policy(endpoint: str) -> FetchPolicy:
    """The operator named this endpoint, so it may be private."""
    scheme, _, rest = endpoint.partition("://")
    host, _, port = rest.partition("/")[0].rpartition(":")
    pair = f"{host}:{port}" if host else f"{port}:{443 if scheme == 'https' else 80}"
    return FetchPolicy(timeout_s=TIMEOUT_S, allow=allow_list(pair), user_agent="Fondaco-Notifications/1")


def _fault_of(head: bytes) -> str:
    """The code that an SQS service gives for a refusal."""
    try:
        said = json.loads(head)
    except ValueError:
        return ""
    return str(said.get("__type", "")).rpartition("#")[2][:80] if isinstance(said, dict) else ""


_WORDS = {
    "address_refused": N_("The address leads into a private network."),
    "dns_failed": N_("The host name was not found."),
    "connect_failed": N_("The host did not accept a connection."),
    "tls_failed": N_("The host's certificate is not valid."),
    "timed_out": N_("There was no answer within ten seconds."),
    "bad_response": N_("The answer is not HTTP."),
    "url_malformed": N_("This is not a complete web address."),
    "scheme_not_allowed": N_("A webhook's address begins with https://."),
    "port_not_allowed": N_("Webhooks are sent to the ports 443 and 8443."),
    "credentials_in_url": N_("The address holds a user name or password."),
}


def _said(fault: FetchFault) -> str:
    return _WORDS.get(fault.code, fault.code)
