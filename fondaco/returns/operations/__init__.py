"""Verbs of returns. Each owns its transaction and may be repeated. Locks: order, return, then the ledger's."""
