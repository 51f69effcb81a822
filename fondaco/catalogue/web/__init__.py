"""Pages of the catalogue: the shop for buyers, the inventory for sellers."""
