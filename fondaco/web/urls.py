"""The shell's own pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from fondaco.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("theme", views.theme, name="theme"),
    path("language", set_language, name="language"),
]
