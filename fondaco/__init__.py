"""Fondaco: a self-hosted marketplace seller platform."""

__version__ = "0.1.0"
