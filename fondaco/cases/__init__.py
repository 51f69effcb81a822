"""Support cases: what a seller writes to the marketplace, and what comes of it."""
