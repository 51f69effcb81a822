"""What a seller may not send (B-PHOTO-04), in words and in pictures, each with its reason."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import simplejpeg

from fondaco import policy
from fondaco.engine import clock
from fondaco.messaging import operations, wording
from fondaco.messaging.evidence.graphics import codes_in, is_logo
from fondaco.messaging.models import Message
from fondaco.messaging.operations.errors import ContentBlocked
from fondaco.messaging.rules.blocked import Draft, find_blocked
from fondaco.messaging.rules.words import Side
from fondaco.messaging.tests.factories import begun, kept, photo_bytes
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, placed_order

pytestmark = pytest.mark.spec("B-PHOTO-04")


def logo(*, ground=(255, 255, 255), ink=(200, 30, 40)) -> np.ndarray:
    """A sign and a name on an even ground."""
    made = np.full((400, 640, 3), ground, np.uint8)
    cv2.circle(made, (150, 200), 100, ink, -1)
    cv2.circle(made, (150, 200), 55, ground, -1)
    cv2.rectangle(made, (300, 120), (340, 280), ink, -1)
    cv2.putText(made, "HARBOR", (360, 230), cv2.FONT_HERSHEY_SIMPLEX, 2.0, ink, 12, cv2.LINE_AA)
    return made


def drawing() -> np.ndarray:
    """How the lid goes on, in thin lines."""
    made = np.full((600, 800, 3), 255, np.uint8)
    for n in range(12):
        cv2.ellipse(made, (400, 100 + 35 * n), (220, 60), 0, 0, 360, (0, 0, 0), 2, cv2.LINE_AA)
    return made


def page() -> np.ndarray:
    """A page of print."""
    made = np.full((900, 700, 3), 255, np.uint8)
    for row in range(24):
        text = "Rinse with cold water before the first use"
        cv2.putText(made, text, (30, 40 + 35 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 20), 2, cv2.LINE_AA)
    return made


def mug_on_white() -> np.ndarray:
    """A thing photographed on white: a gradient of light over it, and grain."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:600, 0:600].astype(np.float32)
    made = np.full((600, 600, 3), 254, np.float32)
    inside = ((x - 300) / 170) ** 2 + ((y - 300) / 210) ** 2 < 1
    shade = 90 + 110 * (x / 600) + 40 * np.sin(y / 30)
    made[inside] = np.stack([shade, shade * 0.8, shade * 0.6], -1)[inside]
    return np.clip(made + rng.normal(0, 4, made.shape), 0, 255).astype(np.uint8)


def ball_on_white() -> np.ndarray:
    """A thing without grain, as a shop draws it: only light and shade."""
    y, x = np.mgrid[0:500, 0:500].astype(np.float32)
    made = np.full((500, 500, 3), 255, np.float32)
    inside = (x - 250) ** 2 + (y - 250) ** 2 < 170**2
    shade = 235 - 0.45 * np.hypot(x - 190, y - 180)
    made[inside] = np.stack([shade, shade * 0.55, shade * 0.5], -1)[inside]
    return made.astype(np.uint8)


def jpeg(rgb: np.ndarray) -> bytes:
    return simplejpeg.encode_jpeg(np.ascontiguousarray(rgb), quality=88)


def small(data: bytes) -> np.ndarray:
    return cv2.resize(simplejpeg.decode_jpeg(data), (400, 300), interpolation=cv2.INTER_AREA)


def qr_code(words: str) -> np.ndarray:
    """A photograph with a code in its corner."""
    code = cv2.QRCodeEncoder.create().encode(words)
    code = cv2.resize(code, (360, 360), interpolation=cv2.INTER_NEAREST)
    made = simplejpeg.decode_jpeg(photo_bytes(seed=77, width=1200, height=900)).copy()
    made[40:460, 40:460] = 255
    made[70:430, 70:430] = code[..., None]
    return made


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        (lambda: logo(), True),
        (lambda: logo(ground=(20, 40, 90), ink=(250, 250, 250)), True),
        (lambda: simplejpeg.decode_jpeg(jpeg(logo())), True),
        (lambda: drawing(), False),
        (lambda: page(), False),
        (lambda: mug_on_white(), False),
        (lambda: ball_on_white(), False),
        (lambda: small(photo_bytes(seed=78)), False),
        (lambda: np.full((300, 400, 3), 255, np.uint8), False),
    ],
    ids=[
        "red on white",
        "white on blue",
        "as jpeg",
        "drawing",
        "page",
        "mug on white",
        "ball on white",
        "photograph",
        "blank",
    ],
)
def test_a_logo_is_known_by_what_it_is(picture, found: bool) -> None:
    rgb = picture()
    scale = min(1.0, 400 / max(rgb.shape[:2]))
    assert is_logo(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)) is found


def test_a_code_in_a_picture_is_read() -> None:
    assert codes_in(qr_code("https://harbor.example/lids")) == ("https://harbor.example/lids",)
    assert codes_in(simplejpeg.decode_jpeg(photo_bytes(seed=79))) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (lambda: jpeg(logo()), "IMG_0001.jpg", "logos"),
        (lambda: photo_bytes(seed=80), "our_logo.jpg", "logos"),
        (lambda: jpeg(qr_code("https://harbor.example/lids")), "lid.jpg", "external_links"),
        (lambda: jpeg(qr_code("mailto ines@harbor.example")), "lid.jpg", "contact_details"),
    ],
    ids=["logo by content", "logo by name", "link in a code", "address in a code"],
)
def test_a_sellers_picture_is_refused_with_the_reason(data, name: str, code: str) -> None:
    order = placed_order()
    number = begun(order).number
    photo = kept(data=data(), name=name)
    with pytest.raises(ContentBlocked) as refused:
        operations.send(caller_of_seller(order), number=number, text="The blue lid is this one here.", kept=[photo])
    assert code in [b["code"] for b in refused.value.facts["blocked"]]
    assert not Message.objects.filter(side=Side.SELLER).exists()
    # What a buyer shows is evidence.
    operations.send(caller_of_buyer(order), number=number, text="This stood on the box.", kept=[photo])


@pytest.mark.django_db
def test_a_sellers_photograph_and_drawing_go_out() -> None:
    order = placed_order()
    number = begun(order).number
    for data in (photo_bytes(seed=81), jpeg(drawing()), jpeg(mug_on_white())):
        operations.send(caller_of_seller(order), number=number, text="So the lid goes on.", kept=[kept(data=data)])


@pytest.mark.django_db
def test_every_kind_that_policy_blocks_is_found_and_has_words() -> None:
    codes = [row["code"] for row in policy.value("message.blocked_content", "US", at=clock.now()).value]
    drafts = {
        "marketing": Draft("Use the coupon MUG20 on your next order."),
        "review_pressure": Draft("Leave us a five star review and we refund you."),
        "external_links": Draft("See www.harbor.example.com for more."),
        "contact_details": Draft("Call +1 312 555 0199 and we talk."),
        "logos": Draft("Here.", files=("a.jpg",), logos=("a.jpg",)),
        "thanks_only": Draft("Thank you very much for your purchase!"),
        "confirmations": Draft("Your order has shipped, it comes on Friday.", is_first=True),
    }
    assert set(codes) == set(drafts) == set(wording.BLOCKED)
    for code, draft in drafts.items():
        assert code in {b.code for b in find_blocked(draft, codes=codes)}, code
        assert find_blocked(draft, codes=[c for c in codes if c != code]) == () or code == "marketing"
