"""Messaging: conversations, photo requests, mail."""
