"""Conversations and photo requests over the native API."""
