"""The pages of fulfilment."""

from __future__ import annotations

from django.urls import path

from fondaco.fulfilment.web import buying, files, performance, prime_urls, simulator

app_name = "fulfilment"
urlpatterns = [
    *prime_urls.urlpatterns,
    path("seller/orders/<str:number>/buy-shipping/", buying.buy, name="buy"),
    path("seller/orders/<str:number>/confirm/", buying.confirm, name="confirm"),
    path("seller/labels/", buying.listing, name="labels"),
    path("seller/shipping/settings/", performance.settings, name="settings"),
    path("seller/shipping/performance/", performance.performance, name="performance"),
    path("seller/labels/terms/<slug:party>/", buying.terms, name="terms"),
    path("seller/labels/<uuid:label_id>/", buying.label_page, name="label"),
    path("seller/labels/<uuid:label_id>/void/", buying.void, name="label_void"),
    path("seller/labels/<uuid:label_id>/<slug:form>/", files.label_file, name="label_file"),
    path("operator/simulators/carriers/", simulator.page, name="simulator"),
    path("operator/simulators/carriers/fault/", simulator.fault, name="simulator_fault"),
    path("operator/simulators/carriers/heal/", simulator.heal, name="simulator_heal"),
    path("operator/simulators/carriers/<uuid:parcel_id>/move/", simulator.move, name="simulator_move"),
]
