"""Facts in, decision out: plain Python, no clock, no database."""
