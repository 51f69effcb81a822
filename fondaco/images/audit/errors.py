"""What an audit refuses in words; the command prints them and ends with status 2."""

from __future__ import annotations


class AuditRefused(Exception):
    """The audit cannot begin as asked; the message says why and what to do."""


class CannotRead(Exception):
    """One picture's bytes cannot be had; the message becomes its row's `error`."""
