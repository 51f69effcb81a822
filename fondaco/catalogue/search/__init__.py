"""Shop search: words in, listings out, the same on both databases and fast at a million listings."""
