"""Writes of makers: one function a verb; each owns its transaction, locks first and then checks."""
