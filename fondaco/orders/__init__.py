"""Orders: carts, checkout, orders, their items and units, parcels."""
