"""Returns: may it come back, who pays for the way, what is refunded. So far the pure rules behind `fondaco decide`."""
