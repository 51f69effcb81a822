"""The pages of the help centre, below `/help/`."""

from __future__ import annotations

from django.urls import path

from fondaco.help.web import views

app_name = "help"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("errors", views.errors, name="errors"),
    path("errors/<str:key>", views.error, name="error"),
    path("clauses", views.clauses, name="clauses"),
    path("clauses/area/<str:area>", views.clause_area, name="clause-area"),
    path("clauses/<str:id>", views.clause, name="clause"),
    path("<slug:slug>", views.article, name="article"),
]
