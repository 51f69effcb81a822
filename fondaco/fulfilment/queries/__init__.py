"""Reads of fulfilment."""
