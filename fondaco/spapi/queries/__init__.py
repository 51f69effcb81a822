"""Reads that only the door needs."""
