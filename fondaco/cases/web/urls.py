"""The pages of support cases."""

from __future__ import annotations

from django.urls import path

from fondaco.cases.web import desk, views

app_name = "cases"
urlpatterns = [
    path("seller/contact/", views.contact, name="contact"),
    path("seller/cases/", views.listing, name="list"),
    path("seller/cases/<str:number>/", views.case, name="case"),
    path("seller/cases/<str:number>/withdraw/", views.withdraw, name="withdraw"),
    path("seller/cases/<str:number>/documents/<str:sha256>/", views.document, name="document"),
    path("support/cases/", desk.listing, name="desk"),
    path("support/cases/<str:number>/", desk.case, name="desk_case"),
    path("support/cases/<str:number>/assignment/", desk.assignment, name="assignment"),
]
