"""Facts in, decision out: plain Python, no Django."""
