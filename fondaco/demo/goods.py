"""What the demo marketplace sells: a few hundred listings, the same at every start.

A ware is one kind of photograph and one product type, in several colours or titles. Most pictures are good; some carry a
known damage, so that the seller's pages have something to explain from the first minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

HARBOR, SWIFT, JUNIPER, CALLOWAY = "Harbor Goods", "Swift Outfitters", "Juniper Clay", "Calloway & Daughters"


@dataclass(frozen=True, slots=True)
class Ware:
    """One kind of goods. `looks` are colours, or titles for printed goods; `price_minor` is that of the first look."""

    kind: str
    product_type: str
    title: str  # with {look}
    seller: str
    price_minor: int
    looks: tuple[str, ...]
    brand: str = ""
    marketplace_ships: bool = False
    sizes: tuple[str, ...] = ()
    hazmat: str = "none"
    about: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One SKU of the demo store, with the orders for its photographs: (variant, damage)."""

    number: int
    sku: str
    ware: Ware
    title: str
    look: str
    price_minor: int
    quantity: int
    attributes: dict[str, str]
    shots: tuple[tuple[str, str | None], ...] = field(default=(("MAIN", None),))


WARES = (
    Ware("mug", "mug", "Stoneware mug, 350 ml, {look}", HARBOR, 1490, ("white", "teal", "mustard", "navy", "terracotta", "mint", "charcoal", "rose"), "Harbor", True, about="Thrown thick enough to keep tea warm; fits a dishwasher."),
    Ware("bowl", "mug", "Ramen bowl with wide rim, {look}", HARBOR, 1990, ("teal", "white", "charcoal", "mustard", "blue", "green"), "Harbor", True, about="Holds a litre. Glazed inside and out."),
    Ware("plate", "mug", "Dinner plate, 27 cm, {look}", HARBOR, 1690, ("charcoal", "white", "sky", "olive", "terracotta", "cream"), "Harbor", True, about="A matt glaze that hides what knives do."),
    Ware("teapot", "mug", "Teapot for four cups, {look}", HARBOR, 3990, ("blue", "cream", "green", "burgundy", "charcoal"), "Harbor", True, about="Pours without dripping, with a strainer inside the spout."),
    Ware("kettle", "kettle", "Whistling kettle, 2 l, {look} handle", HARBOR, 5400, ("brown", "black", "tan"), "Harbor", True, about="Brushed steel for gas and induction."),
    Ware("vase", "mug", "Half-dipped vase, 24 cm, {look}", JUNIPER, 4800, ("mint", "blue", "cream", "terracotta", "rose", "charcoal", "mustard", "white"), "Juniper Clay", about="Wheel-thrown stoneware; every one differs a little."),
    Ware("soap_dish", "mug", "Ribbed soap dish, {look}", JUNIPER, 1800, ("mustard", "white", "teal", "rose", "sky"), "Juniper Clay", about="Ridges keep the soap dry."),
    Ware("plant_pot", "mug", "Plant pot, 15 cm, {look}", JUNIPER, 2400, ("terracotta", "white", "charcoal", "olive", "sky", "pink"), "Juniper Clay", about="With a hole for drainage."),
    Ware("candle", "perfume", "Soy candle in a ceramic cup, {look}", JUNIPER, 2600, ("white", "charcoal", "rose", "teal", "cream"), "Juniper Clay", hazmat="potential", about="Burns about 45 hours.", attributes=(("volume", "250 ml"),)),
    Ware("wooden_spoon", "cookware", "Turned wooden spoon, {look}", HARBOR, 1250, ("brown", "tan"), "Harbor", True, about="Oiled by hand; keep it out of the dishwasher.", attributes=(("material", "beech"),)),
    Ware("knife", "cookware", "Chef's knife, 20 cm, {look} handle", HARBOR, 8900, ("black", "brown"), "Harbor", True, about="Forged blade, three rivets.", attributes=(("material", "carbon steel"),)),
    Ware("honey_jar", "packaged_food", "Forest honey, 340 g, {look} label", CALLOWAY, 990, ("cream", "green", "mustard"), "Fenmoor", about="Raw and unfiltered.", attributes=(("unit_count", "1"),)),
    Ware("tea_tin", "packaged_food", "Loose leaf tea, 125 g, {look} tin", CALLOWAY, 1190, ("teal", "burgundy", "navy", "mustard", "green"), "Calloway", about="Keeps two years in its tin.", attributes=(("unit_count", "1"),)),
    Ware("sweater", "sweater", "Merino sweater, {look}", SWIFT, 7900, ("red", "blue", "black", "mustard", "olive", "cream"), "Swift", sizes=("S", "M", "L", "XL"), about="Knitted in one piece, without side seams.", attributes=(("material", "merino wool"),)),
    Ware("t_shirt", "shirt", "Heavy cotton T-shirt, {look}", SWIFT, 2900, ("white", "black", "navy", "red", "olive", "sky"), "Swift", sizes=("S", "M", "L"), about="220 grams of cotton; the collar keeps its shape.", attributes=(("material", "cotton"),)),
    Ware("scarf", "hat", "Woven scarf with fringes, {look}", SWIFT, 3400, ("navy", "burgundy", "grey", "mustard", "green", "cream"), "Swift", about="180 by 30 cm, lambswool."),
    Ware("towel", "bedding", "Bath towel, 70 × 140 cm, {look}", SWIFT, 2600, ("teal", "white", "grey", "rose", "navy", "mint"), "Swift", about="600 grams, combed cotton.", attributes=(("size", "70 × 140 cm"),)),
    Ware("baby_blanket", "baby_care", "Dotted baby blanket, {look}", SWIFT, 3200, ("mustard", "sky", "mint", "pink", "grey"), "Swift", about="Double muslin that grows softer with washing.", attributes=(("age_range", "from birth"),)),
    Ware("book", "book", "{look} (hardback)", CALLOWAY, 2400, ("The Quiet Harbour", "Salt and Cinder", "A Field Guide to Rain", "Northern Light", "The Glass Orchard", "Letters from Tam Coc", "Seven Winters", "The Paper Bridge", "Low Tide", "A House of Small Rooms"), "Calloway Press", about="Bound in cloth, with a ribbon.", attributes=(("author", "Mai Linh Tran"),)),
    Ware("dvd_case", "dvd", "{look}: the film", CALLOWAY, 1450, ("Northern Light", "Seven Winters", "The Paper Bridge", "Low Tide"), "Calloway Press", about="With subtitles in nine languages.", attributes=(("format", "DVD"),)),
    Ware("vinyl_record", "music", "{look} (long-playing record)", CALLOWAY, 2900, ("Salt and Cinder", "The Quiet Harbour", "Seven Winters", "Letters from Tam Coc"), "Calloway Press", about="Pressed on 180 grams.", attributes=(("artist", "Oskar Brandt"),)),
    Ware("video_game", "video_game", "{look}: the game", CALLOWAY, 3900, ("Moonlit Karts", "The Paper Bridge", "Low Tide"), "Kettleby", about="One to four players.", attributes=(("platform", "any console"),)),
    Ware("software_box", "software", "{look}, one-year licence", CALLOWAY, 5900, ("Atelier Draw", "Ledger Home", "Darkroom Three"), "Kettleby", about="For three devices.", attributes=(("platform", "desktop"),)),
    Ware("battery_pack", "battery", "Rechargeable cells, pack of four, {look}", HARBOR, 2200, ("blue", "green", "black"), "Harbor", True, hazmat="hazmat", about="3.7 V lithium cells.", attributes=(("unit_count", "4"),)),
)  # fmt: skip

#: Every so many listings one is photographed badly, in this order.
MISHAPS = (
    "grey_ground", "small_fill_60", "blur_6", "text_overlay", "tiny_400px", "beige_ground", "png_named_jpg", "border_10",
    "dark", "cropped", "gif_animated", "pixelated_8x", "inset", "gradient_ground", "q20",
)  # fmt: skip


def listings() -> Iterator[Listing]:
    """All listings, sellers and kinds well mixed, always in the same order."""
    yield from (_listing(n, ware, look, size) for n, (ware, look, size) in enumerate(_mixed(), 1))


def _mixed() -> list[tuple[Ware, str, str]]:
    """Round robin through the wares, so that the first page shows a little of everything."""
    rows = [[(w, look, size) for look in w.looks for size in w.sizes or ("",)] for w in WARES]
    longest = max(map(len, rows))
    return [row[i] for i in range(longest) for row in rows if i < len(row)]


def _listing(number: int, ware: Ware, look: str, size: str) -> Listing:
    title = ware.title.format(look=look) + (f", {size}" if size else "")
    attributes = dict(ware.attributes)
    if look.islower():
        attributes["color"] = look
    else:
        attributes["title"] = look
    if size:
        attributes["size"] = size
    return Listing(
        number=number,
        sku=f"{ware.kind[:4].upper().rstrip('_')}-{number:04d}",
        ware=ware,
        title=title[0].upper() + title[1:],
        look=look,
        price_minor=ware.price_minor + 100 * (number % 4),
        quantity=(number * 7) % 23 + (0 if number % 17 else -((number * 7) % 23)),
        attributes=attributes,
        shots=_shots(number),
    )


def _shots(number: int) -> tuple[tuple[str, str | None], ...]:
    mishap = MISHAPS[number // 9 % len(MISHAPS)] if number % 9 == 0 else None
    if number % 29 == 0:
        return ()  # no picture at all
    more = (("PT01", None),) if number % 3 == 0 else ()
    return (("MAIN", mishap), *more)
