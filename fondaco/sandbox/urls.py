"""Mounted below `/sandbox/v1/` in a sandbox only (`fondaco.config.urls`)."""

from __future__ import annotations

from django.urls import path

from fondaco.sandbox.control import control

urlpatterns = [path("", control.urls)]
