"""The Selling Partner API door."""
