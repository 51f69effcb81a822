"""PDF pages as JPEG, in a process of its own with little memory and time: `python -m fondaco.messaging.evidence.pdf_pages`.

A PDF can hold programs, forms, files and its writer's name. What leaves is a picture of each page. The parent sends the
file to standard input and reads frames (eight bytes of length, then a JPEG) from standard output.
"""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import zlib

MOST_PAGES = 10
LONG_SIDE_PX = 1600
SECONDS = 10
MEMORY_BYTES = 1_500_000_000
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|OpenAction|AA|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b")


class UnreadablePdf(Exception):
    """It cannot be drawn: damaged, locked, or too much of it."""


def pages_of(data: bytes) -> list[bytes]:
    """Each page as JPEG, the first ten. Raises UnreadablePdf."""
    command = [sys.executable, "-m", "fondaco.messaging.evidence.pdf_pages"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS + 5, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadablePdf("too slow") from None
    if done.returncode != 0:
        raise UnreadablePdf(done.stderr.decode(errors="replace").strip()[-200:])
    return _frames(done.stdout)


def active_parts(data: bytes) -> tuple[str, ...]:
    """The names of what can act in it (`/JavaScript`, …), also inside compressed streams and written with `#xx`."""
    found: set[str] = set()
    for piece in (data, *_streams(data)):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), piece)
        found.update(m.group().decode() for m in _ACTIVE.finditer(plain))
    return tuple(sorted(found))


def _streams(data: bytes) -> list[bytes]:
    """Compressed object streams, each at most 1 MB, the first two hundred."""
    made = []
    for match in re.finditer(rb"/ObjStm.{0,300}?stream\r?\n", data, re.DOTALL):
        try:
            made.append(zlib.decompressobj().decompress(data[match.end() :], 1 << 20))
        except zlib.error:
            continue
        if len(made) >= 200:
            break
    return made


def _frames(out: bytes) -> list[bytes]:
    frames, at = [], 0
    while at + 8 <= len(out):
        size = int.from_bytes(out[at : at + 8], "big")
        frames.append(out[at + 8 : at + 8 + size])
        at += 8 + size
    if not frames:
        raise UnreadablePdf("no page")
    return frames


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            width, height = page.get_size()
            scale = min(2.5, LONG_SIDE_PX / max(width, height, 1))
            jpeg = _jpeg(page.render(scale=scale, may_draw_forms=False).to_numpy())
            sys.stdout.buffer.write(len(jpeg).to_bytes(8, "big") + jpeg)
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        sys.stderr.write(str(error))
        return 1
    return 0


def _jpeg(pixels: object) -> bytes:
    import numpy as np
    import simplejpeg

    array = np.asarray(pixels)
    if array.ndim == 2:
        array = array[:, :, None].repeat(3, axis=2)
    with io.BytesIO() as out:
        out.write(simplejpeg.encode_jpeg(np.ascontiguousarray(array[:, :, 2::-1]), quality=85, colorsubsampling="420"))
        return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
