"""The capture page's answer to a twelve-megapixel JPEG in a real browser, and the server's inspection of the same file.

The browser runs the page's own script on a file that is at hand; nothing is sent. Two photographs: one with grain
everywhere, which is the most that a decoder is given (nine megabytes), and one as a phone takes it.
"""

from __future__ import annotations

import base64
import os
import statistics
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.row import Row

STATIC = Path(__file__).resolve().parent.parent / "fondaco" / "messaging" / "static"
ROUNDS, ROUNDS_SHORT = 15, 5
LOOK_MS, INSPECT_S = 300, 1.0


def run(*, short: bool) -> list[Row]:
    """Milliseconds in the browser, seconds of processor time on the server."""
    from fondaco.messaging.tests.factories import photo_bytes

    rounds = ROUNDS_SHORT if short else ROUNDS
    photos = {
        "grain everywhere": photo_bytes(seed=71, width=4000, height=3000),
        "as a phone takes it": photo_bytes(seed=71, width=4000, height=3000, blur=1.2),
    }
    rows = []
    for name, data in photos.items():
        size = f"{len(data) / 1e6:.1f} MB"
        times = look(data, rounds=rounds)
        if times:
            median, best = statistics.median(times), min(times)
            told = f"{size}, best {best:.0f} ms"
            rows.append(
                Row(
                    f"capture page: 12 MP, {name}",
                    median,
                    "ms",
                    told,
                    median / LOOK_MS,
                    f"< {LOOK_MS} ms",
                    median < LOOK_MS,
                )
            )
        clock, processor = inspect(data, rounds=max(3, rounds // 3))
        told = f"{size}, {processor:.2f} s of processor"
        rows.append(
            Row(
                f"inspection: 12 MP, {name}",
                clock,
                "s",
                told,
                clock / INSPECT_S,
                f"< {INSPECT_S:.0f} s",
                clock < INSPECT_S,
            )
        )
    return rows


def look(jpeg: bytes, *, rounds: int) -> list[float]:
    """Milliseconds that the page's first look takes, each time anew; nothing where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    handler = partial(_Quiet, directory=str(STATIC))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as play:
            path = os.environ.get("FONDACO_CHROMIUM") or None
            browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/messaging/")
            times: list[float] = page.evaluate(_LOOK, [base64.b64encode(jpeg).decode(), rounds])
            browser.close()
    finally:
        server.shutdown()
    return times


_LOOK = """async ([text, rounds]) => {
  const { look } = await import("/messaging/capture.js");
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const times = [];
  for (let n = 0; n <= rounds; n += 1) {
    const file = new File([bytes, new Uint8Array([n])], "photo.jpg", { type: "image/jpeg" });
    const began = performance.now();
    await look(file);
    times.push(performance.now() - began);
  }
  return times.slice(1);  // the first one loads the decoder
}"""


def inspect(jpeg: bytes, *, rounds: int) -> tuple[float, float]:
    """Seconds by the clock and of processor time, the median of each."""
    from fondaco.messaging.evidence.judge import judge_file

    clock, processor = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        judge_file(jpeg, name="photo.jpg", formats=("jpg",), max_bytes=20_000_000)
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    return statistics.median(clock), statistics.median(processor)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing of it on the terminal."""
