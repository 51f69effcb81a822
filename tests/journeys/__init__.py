"""Whole stories of docs/requirements/JOURNEYS.md, through the pages, in a real browser."""
