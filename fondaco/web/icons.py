"""The site's own icons: strokes on a 24 × 24 grid, drawn with the current colour.

Each is the inside of an `<svg>`. Keep strokes on whole or half units, two units away from the edge.
"""

from __future__ import annotations

ICONS: dict[str, str] = {
    # signs
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "dot": '<circle cx="12" cy="12" r="4.5" fill="currentColor" stroke="none"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "warning": '<path d="M12 3.5 2.5 20h19zM12 10v4.5M12 17.2v.2"/>',
    "stop": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5V13M12 16.3v.2"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.3a2.8 2.8 0 1 1 4.1 2.5c-.9.5-1.4 1-1.4 2M12 16.8v.2"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.3 2"/>',
    "hourglass": '<path d="M6.5 3h11M6.5 21h11M8 3v3.5c0 2 4 4 4 5.5s-4 3.5-4 5.5V21M16 3v3.5c0 2-4 4-4 5.5s4 3.5 4 5.5V21"/>',
    "bell": '<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20.5a2.3 2.3 0 0 0 4 0"/>',
    # ways
    "caret": '<path d="m6 9.5 6 6 6-6"/>',
    "left": '<path d="m14.5 5.5-6.5 6.5 6.5 6.5"/>',
    "right": '<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>',
    "up": '<path d="m5.5 14.5 6.5-6.5 6.5 6.5"/>',
    "down": '<path d="m5.5 9.5 6.5 6.5 6.5-6.5"/>',
    "arrow": '<path d="M4 12h15.5M13.5 6l6 6-6 6"/>',
    "external": '<path d="M10 5H5v14h14v-5M13.5 4.5h6v6M19.5 4.5 11 13"/>',
    "sort": '<path d="m8 9.5 4-4.5 4 4.5M8 14.5l4 4.5 4-4.5"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "more": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>',
    # doing
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "filter": '<path d="M3.5 5h17l-6.5 8v6l-4-2v-4z"/>',
    "edit": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>',
    "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
    "bin": '<path d="M4 6.5h16M9 6V3.5h6V6M6 6.5 7 20.5h10l1-14M10 10.5v6M14 10.5v6"/>',
    "upload": '<path d="M12 15.5V4M7 8.5 12 3.5l5 5M4 15v5.5h16V15"/>',
    "download": '<path d="M12 4v11.5M7 11l5 5 5-5M4 16v4.5h16V16"/>',
    "retry": '<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5V8H15"/>',
    "undo": '<path d="M8.5 5 4 9.5 8.5 14M4 9.5h10.5a5 5 0 0 1 0 10H9"/>',
    "print": '<path d="M7 8V3.5h10V8M7 17H3.5V8h17v9H17M7 13.5h10v7H7z"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>',
    "send": '<path d="M20.5 3.5 3 10.5l7 3.5 3.5 7zM20.5 3.5 10 14"/>',
    "play": '<path d="M7 4.5v15l12.5-7.5z"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "grid": '<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"/>',
    "list": '<path d="M8.5 6H20M8.5 12H20M8.5 18H20M4.2 6h.01M4.2 12h.01M4.2 18h.01"/>',
    # seeing
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "eye-off": '<path d="M9.8 5.8A9 9 0 0 1 12 5.5C18 5.5 21.5 12 21.5 12a16 16 0 0 1-2.7 3.5M6 7.3A15 15 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4-.9M4 3.5l16.5 17"/>',
    "zoom-in": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5M10.5 7.5v6M7.5 10.5h6"/>',
    "zoom-out": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5M7.5 10.5h6"/>',
    "fit": '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>',
    "picture": '<path d="M3.5 4.5h17v15h-17z"/><circle cx="8.7" cy="9.5" r="1.8"/><path d="m4 18 5.5-5 3 2.5L16 11l4.5 5"/>',
    "pictures": '<path d="M7 3.5h13.5V16H7zM17 16v4.5H3.5V8H7"/><path d="m7.5 14.5 4-4 2.5 2 2.5-3 4 4"/>',
    "camera": '<path d="M3.5 7.5H8L9.5 5h5L16 7.5h4.5v12h-17z"/><circle cx="12" cy="13" r="3.5"/>',
    # things of the trade
    "storefront": '<path d="M4 10v10h16V10M3 9.5 5 4h14l2 5.5M3 9.5a3 3 0 0 0 6 0 3 3 0 0 0 6 0 3 3 0 0 0 6 0M10 20v-5.5h4V20"/>',
    "tag": '<path d="M3.5 3.5h8l9 9-8 8-9-9z"/><circle cx="8" cy="8" r="1.3"/>',
    "box": '<path d="m12 3 8.5 4.5v9L12 21l-8.5-4.5v-9zM3.5 7.5 12 12l8.5-4.5M12 12v9M7.5 5.3 16 10"/>',
    "boxes": '<path d="M8 3.5h8V11H8zM3.5 11h8.5v9H3.5zM12 11h8.5v9H12zM12 3.5V6M7.7 11v2.5M16.3 11v2.5"/>',
    "truck": '<path d="M2.5 6h11.5v10.5H2.5zM14 9.5h4l3.5 3.5v3.5H14"/><circle cx="7" cy="17.5" r="1.9"/><circle cx="17.5" cy="17.5" r="1.9"/>',
    "cart": '<path d="M2.5 4h3l2.5 11.5h10.5L21 8H6.5"/><circle cx="9" cy="19.5" r="1.3"/><circle cx="17" cy="19.5" r="1.3"/>',
    "receipt": '<path d="M5.5 3v18l2.2-1.5L9.8 21l2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5V3zM9 8h6M9 12h6"/>',
    "return": '<path d="M4 7.5v12h16v-12zM4 7.5 6.5 4h11L20 7.5M14.5 13.5H9M11 11l-2.5 2.5L11 16"/>',
    "money": '<path d="M3 6h18v12H3z"/><circle cx="12" cy="12" r="2.7"/><path d="M6 9.5v5M18 9.5v5"/>',
    "file": '<path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6"/>',
    "table": '<path d="M3.5 5h17v14h-17zM3.5 9.7h17M3.5 14.3h17M9.5 5v14"/>',
    "chart": '<path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6"/>',
    "scale": '<path d="M12 4v16M7.5 20h9M5 6.5l7-1.5 7 1.5M5 6.5 2.5 13a2.8 2.8 0 0 0 5 0zM19 6.5 16.5 13a2.8 2.8 0 0 0 5 0z"/>',
    "book": '<path d="M12 6c-2-1.8-5-2-8.5-2v14.5c3.5 0 6.5.2 8.5 2 2-1.8 5-2 8.5-2V4C17 4 14 4.2 12 6zM12 6v14.5"/>',
    "mail": '<path d="M3 5.5h18v13H3zM3.5 6l8.5 7 8.5-7"/>',
    "message": '<path d="M4 4.5h16v11.5h-8.5L7 20v-4H4z"/>',
    "megaphone": '<path d="M4 10v4h3l9 5V5l-9 5zM19 9.5a3.5 3.5 0 0 1 0 5M7.5 14.5l1.5 5h2.5l-1.5-4"/>',
    "hand": '<path d="M8 12.5V5.8a1.4 1.4 0 0 1 2.8 0V11 4.4a1.4 1.4 0 0 1 2.8 0V11 5.8a1.4 1.4 0 0 1 2.8 0V13l1-1.8a1.5 1.5 0 0 1 2.6 1.5L17 18c-1 1.8-2.5 2.5-4.5 2.5C9 20.5 8 18 5 13.7a1.5 1.5 0 0 1 2.4-1.6z"/>',
    # people and settings
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4.5 3.5-6.5 7.5-6.5s7 2 7.5 6.5"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.4-4 3-5.5 6.5-5.5s6.1 1.5 6.5 5.5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.5c2.5.6 3.8 2.3 4 5"/>',
    "headset": '<path d="M4 14v-2a8 8 0 0 1 16 0v2M4 13.5h3.5v5H5.5A1.5 1.5 0 0 1 4 17zM20 13.5h-3.5v5h2A1.5 1.5 0 0 0 20 17zM18 18.5c0 1.7-1.5 2.5-4.5 2.5"/>',
    "lifebuoy": '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="3.5"/><path d="m5.7 5.7 3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="M11.3 12.3 20 3.5M16.5 7l3 3M13.5 10l2 2"/>',
    "lock": '<path d="M5 10.5h14v10H5zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>',
    "shield": '<path d="M12 3 4.5 5.5v6C4.5 16 7.5 19.5 12 21c4.5-1.5 7.5-5 7.5-9.5v-6zM8.5 12l2.5 2.5 4.5-5"/>',
    "gear": '<circle cx="12" cy="12" r="3.2"/><path d="M12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M18.5 5.5l-2.1 2.1M7.6 16.4l-2.1 2.1"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "contrast": '<circle cx="12" cy="12" r="9"/><path d="M12 3v18a9 9 0 0 0 0-18z" fill="currentColor"/>',
    "out": '<path d="M10 4H4.5v16H10M9.5 12h11M16 7.5l4.5 4.5-4.5 4.5"/>',
}
"""Name → strokes."""

FLIPS = frozenset({"left", "right", "arrow", "undo", "send", "return", "out", "external"})
"""Icons that point along the line of reading, and so turn round with it."""
