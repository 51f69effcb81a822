"""Fulfilment: what is promised at an address. So far the pure rules behind `fondaco decide`."""
