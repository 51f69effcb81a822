"""The goods of the kill storm: files of rows, each with what must have become of it when everything is over."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from hashlib import sha256

from fondaco.demo.imagehost import ImageHost, Wanted, with_note
from fondaco.images.develop import develop
from fondaco.images.pipeline.profiles import load_profile

COLUMNS = ("sku", "item-name", "product-type", "brand", "price", "quantity", "colour", "main-image-url")
KINDS = ("mug", "bowl", "plate", "vase", "teapot", "plant_pot", "soap_dish", "candle")
SIZE_PX = 600


@dataclass(frozen=True, slots=True)
class Good:
    """One row. `fault` is the part of the report that must name it: "" (nothing), "row" or "picture".

    `sha256` is the content of its picture, "" without one.
    """

    sku: str
    cells: tuple[str, ...]
    quantity: int
    fault: str = ""
    sha256: str = ""


@dataclass(slots=True)
class File:
    """One inventory file and the key under which it is sent, however often."""

    name: str
    key: str
    goods: list[Good]
    numbers: set[str] = field(default_factory=set)
    sent: int = 0

    @property
    def data(self) -> bytes:
        lines = ["TemplateType=fondaco.inventory\tVersion=2026.1", "\t".join(COLUMNS)]
        return ("\n".join([*lines, *("\t".join(good.cells) for good in self.goods)]) + "\n").encode()

    def accepted(self) -> list[Good]:
        """The rows that must have become offers."""
        return [good for good in self.goods if good.fault != "row"]


@dataclass(slots=True)
class Photo:
    """A picture sent by the page for a product that stands there already."""

    asin: str
    data: bytes
    key: str
    sent: int = 0

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


class Pictures:
    """A few hundred pictures made beforehand, each served at as many addresses as wanted with a content of its own."""

    def __init__(self, host: ImageHost, *, different: int) -> None:
        self.host = host
        wanted = [Wanted(KINDS[n % len(KINDS)], n, size=SIZE_PX) for n in range(different)]
        made = [(each, host.shelf.get(each)) for each in wanted]
        self.made = [(each, jpeg) for each, jpeg in made if _is_good(jpeg)]

    def address(self, number: int) -> tuple[str, bytes]:
        """The address of picture `number`, and what is to be had there."""
        want, jpeg = self.made[number % len(self.made)]
        path = f"/good/{want.kind}/{want.seed}.jpg?size={SIZE_PX}&note={number}"
        return self.host.url(path), with_note(jpeg, str(number))


def _is_good(jpeg: bytes) -> bool:
    """Whether the inspector finds nothing against it: one in fifty of those made is soft at this size."""
    return develop(jpeg, [load_profile("listing-main")]).reports[0].verdict == "eligible"


def files(pictures: Pictures, *, rows: int, count: int, seed: int) -> list[File]:
    """`rows` goods in `count` files. One row in fifty has no price, one picture in forty is not there, one in fifty is
    a page, one row in thirty names no picture."""
    rng = random.Random(seed)
    made = [File(f"goods-{n}.txt", f"storm-{seed}-{n}", []) for n in range(count)]
    for number in range(rows):
        made[number * count // rows].goods.append(_good(pictures, number, rng))
    return made


def _good(pictures: Pictures, number: int, rng: random.Random) -> Good:
    sku, quantity = f"S-{number:06d}", rng.randint(0, 90)
    address, jpeg = pictures.address(number)
    price, fault, digest = f"{rng.randint(100, 9999) / 100:.2f}", "", sha256(jpeg).hexdigest()
    if number % 50 == 7:
        price, fault, digest = "cheap", "row", ""
    elif number % 40 == 11:
        address, fault, digest = pictures.host.url(f"/404/{number}.jpg"), "picture", ""
    elif number % 50 == 23:
        address, fault, digest = pictures.host.url(f"/html/mug/{number}.jpg"), "picture", ""
    elif number % 30 == 13:
        address, digest = "", ""
    cells = (sku, f"Stoneware mug number {number}", "mug", "Harbor", price, str(quantity), "blue", address)
    return Good(sku, cells, quantity, fault, digest)
