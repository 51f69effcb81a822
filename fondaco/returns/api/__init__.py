"""The native API of this domain."""
