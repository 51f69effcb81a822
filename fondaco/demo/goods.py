"""What the demo marketplace sells: a few hundred listings, the same at every start.

A ware is one kind of photograph and one product type, in several colours or titles. Most pictures are good; some carry a
known damage, so that the seller's pages have something to explain from the first minute.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

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
    Ware("sweater", "sweater", "Merino sweater, {look}", SWIFT, 7900, ("red", "blue", "black", "mustard"), "Swift", sizes=("S", "M", "L", "XL"), about="Knitted in one piece, without side seams.", attributes=(("material", "merino wool"),)),
    Ware("lamp", "lamp", "Table lamp with linen shade, {look}", HARBOR, 8900, ("teal", "white", "mustard", "charcoal", "terracotta"), "Harbor", True, about="Turned base, cloth-covered cord."),
    Ware("sneaker", "shoes", "Canvas sneaker, {look}", SWIFT, 6900, ("white", "navy", "red", "black", "olive", "mustard"), "Swift", about="Vulcanised sole that can be stitched on again.", attributes=(("shoe_size", "42"),)),
    Ware("vase", "handmade_home", "Half-dipped vase, 24 cm, {look}", JUNIPER, 4800, ("mint", "blue", "cream", "terracotta", "rose", "charcoal", "mustard", "white"), "Juniper Clay", about="Wheel-thrown stoneware; every one differs a little.", attributes=(("material", "stoneware"), ("how_made", "Thrown, dipped and fired by June Clay alone"))),
    Ware("watch", "watch", "Field watch, {look} dial", SWIFT, 14900, ("navy", "white", "green", "black"), "Swift", about="Mechanical, wound by hand."),
    Ware("teapot", "mug", "Teapot for four cups, {look}", HARBOR, 3990, ("blue", "cream", "green", "burgundy", "charcoal"), "Harbor", True, about="Pours without dripping, with a strainer inside the spout."),
    Ware("backpack", "luggage", "Day pack, 22 l, {look}", SWIFT, 8400, ("olive", "navy", "grey", "mustard", "burgundy"), "Swift", about="Waxed canvas, one pocket for a notebook."),
    Ware("book", "book", "The Little Harbour Library: a novel, {look} cloth", CALLOWAY, 2400, ("blue", "burgundy", "green", "navy", "mustard", "teal", "terracotta", "charcoal"), "Calloway Press", about="Bound in cloth, with a ribbon.", attributes=(("author", "Mai Linh Tran"),)),
    Ware("kettle", "kettle", "Whistling kettle, 2 l, {look}", HARBOR, 5400, ("grey", "black", "tan", "red"), "Harbor", True, about="For gas and induction; the handle stays cool."),
    Ware("headphones", "headphones", "Over-ear headphones, {look}", HARBOR, 11900, ("black", "white", "navy", "rose"), "Harbor", True, about="Thirty hours on one charge; the pads come off for washing."),
    Ware("ring", "ring", "Solitaire ring with {look} stone", JUNIPER, 18900, ("blue", "green", "red", "purple"), "Juniper Clay", about="Recycled gold, set by hand.", attributes=(("metal", "gold"),)),
    Ware("bowl", "mug", "Ramen bowl with wide rim, {look}", HARBOR, 1990, ("teal", "white", "charcoal", "mustard", "blue", "green"), "Harbor", True, about="Holds a litre. Glazed inside and out."),
    Ware("toy_car", "toy", "Wooden toy car, {look}", SWIFT, 1900, ("red", "blue", "yellow", "green", "orange"), "Swift", about="Beech with water-based paint.", attributes=(("age_range", "from 2 years"),)),
    Ware("honey_jar", "packaged_food", "Forest honey, 340 g, {look} lid", CALLOWAY, 990, ("cream", "green", "mustard"), "Fenmoor", about="Raw and unfiltered.", attributes=(("unit_count", "1"),)),
    Ware("chair", "chair", "Beech chair, {look}", HARBOR, 12900, ("brown", "black", "white", "sky"), "Harbor", True, about="Comes flat: four screws, one key.", attributes=(("material", "beech"),)),
    Ware("plate", "mug", "Dinner plate, 27 cm, {look}", HARBOR, 1690, ("charcoal", "white", "sky", "olive", "terracotta", "cream"), "Harbor", True, about="A matt glaze that hides what knives do."),
    Ware("t_shirt", "shirt", "Heavy cotton T-shirt, {look}", SWIFT, 2900, ("white", "black", "navy", "red", "olive"), "Swift", sizes=("S", "M", "L"), about="220 grams of cotton; the collar keeps its shape.", attributes=(("material", "cotton"),)),
    Ware("baby_bottle", "baby_care", "Glass baby bottle, 240 ml, {look}", SWIFT, 1490, ("sky", "mint", "pink", "cream"), "Swift", about="Wide neck, easy to clean.", attributes=(("age_range", "from birth"),)),
    Ware("candle", "perfume", "Soy candle in a ceramic cup, {look}", JUNIPER, 2600, ("white", "charcoal", "rose", "teal", "cream"), "Juniper Clay", hazmat="potential", about="Burns about 45 hours.", attributes=(("volume", "250 ml"),)),
    Ware("camera", "camera", "Compact camera, {look}", HARBOR, 34900, ("black", "grey", "tan"), "Harbor", True, about="Fixed lens, all dials, no menus."),
    Ware("gemstone", "loose_gemstone", "Loose gemstone, brilliant cut, {look}", JUNIPER, 42000, ("blue", "green", "red", "purple"), "Juniper Clay", about="With a certificate of origin.", attributes=(("gem_type", "sapphire"), ("carat", "1.2"))),
    Ware("tea_tin", "packaged_food", "Loose leaf tea, 125 g, {look} tin", CALLOWAY, 1190, ("teal", "burgundy", "navy", "mustard", "green"), "Calloway", about="Keeps two years in its tin.", attributes=(("unit_count", "1"),)),
    Ware("plant_pot", "mug", "Plant pot, 15 cm, {look}", JUNIPER, 2400, ("terracotta", "white", "charcoal", "olive", "sky", "pink"), "Juniper Clay", about="With a hole for drainage."),
    Ware("bike_helmet", "sports_gear", "Bicycle helmet, {look}", SWIFT, 7400, ("white", "black", "red", "teal"), "Swift", about="Eleven vents, one dial at the back."),
    Ware("scarf", "hat", "Woven scarf with fringes, {look}", SWIFT, 3400, ("navy", "burgundy", "grey", "mustard", "green", "cream"), "Swift", about="180 by 30 cm, lambswool."),
    Ware("software_box", "software", "Drawing programme, one-year licence, {look} box", CALLOWAY, 5900, ("blue", "teal", "burgundy"), "Kettleby", about="For three devices.", attributes=(("platform", "desktop"),)),
    Ware("apple", "fresh_food", "Orchard apples, 1 kg, {look}", CALLOWAY, 490, ("red", "green", "yellow"), "Fenmoor", about="Picked this week; eat within ten days.", attributes=(("unit_count", "6"),)),
    Ware("necklace", "necklace", "Fine chain necklace, {look} pendant", JUNIPER, 8900, ("blue", "rose", "green"), "Juniper Clay", about="45 cm, with an extension.", attributes=(("metal", "silver"),)),
    Ware("towel", "bedding", "Bath towel, 70 × 140 cm, {look}", SWIFT, 2600, ("teal", "white", "grey", "rose", "navy", "mint"), "Swift", about="600 grams, combed cotton.", attributes=(("size", "70 × 140 cm"),)),
    Ware("dvd_case", "dvd", "Nine short films, {look} edition", CALLOWAY, 1450, ("navy", "burgundy", "green"), "Calloway Press", about="With subtitles in nine languages.", attributes=(("format", "DVD"),)),
    Ware("shelf", "shelf", "Flat-packed bookshelf, {look}", HARBOR, 9900, ("white", "brown", "charcoal"), "Harbor", True, about="Five boards and a bag of dowels; an hour’s work.", attributes=(("material", "ash"),)),
    Ware("perfume", "perfume", "Eau de parfum, 50 ml, {look} flacon", SWIFT, 6200, ("rose", "sky", "mustard"), "Swift", hazmat="hazmat", about="Fig, cedar, a little smoke.", attributes=(("volume", "50 ml"),)),
    Ware("teddy", "toy", "Teddy bear, 32 cm, {look}", SWIFT, 2900, ("brown", "cream", "grey"), "Swift", about="Stuffed with wool, sewn eyes.", attributes=(("age_range", "from birth"),)),
    Ware("notebook", "stationery", "Stitched notebook, dotted, {look}", CALLOWAY, 1390, ("navy", "mustard", "burgundy", "olive", "black"), "Calloway Press", about="160 pages that lie flat."),
    Ware("vinyl_record", "music", "Evening songs (long-playing record), {look} sleeve", CALLOWAY, 2900, ("navy", "terracotta", "green"), "Calloway Press", about="Pressed on 180 grams.", attributes=(("artist", "Oskar Brandt"),)),
    Ware("wooden_spoon", "cookware", "Turned wooden spoon, {look}", HARBOR, 1250, ("brown", "tan"), "Harbor", True, about="Oiled by hand; keep it out of the dishwasher.", attributes=(("material", "beech"),)),
    Ware("sunglasses", "hat", "Sunglasses, {look} frame", SWIFT, 5900, ("black", "brown", "navy"), "Swift", about="Category 3 lenses."),
    Ware("cushion", "bedding", "Linen cushion, {look}", HARBOR, 3200, ("mustard", "teal", "rose", "grey", "olive"), "Harbor", True, about="Cover and filling.", attributes=(("size", "45 × 45 cm"),)),
    Ware("soap_dish", "mug", "Ribbed soap dish, {look}", JUNIPER, 1800, ("mustard", "white", "teal", "rose", "sky"), "Juniper Clay", about="Ridges keep the soap dry."),
    Ware("battery_pack", "battery", "Rechargeable cells, pack of four, {look}", HARBOR, 2200, ("blue", "green", "black"), "Harbor", True, hazmat="hazmat", about="3.7 V lithium cells.", attributes=(("unit_count", "4"),)),
    Ware("baby_blanket", "baby_care", "Dotted baby blanket, {look}", SWIFT, 3200, ("mustard", "sky", "mint", "pink", "grey"), "Swift", about="Double muslin that grows softer with washing.", attributes=(("age_range", "from birth"),)),
    Ware("knife", "cookware", "Chef’s knife, 20 cm, {look} handle", HARBOR, 8900, ("black", "brown"), "Harbor", True, about="Forged blade, three rivets.", attributes=(("material", "carbon steel"),)),
    Ware("earrings", "earrings", "Drop earrings, {look}", JUNIPER, 6400, ("green", "blue", "red"), "Juniper Clay", about="Hooks of recycled silver.", attributes=(("metal", "silver"),)),
    Ware("water_bottle", "sports_gear", "Insulated bottle, 0.5 l, {look}", SWIFT, 2900, ("teal", "white", "black", "orange", "lilac"), "Swift", about="Cold for a day, warm for a morning."),
    Ware("video_game", "video_game", "Island builder (video game), {look} edition", CALLOWAY, 3900, ("teal", "purple", "orange"), "Kettleby", about="One to four players.", attributes=(("platform", "any console"),)),
    Ware("phone_case", "phone_case", "Phone case with strap, {look}", SWIFT, 2400, ("navy", "rose", "olive", "black"), "Swift", about="Cork outside, felt inside."),
    Ware("basket", "handmade_home", "Woven basket, {look}", JUNIPER, 3900, ("tan", "brown"), "Juniper Clay", about="Willow from the river bank.", attributes=(("material", "willow"), ("how_made", "Cut, soaked and woven by June Clay alone"))),
    Ware("soap", "cosmetics", "Olive oil soap, {look}", JUNIPER, 790, ("olive", "cream", "rose", "lilac"), "Juniper Clay", about="Cured for six weeks.", attributes=(("volume", "100 g"),)),
    Ware("pet_collar", "pet_supplies", "Dog collar, {look}", SWIFT, 2200, ("red", "brown", "navy"), "Swift", about="Leather with a brass buckle.", attributes=(("size", "M"),)),
    Ware("yoga_mat", "sports_gear", "Yoga mat, 5 mm, {look}", SWIFT, 4900, ("purple", "teal", "charcoal", "rose"), "Swift", about="Natural rubber; keep it out of the sun."),
    Ware("aerosol", "paint", "Spray paint, 400 ml, {look}", HARBOR, 890, ("red", "blue", "yellow", "green"), "Harbor", True, hazmat="hazmat", about="For metal and wood.", attributes=(("volume", "400 ml"),)),
    Ware("building_blocks", "baby_toy", "Wooden building blocks, {look}", SWIFT, 3400, ("red", "blue", "green"), "Swift", about="Sixty pieces in a cotton bag.", attributes=(("age_range", "from 1 year"),)),
    Ware("hammer", "garden_tool", "Claw hammer, {look} handle", HARBOR, 2700, ("brown", "black"), "Harbor", True, about="450 grams, hickory.", attributes=(("material", "steel and hickory"),)),
    Ware("bracelet", "bracelet", "Beaded bracelet, {look}", JUNIPER, 3200, ("teal", "red", "purple", "mustard"), "Juniper Clay", about="Glass beads on elastic.", attributes=(("metal", "brass"),)),
    Ware("lantern", "lamp", "Glass lantern, {look}", HARBOR, 4400, ("black", "green", "grey"), "Harbor", True, about="For a candle of seven centimetres."),
    Ware("ball", "sports_gear", "Football, size 5, {look}", SWIFT, 3100, ("red", "blue", "black"), "Swift", about="Stitched by hand."),
    Ware("pear", "fresh_food", "Orchard pears, 1 kg, {look}", CALLOWAY, 590, ("green", "yellow"), "Fenmoor", about="Ripe in three days.", attributes=(("unit_count", "6"),)),
)  # fmt: skip

#: Every so many listings one is photographed badly, in this order.
MISHAPS = (
    "grey_ground", "small_fill_60", "blur_6", "text_overlay", "tiny_400px", "beige_ground", "png_named_jpg", "border_10",
    "dark", "cropped", "gif_animated", "pixelated_8x", "inset", "gradient_ground", "q20",
)  # fmt: skip


def listings() -> Iterator[Listing]:
    """All listings, sellers and kinds well mixed, always in the same order; the first `FONDACO_DEMO_LISTINGS` if set."""
    most = int(os.environ.get("FONDACO_DEMO_LISTINGS") or 0) or None
    yield from (_listing(n, ware, look, size) for n, (ware, look, size) in islice(enumerate(_mixed(), 1), most))


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
