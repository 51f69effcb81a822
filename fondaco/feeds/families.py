"""Rules of variation families: a parent names its theme, a child its parent and the values of the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fondaco.feeds.columns import theme_key

Tell = Callable[..., None]


def check_families(
    *,
    clean: dict[str, Sequence[Any]],
    attributes: Mapping[str, Sequence[str]],
    themes: Mapping[str, Sequence[str]],
    theme_attributes: Mapping[str, Sequence[str]],
    tell: Tell,
) -> None:
    """Tells every breach in the columns of a chunk; partial updates and deletions are not asked.

    `attributes` are the columns that state attributes, by attribute; `themes` the themes that each product type
    allows (empty: any), `theme_attributes` the attributes by which the products of a theme differ.
    """
    if any(clean["variation-theme"]):
        clean["variation-theme"] = [theme_key(t) if t else t for t in clean["variation-theme"]]
    parents, parentages = clean["parent-sku"], clean["parentage"]
    if not any(parents) and not any(parentages):
        return
    for index, operation in enumerate(clean["operation"]):
        if operation != "update":
            continue
        theme = clean["variation-theme"][index]
        if theme and themes:
            _theme(clean, index, theme, themes, tell)
        if parentages[index] == "parent":
            if not theme:
                tell(index, "theme-missing", column="variation-theme")
        elif parentages[index] == "child" and not parents[index]:
            tell(index, "parent-missing", column="parent-sku")
        elif parents[index] == clean["sku"][index]:
            tell(index, "parent-self", column="parent-sku", sent=parents[index])
        elif parents[index]:
            for name in theme_attributes.get(theme, ()):
                if not attributes.get(name, {index: ""})[index]:
                    tell(index, "theme-value-missing", column=name)


def _theme(
    clean: Mapping[str, Sequence[Any]], index: int, theme: str, themes: Mapping[str, Sequence[str]], tell: Tell
) -> None:
    product_type = clean["product-type"][index]
    allowed = themes.get(product_type)
    if allowed is not None and theme not in allowed:
        tell(
            index,
            "theme-unknown",
            column="variation-theme",
            sent=theme,
            type=product_type,
            allowed=", ".join(allowed) or "—",
        )
