"""Reads of makers; each takes the caller, and what the caller may not see is not found."""
