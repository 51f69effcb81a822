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
from fondaco.messaging.operations.errors import ContentBlocked, PleaseCheck
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


def graded_logo(*, ground=(255, 255, 255), along=(1.0, 0.4)) -> np.ndarray:
    """The same, filled from blue to orange along a line."""
    mask = np.abs(logo().astype(int) - 255).max(axis=2) / 255.0
    y, x = np.mgrid[0:400, 0:640].astype(np.float32)
    share = ((x * along[0] + y * along[1]) / (640 * along[0] + 400 * along[1]))[..., None]
    fill = np.array((30, 70, 200)) * (1 - share) + np.array((240, 120, 20)) * share
    return (np.array(ground) * (1 - mask[..., None]) + fill * mask[..., None]).astype(np.uint8)


def three_balls() -> np.ndarray:
    """Three things without grain in one light, as a shop draws them."""
    y, x = np.mgrid[0:500, 0:800].astype(np.float32)
    made = np.full((500, 800, 3), 255, np.float32)
    for n in range(3):
        middle = 140 + 260 * n
        inside = (x - middle) ** 2 + (y - 250) ** 2 < 110**2
        shade = 235 - 0.8 * np.hypot(x - middle + 40, y - 200)
        made[inside] = np.stack([shade, shade * 0.55, shade * 0.5], -1)[inside]
    return made.astype(np.uint8)


def cups_in_light() -> np.ndarray:
    """Three cups photographed on white: each darker towards its sides, with a little grain."""
    rng = np.random.default_rng(6)
    y, x = np.mgrid[0:500, 0:800].astype(np.float32)
    made = np.full((500, 800, 3), 252, np.float32)
    for n, colour in enumerate(((200, 60, 50), (60, 120, 200), (70, 160, 90))):
        middle = 140 + 260 * n
        inside = (np.abs(x - middle) < 90) & (np.abs(y - 260) < 130)
        shade = np.sqrt(np.clip(1 - ((x - middle) / 95) ** 2, 0, 1)) * 0.6 + 0.4
        made[inside] = (shade[..., None] * np.array(colour, np.float32))[inside]
    return np.clip(made + rng.normal(0, 2, made.shape), 0, 255).astype(np.uint8)


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
        (lambda: graded_logo(), True),
        (lambda: graded_logo(ground=(15, 20, 40), along=(0.2, 1.0)), True),
        (lambda: simplejpeg.decode_jpeg(jpeg(graded_logo())), True),
        (lambda: three_balls(), False),
        (lambda: cups_in_light(), False),
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
        "graded",
        "graded on dark",
        "graded, as jpeg",
        "three balls",
        "cups in light",
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
@pytest.mark.parametrize(
    ("reads", "text", "reminds"),
    [
        ("vi", "Please show us the chipped rim of the mug once more.", True),
        ("vi", "Xin bạn gửi thêm một ảnh chụp vết mẻ trên miệng cốc nhé.", False),
        ("zh-hant", "Please show us the chipped rim of the mug once more.", True),
        ("zh-hant", "請再拍一張杯口缺角的照片," * 4, False),
        ("en", "請再拍一張杯口缺角的照片," * 4, True),
        ("en", "Please show us the chipped rim of the mug once more.", False),
    ],
)
def test_a_seller_is_reminded_to_write_in_the_buyers_language(reads: str, text: str, reminds: bool) -> None:
    order = placed_order()
    type(order.buyer).objects.filter(pk=order.buyer.pk).update(language=reads)
    number = begun(order).number
    seller = caller_of_seller(order)
    if not reminds:
        assert operations.send(seller, number=number, text=text)
        return
    with pytest.raises(PleaseCheck) as asked:
        operations.send(seller, number=number, text=text)
    assert [r["code"] for r in asked.value.facts["reminders"]] == ["language"]
    assert operations.send(seller, number=number, text=text, confirmed=True)


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
