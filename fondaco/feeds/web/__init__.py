"""Pages of feeds, in the seller portal."""
