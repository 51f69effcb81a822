"""The second door: a proxy on this machine through which clients with fixed addresses reach a store, unmodified."""
