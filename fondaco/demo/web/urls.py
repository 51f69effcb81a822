"""Mounted in every store; outside a demo every page of it reads as not found."""

from django.urls import path

from fondaco.demo.web import views

app_name = "demo"
urlpatterns = [
    path("operator/clock/", views.clock_page, name="clock"),
    path("operator/clock/real/", views.clock_real, name="clock_real"),
    path("operator/simulators/", views.simulators, name="simulators"),
    path("operator/simulators/fault/", views.fault, name="fault"),
    path("operator/simulators/heal/", views.heal, name="heal"),
]
