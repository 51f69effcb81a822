"""The shell's own pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from fondaco.web import views
from fondaco.web.style import views as style

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("theme", views.theme, name="theme"),
    path("language", set_language, name="language"),
    path("style/", style.guide, name="style"),
    path("style/progress", style.progress, name="style-progress"),
    path("style/dialog", style.dialog, name="style-dialog"),
    path("style/upload", style.upload, name="style-upload"),
    path("style/refusal", style.refusal, name="style-refusal"),
]
