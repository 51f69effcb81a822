"""Verbs of feeds: submit, cancel, retry; and the steps that tasks take: plan, run, finish."""

from fondaco.feeds.operations.submitting import cancel, retry_failed, submit

__all__ = ["cancel", "retry_failed", "submit"]
