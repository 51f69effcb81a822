"""Reads of the catalogue. Each takes the caller where access matters; what the caller may not see is not found."""
