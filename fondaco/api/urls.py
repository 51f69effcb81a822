"""`/api/`: the endpoints, their description (`openapi.json`), the page about them (`docs`)."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from fondaco.api.door import api, nowhere


def urls() -> list[URLPattern]:
    """Made when every router is mounted."""
    return [path("", api.urls), re_path(r"^(?P<rest>.*)$", nowhere)]  # type: ignore[list-item]
