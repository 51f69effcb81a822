"""Orders: carts, checkouts, orders, items, units and parcels."""
