"""Makers: handmade applications, profiles, listings, announcements."""
