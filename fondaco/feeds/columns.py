"""The columns of an inventory file: names, what they take, and what people call them.

Names are matched without regard to case, spaces, hyphens and underscores; the titles of all languages and the names
that other programs write are accepted too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

CLEAR = "<clear>"
"""In a partial update an empty cell leaves the value alone; this one empties it."""

MAX_UNITS = 99_999_999
MAX_PRICE_MINOR = 10**11


class Takes(StrEnum):
    """What a cell of the column holds."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    DATE = "date"
    CHOICE = "choice"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `key` is the name in the file's second line; `limit` counts characters."""

    key: str
    takes: Takes = Takes.TEXT
    limit: int = 0
    least: int = 0
    most: int = 0
    choices: Mapping[str, str] | None = None
    allowed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    titles: tuple[str, str, str] = ("", "", "")
    example: str = ""
    may_break: bool = False
    variant: str = ""

    def title(self, language: str) -> str:
        """What people call the column, in `en`, `vi` or `zh-hant`."""
        return self.titles[{"en": 0, "vi": 1}.get(language, 2 if language.startswith("zh") else 0)]


CONDITIONS = {
    "new": "new",
    "refurbished": "refurbished",
    "used_like_new": "used_like_new",
    "used_very_good": "used_very_good",
    "used_good": "used_good",
    "used_acceptable": "used_acceptable",
    # What integrators send: numbers of the old flat files, names of JSON feeds.
    "11": "new",
    "1": "used_like_new",
    "2": "used_very_good",
    "3": "used_good",
    "4": "used_acceptable",
    "10": "refurbished",
    "new_new": "new",
    "usedlikenew": "used_like_new",
    "usedverygood": "used_very_good",
    "usedgood": "used_good",
    "usedacceptable": "used_acceptable",
    "refurbished_refurbished": "refurbished",
    "new_open_box": "used_like_new",
}
CHANNELS = {
    "seller": "seller",
    "marketplace": "marketplace",
    "default": "seller",
    "merchant": "seller",
    "amazon_na": "marketplace",
    "amazon_eu": "marketplace",
    "amazon_fe": "marketplace",
}
OPERATIONS = {
    "update": "update",
    "partial": "partial",
    "delete": "delete",
    "partialupdate": "partial",
    "partial_update": "partial",
    "a": "update",
    "d": "delete",
    "x": "delete",
}
ID_TYPES = {
    "asin": "asin",
    "upc": "upc",
    "ean": "ean",
    "gtin": "gtin",
    "isbn": "isbn",
    "1": "asin",
    "2": "isbn",
    "3": "upc",
    "4": "ean",
}
PARENTAGES = {"parent": "parent", "child": "child"}
_THEME_NAMES = {"sizecolor": "size_color", "colorsize": "size_color", "colormemory": "color_memory"}


def theme_key(text: str) -> str:
    """The catalogue's name of a variation theme: `Size-Colour`, `SIZE/COLOR` and `ColorSize` are `size_color`."""
    key = re.sub(r"[\s/\-]+", "_", text.strip().casefold()).replace("colour", "color")
    return _THEME_NAMES.get(key.replace("_", ""), key)


def _images() -> tuple[Column, ...]:
    others = tuple(
        Column(
            key=f"other-image-url{n}",
            takes=Takes.ADDRESS,
            limit=2000,
            aliases=(f"other_image_url_{n}", f"other-product-image-locator-{n}", f"image-url{n + 1}"),
            titles=(f"Other image {n}", f"Ảnh phụ {n}", f"其他圖片 {n}"),
            variant=f"PT{n:02d}",
        )
        for n in range(1, 9)
    )
    main = Column(
        key="main-image-url",
        takes=Takes.ADDRESS,
        limit=2000,
        aliases=("image-url", "image", "main-product-image-locator"),
        titles=("Main image", "Ảnh chính", "主圖"),
        example="https://pictures.example/kettle.jpg",
        variant="MAIN",
    )
    swatch = Column(
        key="swatch-image-url",
        takes=Takes.ADDRESS,
        limit=2000,
        aliases=("swatch-product-image-locator",),
        titles=("Colour swatch", "Ảnh mẫu màu", "色樣圖"),
        variant="SWCH",
    )
    return (main, *others, swatch)


COLUMNS: tuple[Column, ...] = (
    Column(
        key="sku",
        limit=40,
        aliases=("seller-sku", "item-sku", "external-id"),
        titles=("SKU", "Mã SKU", "賣家 SKU"),
        example="KETTLE-01",
    ),
    Column(
        key="product-id",
        limit=14,
        aliases=("asin", "external-product-id", "product-identifier", "gtin", "barcode"),
        titles=("Product ID", "Mã sản phẩm", "商品編碼"),
    ),
    Column(
        key="product-id-type",
        takes=Takes.CHOICE,
        choices=ID_TYPES,
        allowed=("asin", "upc", "ean", "gtin", "isbn"),
        aliases=("external-product-id-type",),
        titles=("Product ID type", "Loại mã sản phẩm", "商品編碼類型"),
    ),
    Column(
        key="item-name",
        limit=200,
        aliases=("title", "product-name", "name", "item-title"),
        titles=("Item name", "Tên sản phẩm", "商品名稱"),
        example="Enamel kettle, 2 litres, blue",
    ),
    Column(
        key="product-type",
        limit=40,
        aliases=("feed-product-type", "item-type", "category"),
        titles=("Product type", "Loại sản phẩm", "商品類型"),
        example="kitchen",
    ),
    Column(
        key="brand",
        limit=100,
        aliases=("brand-name", "manufacturer"),
        titles=("Brand", "Thương hiệu", "品牌"),
        example="Hearth & Hill",
    ),
    Column(
        key="price",
        takes=Takes.MONEY,
        aliases=("standard-price", "your-price", "item-price"),
        titles=("Price", "Giá", "價格"),
        example="39.90",
    ),
    Column(key="currency", limit=3, titles=("Currency", "Tiền tệ", "幣別"), example="USD"),
    Column(
        key="quantity",
        takes=Takes.COUNT,
        most=MAX_UNITS,
        aliases=("stock", "qty", "available-quantity"),
        titles=("Quantity", "Số lượng", "數量"),
        example="25",
    ),
    Column(
        key="item-condition",
        takes=Takes.CHOICE,
        choices=CONDITIONS,
        allowed=("new", "refurbished", "used-like-new", "used-very-good", "used-good", "used-acceptable"),
        aliases=("condition", "condition-type"),
        titles=("Condition", "Tình trạng", "商品狀況"),
        example="new",
    ),
    Column(
        key="condition-note",
        limit=1000,
        aliases=("item-note",),
        titles=("Condition note", "Ghi chú tình trạng", "狀況說明"),
    ),
    Column(
        key="fulfilment-channel",
        takes=Takes.CHOICE,
        choices=CHANNELS,
        allowed=("seller", "marketplace"),
        aliases=("fulfillment-channel", "fulfillment-center-id"),
        titles=("Fulfilment channel", "Kênh giao hàng", "出貨方式"),
        example="seller",
    ),
    Column(
        key="handling-days",
        takes=Takes.COUNT,
        most=30,
        aliases=("handling-time", "leadtime-to-ship", "fulfillment-latency"),
        titles=("Handling days", "Số ngày xử lý", "處理天數"),
        example="1",
    ),
    Column(
        key="restock-date",
        takes=Takes.DATE,
        titles=("Restock date", "Ngày có hàng lại", "補貨日期"),
    ),
    *_images(),
    Column(key="parent-sku", limit=40, titles=("Parent SKU", "SKU cha", "父 SKU")),
    Column(
        key="parentage",
        takes=Takes.CHOICE,
        choices=PARENTAGES,
        allowed=("parent", "child"),
        aliases=("parent-child", "parentage-level"),
        titles=("Parentage", "Cha hoặc con", "父子關係"),
    ),
    Column(
        key="variation-theme",
        limit=40,
        titles=("Variation theme", "Kiểu biến thể", "變體主題"),
    ),
    Column(
        key="colour",
        limit=50,
        aliases=("color", "colour-name", "color-name"),
        titles=("Colour", "Màu sắc", "顏色"),
        example="blue",
    ),
    Column(key="size", limit=50, aliases=("size-name",), titles=("Size", "Kích cỡ", "尺寸")),
    Column(
        key="description",
        limit=2000,
        aliases=("product-description", "item-description"),
        titles=("Description", "Mô tả", "商品描述"),
        example="Steel, enamelled inside and out.",
        may_break=True,
    ),
    Column(
        key="operation",
        takes=Takes.CHOICE,
        choices=OPERATIONS,
        allowed=("update", "partial", "delete"),
        aliases=("update-delete", "add-delete", "record-action"),
        titles=("Operation", "Thao tác", "操作"),
        example="update",
    ),
    # Written when a JSON feed is brought into the form of a table; not in the template.
    Column(key="message-id", limit=10),
    Column(key="requirements", limit=24),
)

BY_KEY: dict[str, Column] = {c.key: c for c in COLUMNS}
INTERNAL = ("message-id", "requirements")
TEMPLATE_COLUMNS: tuple[Column, ...] = tuple(c for c in COLUMNS if c.key not in INTERNAL)
IMAGE_COLUMNS: tuple[Column, ...] = tuple(c for c in COLUMNS if c.takes is Takes.ADDRESS)
VARIANT_COLUMN: dict[str, str] = {c.variant: c.key for c in IMAGE_COLUMNS}

_SQUEEZE = re.compile(r"[\s_\-.*]+")


def folded_name(name: str) -> str:
    """A column name without case, spaces, hyphens, underscores and asterisks; letters composed."""
    return _SQUEEZE.sub("", unicodedata.normalize("NFC", name).strip().strip('"\ufeff').casefold())


def _names() -> dict[str, Column]:
    names: dict[str, Column] = {}
    for column in COLUMNS:
        for name in (column.key, *column.aliases, *column.titles):
            if name and names.setdefault(folded_name(name), column) is not column:
                raise ValueError(f"two columns are called {name}")
    return names


_BY_NAME = _names()


ATTRIBUTE = "attribute:"
"""Before the key of a column that states an attribute of the product (`material`, `shoe-size`)."""

ATTRIBUTE_LIMIT = 200
OWN_ATTRIBUTE_COLUMNS = {"colour": "color", "size": "size"}


def column_named(name: str) -> Column | None:
    """The column that a cell of line 2 names, or None."""
    return _BY_NAME.get(folded_name(name))


def key_of(name: str, *, attributes: Iterable[str] = ()) -> str | None:
    """The key of the column called `name`: one of ours, or `attribute:…` for one of the catalogue's `attributes`."""
    column = column_named(name)
    if column is not None:
        return column.key
    wanted = folded_name(name)
    return next((ATTRIBUTE + key for key in attributes if wanted and folded_name(key) == wanted), None)
