"""Labels to print: PDF (4 × 6 inches or A4 with a slip), PNG, and ZPL for thermal printers of 203 and 300 dpi.

PDF draws barcodes as shapes. For dots, typst draws everything but the barcodes, and those are set in whole dots a
module, so that a cheap scanner reads what a cheap printer printed. ZPL carries that picture: any script prints on
any printer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fondaco.fulfilment.documents import barcodes
from fondaco.fulfilment.documents.zpl import zpl_of
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.rules.labels import Purpose

_TEMPLATE = (Path(__file__).parent / "label.typ").read_bytes()
_PAGE_PT = (288, 432)
_MAIN = (9, 326, 270, 56)  # x, y, width, height in points: where label.typ leaves room
_ROUTING = (18, 248, 176, 38)
_QR = (213, 247, 58, 58)
_RETURN_BY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to print: its name in addresses, its MIME type and file extension."""

    name: str
    mime: str
    extension: str
    dpi: int = 0


FORMATS = {
    f.name: f
    for f in (
        Format("pdf", "application/pdf", "pdf"),
        Format("a4", "application/pdf", "pdf"),
        Format("png", "image/png", "png", 300),
        Format("zpl203", "application/zpl", "zpl", 203),
        Format("zpl300", "application/zpl", "zpl", 300),
    )
}


def render(label: Label, form: Format) -> bytes:
    """The file of a bought label. The same label and language give the same picture."""
    data = _data_of(label, sheet=form.name == "a4")
    if form.dpi == 0:
        return _typst(data, output="pdf")
    dots = _dots(label, data, form.dpi)
    if form.extension == "zpl":
        return zpl_of(dots, dpi=form.dpi).encode()
    grey = np.where(dots, 0, 255).astype(np.uint8)
    picture = pyvips.Image.new_from_memory(grey.tobytes(), dots.shape[1], dots.shape[0], 1, "uchar")
    per_mm = form.dpi / 25.4
    return bytes(picture.copy(xres=per_mm, yres=per_mm, interpretation="b-w").pngsave_buffer(bitdepth=1))


def _dots(label: Label, data: dict[str, Any], dpi: int) -> np.ndarray:
    """Height × width, true is black."""
    drawn = pyvips.Image.new_from_buffer(_typst(data, output="png", dpi=dpi, codes=False), "")
    grey = drawn.flatten(background=[255, 255, 255]).colourspace("b-w")[0].numpy()
    width, height = (round(side * dpi / 72) for side in _PAGE_PT)
    dots = np.zeros((height, width), dtype=bool)
    rows, columns = min(height, grey.shape[0]), min(width, grey.shape[1])
    dots[:rows, :columns] = grey[:rows, :columns] < 150
    _set(dots, barcodes.code128(label.tracking_number), _MAIN, dpi, centred=True)
    if routing := _routing(label):
        _set(dots, routing[0], _ROUTING, dpi)
    _set(dots, barcodes.qr(_qr_text(label)), _QR, dpi)
    return dots


def _set(
    dots: np.ndarray, modules: barcodes.Modules, box: tuple[int, int, int, int], dpi: int, *, centred: bool = False
) -> None:
    """Paint modules into a box of points: as many whole dots a module as fit."""
    x, y, wide, high = (round(part * dpi / 72) for part in box)
    code = np.array(modules, dtype=bool)
    # A row of bars keeps ten modules of white at both ends of the page, or scanners do not find it.
    scale = max(1, round(_PAGE_PT[0] * dpi / 72) // (code.shape[1] + 20) if centred else wide // code.shape[1])
    tall = scale if code.shape[0] > 1 else high
    painted = np.repeat(np.repeat(code, tall, axis=0), scale, axis=1)
    left = x + (wide - painted.shape[1]) // 2 if centred else x
    dots[y : y + painted.shape[0], left : left + painted.shape[1]] = painted


def _typst(data: dict[str, Any], *, output: str, dpi: int = 0, codes: bool = True) -> bytes:
    made: Any = typst.compile(
        _TEMPLATE,
        format="png" if output == "png" else "pdf",
        ppi=dpi or None,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data), "codes": "yes" if codes else "no"},
    )
    return made if isinstance(made, bytes) else bytes(made[0])


@cache
def _fonts() -> Any:
    """The fonts that come with the packages: the same on every machine, whatever is installed there."""
    import cvttf_NotoSansCJK_Regular as cjk
    import font_source_sans_pro as latin

    folders = [str(Path(latin.font_directory)), str(Path(cjk.get_TTF_path()).parent)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _data_of(label: Label, *, sheet: bool) -> dict[str, Any]:
    main = barcodes.code128(label.tracking_number)
    routing = _routing(label)
    number = label.tracking_number
    return {
        "carrier": label.carrier_name,
        "service": label.service_name,
        "mark": "RETURN" if label.purpose == Purpose.RETURN else "",
        "weight": f"{label.weight_g / 1000:.2f} kg",
        "size": " × ".join(f"{side / 10:.0f}" for side in label.package.sides_mm) + " cm",
        "date": label.ship_at.astimezone(label.origin_zone).date().isoformat(),
        "from": label.from_lines,
        "to": label.to_lines,
        "words": {"from": "From", "to": "Ship to", "tracking": "Tracking number"},
        "tracking": number,
        "tracking-spaced": " ".join(number[i : i + 4] for i in range(0, len(number), 4)),
        "main": {"svg": barcodes.svg_of(main, high=60), "width": _width_pt(main, _MAIN[2])},
        "routing": routing
        and {
            "svg": barcodes.svg_of(routing[0], high=60),
            "width": _width_pt(routing[0], _ROUTING[2]),
            "text": routing[1],
        },
        "qr": barcodes.svg_of(barcodes.qr(_qr_text(label))),
        "references": list(label.references.items()),
        "sheet": _sheet_of(label) if sheet else None,
    }


def _width_pt(modules: barcodes.Modules, room: int) -> float:
    """At most 1.3 points a module: wide enough for any scanner."""
    return min(room, len(modules[0]) * 1.3)


def _routing(label: Label) -> tuple[barcodes.Modules, str] | None:
    """The ship-to postal code as GS1-128, where it has one that fits the code's alphabet."""
    code = "".join(c for c in label.destination.postal_code.upper() if c.isascii() and c.isalnum())[:9]
    if label.destination.country == "US":
        code = code[:5]
    if not code:
        return None
    return barcodes.gs1_routing(code), f"(420) {code}"


def _qr_text(label: Label) -> str:
    """What a phone reads: number, carrier, service, postal code."""
    to = label.destination
    return "|".join((label.tracking_number, label.carrier, label.service, to.postal_code, to.country))


def _sheet_of(label: Label) -> dict[str, Any]:
    is_return = label.purpose == Purpose.RETURN
    steps = (
        [
            _("Put the items of the slip below into a box, and the slip with them."),
            _("Cut the label out along the dashed line and stick it on the box. Cover older labels."),
            _("Hand the box to the carrier until %(date)s and keep the receipt.")
            % {"date": date_format(label.ship_at.astimezone(label.origin_zone).date() + _RETURN_BY)},
        ]
        if is_return
        else [
            _("Pack the items of the slip below, and put the slip into the box."),
            _("Cut the label out along the dashed line and stick it flat on the largest side."),
            _("Hand the box to the carrier on the ship date that the label names."),
        ]
    )
    return {
        "title": _("Return label") if is_return else _("Shipping label"),
        "slip": _("Return slip") if is_return else _("Packing slip"),
        "steps": steps,
        "columns": [_("Quantity"), _("Item"), _("SKU")],
        "lines": [
            {
                "quantity": int(row.get("quantity", 1)),
                "title": str(row.get("title", "")),
                "sku": str(row.get("sku", "")),
            }
            for row in label.contents
        ],
    }
