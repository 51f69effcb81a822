"""The pages of customer service."""

from __future__ import annotations

from django.urls import path

from fondaco.service.web import claims, desk

app_name = "service"
urlpatterns = [
    path("service/", desk.desk, name="desk"),
    path("service/orders/<str:number>/", desk.order, name="order"),
    path("service/orders/<str:number>/refund/", desk.refund, name="refund"),
    path("service/orders/<str:number>/late/", desk.late, name="late"),
    path("service/orders/<str:number>/address/", desk.address, name="address"),
    path("service/claims/", desk.claims, name="claims"),
    path("service/claims/<str:number>/", claims.desk_claim, name="claim"),
    path("seller/claims/", claims.seller_claims, name="seller_claims"),
    path("seller/claims/file/<uuid:payback_id>/", claims.file, name="file"),
    path("seller/claims/<str:number>/", claims.seller_claim, name="seller_claim"),
    path("claims/<str:number>/", claims.guarantee, name="guarantee"),
    path("claims/<str:number>/documents/<str:sha256>/", claims.document, name="document"),
    path("orders/<str:number>/claim/", claims.open_guarantee, name="open_guarantee"),
]
