"""The sandbox from outside: what a program and the control API see."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fondaco.sandbox.client import Control, ControlError, Sandbox
from fondaco.sandbox.tests.speaking import Program

MONDAY = datetime(2026, 1, 5, 15, tzinfo=UTC)


def _picture(server: Sandbox, **given: str) -> dict[str, object]:
    locator = {"media_location": server.control.picture(**given), "marketplace_id": "ATVPDKIKX0DER"}
    return {"main_product_image_locator": [locator]}


def test_each_test_has_its_own_store_within_300_ms(fondaco_server):
    program = Program(fondaco_server)
    took = []
    for _ in range(10):
        program.list_mug()
        began = time.perf_counter()
        fondaco_server.control.reset()
        took.append(time.perf_counter() - began)
        program = Program(fondaco_server)
        status, _ = program.call(
            "GET", f"/listings/2021-08-01/items/{program.seller}/MUG-1?marketplaceIds=ATVPDKIKX0DER"
        )
        assert status == 404
    print(f"store put back: median {sorted(took)[5] * 1000:.0f} ms, longest {max(took) * 1000:.0f} ms")
    assert sorted(took)[5] < 0.3


def test_the_same_calls_get_the_same_ids_and_tokens(fondaco_server):
    def story() -> list[object]:
        program = Program(fondaco_server)
        program.list_mug(**_picture(fondaco_server))
        order = fondaco_server.control.place_order("MUG-1")
        listing = program.listing()
        return [program.token, order["number"], order["items"][0]["id"], order["placed_at"], listing]

    first = story()
    fondaco_server.control.reset()
    assert story() == first


def test_two_servers_of_one_seed_are_alike_and_another_seed_is_not(fondaco_server):
    with Sandbox() as twin:
        assert Program(twin).token == Program(fondaco_server).token
        assert twin.control.store()["sellers"] == fondaco_server.control.store()["sellers"]
        assert twin.credentials.client_id == fondaco_server.credentials.client_id
        assert twin.credentials.refresh_token == fondaco_server.credentials.refresh_token
    with Sandbox("--seed", "2") as other:
        assert other.credentials.client_id != fondaco_server.credentials.client_id
        assert other.credentials.seller_id != fondaco_server.credentials.seller_id


def test_the_clock_stands_until_it_is_moved(fondaco_server):
    control = fondaco_server.control
    assert control.now == MONDAY
    time.sleep(1.1)
    assert control.now == MONDAY
    assert control.advance(days=3, hours=2) == MONDAY + timedelta(days=3, hours=2)
    with pytest.raises(ControlError) as refused:
        control.set_clock(at=MONDAY)
    assert refused.value.code == "time_runs_forward"
    control.set_clock(runs=True)
    first = control.now
    time.sleep(0.1)
    assert control.now > first


def test_an_order_goes_its_way(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    program.list_mug(**_picture(fondaco_server))
    order = control.place_order("MUG-1", 2)
    path = f"/orders/2026-01-01/orders/{order['number']}?includedData=FULFILLMENT"
    assert program.call("GET", path)[1]["order"]["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    with pytest.raises(ControlError) as refused:
        control.deliver(order["number"])
    assert refused.value.code == "nothing_sent"
    confirmed = {
        "marketplaceId": "ATVPDKIKX0DER",
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "Meridian",
            "trackingNumber": "MD100",
            "shipDate": MONDAY.isoformat(),
            "orderItems": [{"orderItemId": order["items"][0]["id"], "quantity": 2}],
        },
    }
    read = program.call("GET", path)[1]["order"]
    confirmed["packageDetail"]["orderItems"][0]["orderItemId"] = read["orderItems"][0]["orderItemId"]
    status, answer = program.call("POST", f"/orders/v0/orders/{order['number']}/shipmentConfirmation", confirmed)
    assert status == 204, answer
    control.scan("MD100", "accepted", place="Columbus, OH")
    assert program.call("GET", path)[1]["order"]["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    control.advance(days=2)
    assert control.deliver(order["number"])["status"] == "delivered"
    back = control.send_back(order["number"])
    assert back["acceptance"] == "requested"  # this seller is not in the programme: it decides itself
    assert any(order["number"] in mail["text"] + mail["subject"] for mail in control.outbox())


def test_a_buyer_cancels_and_the_program_sees_it(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    program.list_mug()
    order = control.place_order("MUG-1", 2)["number"]
    assert control.cancel(order)["status"] == "cancelled"
    path = f"/orders/2026-01-01/orders/{order}?includedData=FULFILLMENT"
    assert program.call("GET", path)[1]["order"]["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    with pytest.raises(ControlError):
        control.cancel(order)
    with pytest.raises(ControlError) as refused:
        control.cancel("000-0000000-0000000")
    assert refused.value.code == "not_found"


def test_a_buyer_writes_and_the_seller_is_told(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    program.list_mug()
    order = control.place_order("MUG-1")["number"]
    before = len(control.outbox())
    assert control.write(order, "Is the glaze safe for food?", subject="product_question")
    control.settle()
    told = [mail for mail in control.outbox()[: len(control.outbox()) - before] if "glaze safe" in mail["text"]]
    assert told
    with pytest.raises(ControlError) as refused:
        control.write(order, "x", subject="gossip")
    assert refused.value.code == "invalid"


def test_pictures_come_from_a_tests_own_server_once_it_is_allowed(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    with urllib.request.urlopen(control.picture("mug", 2)) as found:
        picture = found.read()
    asked: list[str] = []

    class Pictures(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pictures) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/mug.jpg"
        locator = {"main_product_image_locator": [{"media_location": url, "marketplace_id": "ATVPDKIKX0DER"}]}
        program.list_mug("MUG-1", **locator)
        assert asked == []  # a private address is not asked unless the test says so
        control.allow(server.server_port)
        program.list_mug("MUG-2", **locator)
        control.settle()
        assert asked == ["/mug.jpg"]
        assert program.listing("MUG-2")["summaries"][0].get("mainImage")
        server.shutdown()


def test_pictures_fail_as_told_and_come_when_healed(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    control.fail("503", path="/good/mug/")
    program.list_mug(**_picture(fondaco_server))
    assert [r["status"] for r in control.image_host()["requests"]] == [503]
    control.heal()
    control.advance(minutes=30)
    assert [r["status"] for r in control.image_host()["requests"]][-1] == 200
    assert program.listing()["summaries"][0].get("mainImage")


def test_what_a_client_keeps_goes_on_working_over_days_and_resets(fondaco_server):
    program = Program(fondaco_server)
    fondaco_server.control.advance(days=40)
    assert program.call("GET", "/sellers/v1/account")[0] == 200
    fondaco_server.control.reset()
    assert program.call("GET", "/sellers/v1/account")[0] == 200


def test_a_snapshot_brings_back_store_clock_and_ids(fondaco_server):
    control, program = fondaco_server.control, Program(fondaco_server)
    program.list_mug()
    control.snapshot("listed")
    first = control.place_order("MUG-1")["number"]
    control.advance(days=1)
    control.restore("listed")
    assert control.now == MONDAY
    with pytest.raises(ControlError):
        control.order(first)
    assert control.place_order("MUG-1")["number"] == first
    assert "listed" in control.store()["snapshots"]


def test_without_its_token_the_control_api_says_no(fondaco_server):
    with pytest.raises(ControlError) as refused:
        Control(fondaco_server.control.url, "guessed").store()
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/orders", {"items": [{"sku": "NOT-THERE"}]}, "not_found"),
        ("/orders", {"items": []}, "invalid"),
        ("/orders", {"itmes": []}, "invalid"),
        ("/image-host/faults", {"kind": "sulk"}, "unknown_fault"),
        ("/snapshots/nothing/restore", None, "not_found"),
        ("/parcels/NOBODY/scans", {"kind": "delivered"}, "not_found"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_code(fondaco_server, path, body, code):
    with pytest.raises(ControlError) as refused:
        fondaco_server.control._call("POST", path, body)
    assert refused.value.code == code


def test_a_folder_keeps_the_store_and_its_ids_go_on(tmp_path):
    with Sandbox("--data", str(tmp_path)) as first:
        program = Program(first)
        program.list_mug()
    with Sandbox("--data", str(tmp_path)) as second:
        assert second.credentials == type(second.credentials)(
            **{**{n: getattr(first.credentials, n) for n in ("client_id", "client_secret", "refresh_token", "seller_id")},
               "token_url": second.credentials.token_url}
        )  # fmt: skip
        program = Program(second)
        assert program.listing()["sku"] == "MUG-1"
        program.list_mug("MUG-2")
        assert second.control.place_order("MUG-2")["number"]


def test_it_stops_cleanly_and_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    sandbox = Sandbox()
    assert list(tmp_path.glob("fondaco-sandbox-*"))
    assert sandbox.stop() == 0
    assert list(tmp_path.glob("fondaco-sandbox-*")) == []


def test_it_listens_on_this_machine_only():
    command = [sys.executable, "-m", "fondaco.config.cli", "sandbox", "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "this machine only" in done.stderr


def test_the_control_api_is_not_there_in_a_store(client, db):
    assert client.get("/sandbox/v1/").status_code == 404
    assert client.get("/sandbox/v1/openapi.json").status_code == 404
