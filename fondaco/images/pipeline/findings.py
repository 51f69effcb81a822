"""The catalogue of finding codes: what a fault is called, says, why it matters, and how to mend it.

Pages, reports, the API and the help centre take their words from here. The strings are English gettext
msgids, marked by a `_` that does nothing here: this module needs no Django, the shells translate by code.
Templates hold `%(measured)s` and `%(limit)s`, filled by `spoken()` in the unit of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fondaco.kit.findings import Finding, Severity


def _(msgid: str) -> str:
    """Marks a msgid for extraction."""
    return msgid


@dataclass(frozen=True, slots=True)
class Kind:
    """One code of the catalogue.

    `unit` is that of `measured` and `limit`: px, bytes, %, count, level (0-255), quality (1-100), format,
    name, sha256, ratio or "". `submission_error` is the published number of B-IMG-08, `suppression` the
    published reason of B-IMG-09. `unreadable` kinds mean that no verdict on the content is possible; `flag`
    kinds ask a person to look and never reject alone. `on` says where the finding is drawn.
    """

    code: str
    title: str
    message: str
    fix: str
    why: str
    clause: str
    unit: str = ""
    submission_error: int | None = None
    suppression: str | None = None
    unreadable: bool = False
    flag: bool = False


# Suppression reasons of B-IMG-09, in their published order.
TEXT_OR_MARK = _("Text, logo, graphic or watermark")
NOT_WHITE = _("Background not white")
CROPPED = _("Product cropped")
BLURRED = _("Blurred or pixelated")
SMALL = _("Product too small")

_KINDS = (
    # ---- the file
    Kind(
        "not_an_image",
        _("Not an image"),
        _("The file is not a picture: its content was recognised as %(measured)s."),
        _("Send the picture itself, saved as JPEG. A web page, a document or an archive that contains it will not do."),
        _("Only the content decides what a file is; its name does not."),
        "Q-18",
        "format",
        unreadable=True,
    ),
    Kind(
        "format_not_accepted",
        _("Format not accepted"),
        _("The picture is encoded as %(measured)s; accepted here: %(limit)s."),
        _("Convert the picture to JPEG and submit it again. Renaming the file does not convert it."),
        _("Accepted formats are those that every shop page and tool can show without surprises."),
        "IMG-20",
        "format",
    ),
    Kind(
        "extension_mismatch",
        _("Name and content differ"),
        _("The file name says %(limit)s, but the content is %(measured)s."),
        _("Save the picture again in the format its name promises."),
        _("A wrong file extension is a common sign of a picture that was renamed instead of converted."),
        "Q-18",
        "format",
    ),
    Kind(
        "animated",
        _("Animated"),
        _("The picture is an animation of %(measured)s frames."),
        _("Submit a single still picture."),
        _("An animated picture cannot be a product image."),
        "B-IMG-02",
        "count",
    ),
    Kind(
        "multi_page",
        _("Several pages"),
        _("The file holds %(measured)s pictures or pages."),
        _("Save the page you mean as a picture of its own."),
        _("It is unclear which of several pages is meant."),
        "Q-18",
        "count",
    ),
    Kind(
        "corrupt_pixels",
        _("Damaged file"),
        _("The picture is damaged or incomplete: it cannot be read to its end."),
        _("Export or upload the picture again; the file was probably cut off on its way."),
        _("A damaged picture shows grey areas or nothing at all to buyers."),
        "IMG-19",
        unreadable=True,
    ),
    Kind(
        "bytes_after_image",
        _("Foreign bytes in the file"),
        _("The file holds %(measured)s that do not belong to the picture."),
        _("Save the picture again from an image editor and submit the new file."),
        _("Such files can hide archives or programs inside a picture."),
        "IMG-20",
        "bytes",
    ),
    Kind(
        "too_large",
        _("Too many pixels"),
        _("The picture measures %(measured)s; at most %(limit)s can be taken."),
        _("Reduce the picture, for example to 2,000 pixels on the longest side."),
        _("Very large pictures take long to send and show no more detail on a page."),
        "B-IMG-02",
        "px",
    ),
    Kind(
        "file_too_big",
        _("File too big"),
        _("The file has %(measured)s; the limit is %(limit)s."),
        _("Reduce the picture to 2,000 pixels on the longest side and save it as JPEG of quality 85 to 90."),
        _("Big files fail on slow lines and gain nothing on the page."),
        "B-IMG-03",
        "bytes",
    ),
    Kind(
        "too_slow",
        _("Too complicated to read"),
        _("Reading the picture took longer than %(limit)s."),
        _("Save the picture again as a plain JPEG and submit the new file."),
        _("Files that take very long to open are held back to keep the service quick for everyone."),
        "IMG-19",
        "s",
        unreadable=True,
    ),
    # ---- size and shape
    Kind(
        "too_small",
        _("Too small"),
        _("The longest side has %(measured)s; at least %(limit)s are needed."),
        _("Take the picture from the camera's original file, without reducing it. Enlarging adds no detail."),
        _("A small picture looks blurred on a product page."),
        "B-IMG-01",
        "px",
        submission_error=1,
    ),
    Kind(
        "no_zoom",
        _("No zoom"),
        _("The longest side has %(measured)s; zoom works from %(limit)s."),
        _("Submit a larger original, 1,600 pixels or more on the longest side."),
        _("Buyers look closer before they decide; zoom sells."),
        "B-IMG-01",
        "px",
    ),
    Kind(
        "odd_size",
        _("Unusual shape"),
        _("The picture measures %(measured)s, which is too narrow or too small to show a product."),
        _("Submit a picture of usual proportions, best a square."),
        _("Lines, dots and banners are usually spacers or page decoration, not photographs."),
        "B-IMG-01",
        "px",
    ),
    Kind(
        "not_square",
        _("Not square"),
        _("The picture is not square: its sides differ by a factor of %(measured)s; at most %(limit)s is allowed."),
        _("Crop the picture to a square or add white ground at the narrow sides."),
        _("This marketplace shows pictures as squares only."),
        "B-IMG-01",
        "ratio",
    ),
    # ---- ground and product
    Kind(
        "background_not_white",
        _("Background not white"),
        _("The background is not pure white: its colour is %(measured)s instead of %(limit)s."),
        _(
            "Cut the product out on pure white, or photograph it on an evenly lit white ground and lift the white point."
        ),
        _("Main images stand side by side on a white page; another ground breaks the row."),
        "B-IMG-01",
        "level",
        submission_error=5,
        suppression=NOT_WHITE,
    ),
    Kind(
        "product_too_small",
        _("Product too small in the frame"),
        _("The product fills %(measured)s of the frame; at least %(limit)s are needed."),
        _("Crop the picture closer to the product."),
        _("A product that fills the frame can be recognised in a list of small pictures."),
        "B-IMG-01",
        "%",
        submission_error=4,
        suppression=SMALL,
    ),
    Kind(
        "touches_edge",
        _("Product touches the edge"),
        _("The product runs out of the frame on %(measured)s of its four sides."),
        _("Show the whole product, with a little white ground all around it."),
        _("A cropped product leaves the buyer guessing what is missing."),
        "B-IMG-09",
        "count",
        suppression=CROPPED,
    ),
    Kind(
        "no_subject",
        _("Nothing to see"),
        _("The picture is empty: no product stands out from the background."),
        _("Submit a picture in which the product can be seen."),
        _("An empty picture is usually a placeholder or a failed export."),
        "B-IMG-01",
        submission_error=8,
    ),
    Kind(
        "border",
        _("Border"),
        _("A border of %(measured)s is drawn around the picture."),
        _("Crop the border away."),
        _("Frames and borders are decoration; the image must show only the product."),
        "B-IMG-01",
        "px",
        suppression=TEXT_OR_MARK,
    ),
    Kind(
        "inset_rectangle",
        _("Picture inside the picture"),
        _("A rectangle with a ground of its own lies on the white ground."),
        _("Submit the photograph itself, cut out on white; do not paste a photograph on a white canvas."),
        _("A pasted photograph or inset is neither on white nor only the product."),
        "B-IMG-01",
        "%",
        submission_error=5,
        suppression=NOT_WHITE,
    ),
    # ---- sharpness and quality
    Kind(
        "out_of_focus",
        _("Out of focus"),
        _("The picture is blurred: edges spread over %(measured)s; up to %(limit)s count as sharp."),
        _("Take the picture again: clean the lens, tap the product to focus, use a stand or more light."),
        _("Blurred pictures hide what the buyer wants to check."),
        "B-IMG-08",
        "px",
        submission_error=2,
        suppression=BLURRED,
    ),
    Kind(
        "motion_blur",
        _("Camera shake"),
        _("The picture is smeared in one direction over about %(measured)s."),
        _("Take the picture again with a stand, a timer or more light."),
        _("Shake blurs the whole product in one direction."),
        "B-IMG-08",
        "px",
        submission_error=2,
        suppression=BLURRED,
    ),
    Kind(
        "enlarged",
        _("Enlarged"),
        _("The picture was enlarged about %(measured)s times from a smaller one."),
        _("Submit the original in the size the camera made it."),
        _("Enlarging adds pixels, not detail; zoom then shows only blur."),
        "B-IMG-09",
        "ratio",
        submission_error=1,
        suppression=BLURRED,
    ),
    Kind(
        "pixelated",
        _("Pixelated"),
        _("The picture consists of visible squares of about %(measured)s."),
        _("Submit the original; this one was enlarged without smoothing or made a mosaic."),
        _("Visible squares look like a broken picture."),
        "B-IMG-09",
        "px",
        submission_error=1,
        suppression=BLURRED,
    ),
    Kind(
        "over_compressed",
        _("Compressed too much"),
        _("The JPEG quality is about %(measured)s; at least %(limit)s is needed."),
        _("Save the original again with quality 85 to 90."),
        _("Strong compression leaves blocks and smeared colours that no later saving removes."),
        "B-IMG-08",
        "quality",
        submission_error=1,
    ),
    # ---- light
    Kind(
        "too_dark",
        _("Too dark"),
        _("The brightest parts reach only %(measured)s of 255; %(limit)s are needed."),
        _("Use more light or lift the exposure."),
        _("Details drown in a dark picture."),
        "B-IMG-08",
        "level",
        submission_error=1,
    ),
    Kind(
        "too_bright",
        _("Too bright"),
        _("%(measured)s of the product is burnt out to white; at most %(limit)s may be."),
        _("Lower the exposure; the white of the ground should just be reached, the product should not."),
        _("Burnt-out areas hold no colour or texture any more."),
        "B-IMG-08",
        "%",
        submission_error=1,
    ),
    Kind(
        "low_contrast",
        _("Flat contrast"),
        _("Light and dark differ by only %(measured)s of 255 levels; %(limit)s are needed."),
        _("Avoid haze and back light, clean the lens, and set black and white points."),
        _("A flat picture hides shape and texture."),
        "B-IMG-08",
        "level",
        submission_error=1,
    ),
    # ---- content, for a person to judge
    Kind(
        "text_or_mark",
        _("Text or mark"),
        _("There may be text, a logo or a watermark outside the product."),
        _("Remove added text, logos and watermarks. What is printed on the product itself may stay."),
        _("The main image shows the product only."),
        "B-IMG-01",
        "%",
        suppression=TEXT_OR_MARK,
        flag=True,
    ),
    Kind(
        "person_present",
        _("Shows a person"),
        _("The picture seems to show a person."),
        _(
            "Make sure you hold a release of everyone who can be recognised, and that the product may be shown on a model."
        ),
        _("People have a right to their own picture."),
        "B-IMG-01",
        "%",
        flag=True,
    ),
    Kind(
        "nudity",
        _("May show nudity"),
        _("The picture may show nudity; a person will look at it."),
        _("Show the product without a model, or on a clothed one."),
        _("Nudity is not shown on this marketplace."),
        "B-IMG-01",
        "%",
        flag=True,
    ),
    Kind(
        "duplicate_of",
        _("Same picture twice"),
        _("The very same file is already there."),
        _("Submit a different view; the same picture twice tells the buyer nothing new."),
        _("Each image should add information."),
        "B-IMG-08",
        "sha256",
        submission_error=8,
    ),
    Kind(
        "near_duplicate_of",
        _("Nearly the same picture"),
        _("A picture that looks the same is already there."),
        _("Submit a different view of the product."),
        _("Each image should add information; the same picture on another listing may show the wrong product."),
        "B-IMG-08",
        "sha256",
        submission_error=8,
        flag=True,
    ),
    Kind(
        "location_data",
        _("Holds a location"),
        _("The file says where it was taken."),
        _("Nothing to do: shown pictures are made anew without it. Remove it before sending if you mind."),
        _("Photographs from phones may give away a home address."),
        "PLAT-07",
    ),
    Kind(
        "low_density",
        _("Few pixels an inch stated"),
        _("The file states %(measured)s pixels an inch; %(limit)s or more are asked for."),
        _(
            "Nothing is lost on the page: there, only the number of pixels counts. Export with 72 or more pixels an inch."
        ),
        _("Programs that print or lay out the picture go by this number."),
        "B-IMG-02",
    ),
    Kind(
        "not_srgb",
        _("Colours are converted"),
        _("The picture is stored as %(measured)s and is converted to sRGB for the page."),
        _("Check the colours on the page; submit an sRGB picture if they differ from your original."),
        _("Printing colours and wide colour spaces look different on a screen."),
        "B-IMG-04",
        "name",
    ),
)

CATALOGUE: Mapping[str, Kind] = {kind.code: kind for kind in _KINDS}


def make(
    code: str,
    *,
    severity: Severity,
    measured: Any = None,
    limit: Any = None,
    region: tuple[int, int, int, int] | None = None,
    clause: str = "",
) -> Finding:
    """A finding of the catalogue, its English words filled in."""
    kind = CATALOGUE[code]
    words = {"measured": spoken(kind.unit, measured), "limit": spoken(kind.unit, limit)}
    return Finding(
        code=code,
        severity=severity,
        clause=clause or kind.clause,
        measured=measured,
        limit=limit,
        region=region,
        message=kind.message % words,
        fix=kind.fix % words,
    )


def spoken(unit: str, value: Any) -> str:
    """A measured value or limit as it stands in a sentence: "82 %", "12.4 MB", "1200 × 80 px"."""
    if value is None:
        return "?"
    if unit == "bytes":
        return _bytes_spoken(value)
    if isinstance(value, (list, tuple)):
        text = {"px": " × ", "format": ", "}.get(unit, " ").join(_number(v) for v in value)
    else:
        text = _number(value)
    has_unit = unit in ("px", "%", "s") and not isinstance(value, str)
    return f"{text} {unit}" if has_unit else text


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bytes_spoken(n: int) -> str:
    if n < 1_000:
        return f"{n} B"
    return f"{n / 1_000:.0f} kB" if n < 1_000_000 else f"{n / 1_000_000:.1f} MB"
