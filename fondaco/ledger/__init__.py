"""Money: an append-only double-entry ledger, charges with their sources, statements and payouts (README.md)."""
