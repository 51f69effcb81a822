"""The pages of the programme."""

from __future__ import annotations

from django.urls import path

from fondaco.fulfilment.web import prime, sanctions, shipping_templates, standing

urlpatterns = [
    path("seller/prime/", prime.overview, name="prime"),
    path("seller/prime/apply/", prime.apply, name="prime_apply"),
    path("seller/prime/activate/", prime.activate, name="prime_activate"),
    path("seller/prime/trial/", standing.begin, name="prime_trial"),
    path("seller/prime/plan/", standing.file_plan, name="prime_plan"),
    path("seller/prime/leave/", prime.leave, name="prime_leave"),
    path("seller/prime/volume/", prime.control, name="prime_volume"),
    path("seller/prime/switch/", prime.switch, name="prime_switch"),
    path("seller/prime/offers/", prime.offers, name="prime_items"),
    path("seller/prime/offers/<str:offer_id>/", prime.badge, name="prime_badge"),
    path("seller/prime/offers/<str:offer_id>/enrol/", prime.enrol, name="prime_enrol"),
    path("seller/prime/offers/<str:offer_id>/remove/", prime.remove, name="prime_remove"),
    path("seller/shipping/templates/", shipping_templates.listing, name="templates"),
    path("seller/shipping/templates/new/", shipping_templates.edit, name="template_new"),
    path("seller/shipping/templates/<str:template_id>/", shipping_templates.edit, name="template"),
    path("seller/shipping/templates/<str:template_id>/remove/", shipping_templates.remove, name="template_remove"),
    path("operator/sanctions/", sanctions.listing, name="sanctions"),
    path("operator/sanctions/<str:number>/", sanctions.seller, name="sanctions_seller"),
    path("operator/sanctions/<str:number>/size/", standing.size_error, name="size_error"),
    path("operator/sanctions/plans/<str:plan_id>/", standing.decide_plan, name="plan_decide"),
    path("operator/sanctions/<str:number>/make/", sanctions.make, name="sanction_make"),
    path("operator/sanctions/<str:sanction_id>/lift/", sanctions.lift, name="sanction_lift"),
]
