"""One address a rendition: content, recipe version and width make it, so what stands there never changes."""

from __future__ import annotations

from django.urls import path, register_converter

from fondaco.images.web import views

app_name = "images"


class Sha256Converter:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256Converter, "sha256")

urlpatterns = [path("media/<sha256:sha256>/<str:recipe>.<slug:ext>", views.rendition, name="rendition")]
