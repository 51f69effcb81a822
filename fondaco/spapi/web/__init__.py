"""Addresses of the door: the operations, the token endpoint, documents, and the pages where applications are kept."""
