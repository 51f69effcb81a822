"""Writes of fulfilment, one module a subject."""
