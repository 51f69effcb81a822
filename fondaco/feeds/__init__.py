"""Inventory files and JSON listing feeds: one more door that calls the catalogue's operations."""
