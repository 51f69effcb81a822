"""The pages of fulfilment."""

from __future__ import annotations

from django.urls import path

from fondaco.fulfilment.web import files, simulator

app_name = "fulfilment"
urlpatterns = [
    path("seller/labels/<uuid:label_id>/<slug:form>/", files.label_file, name="label_file"),
    path("operator/simulators/carriers/", simulator.page, name="simulator"),
    path("operator/simulators/carriers/fault/", simulator.fault, name="simulator_fault"),
    path("operator/simulators/carriers/heal/", simulator.heal, name="simulator_heal"),
    path("operator/simulators/carriers/<uuid:parcel_id>/move/", simulator.move, name="simulator_move"),
]
