"""Reads of returns. What the caller may not see is not found."""
