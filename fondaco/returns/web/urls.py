"""The pages of returns."""

from __future__ import annotations

from django.urls import path

from fondaco.returns.web import buyer, desk, disputes, hazmat, seller, what_if

app_name = "returns"
urlpatterns = [
    path("returns/", buyer.listing, name="list"),
    path("returns/new/<str:number>/", buyer.start, name="start"),
    path("returns/<str:number>/", buyer.detail, name="return"),
    path("returns/<str:number>/label.pdf", buyer.label, name="label"),
    path("returns/<str:number>/cancellation/", buyer.cancellation, name="cancel"),
    path("returns/<str:number>/units/<int:unit>/reason/", buyer.reason, name="reason"),
    path("seller/returns/", seller.listing, name="seller_list"),
    path("seller/returns/warehouse/", seller.arrivals, name="arrivals"),
    path("seller/returns/due/", seller.due_calendar, name="calendar"),
    path("seller/returns/figures/", seller.figures, name="figures"),
    path("seller/returns/by-id/<uuid:return_id>/", seller.by_id, name="seller_return_by_id"),
    path("seller/returns/<str:number>/", seller.detail, name="seller_return"),
    path("seller/returns/<str:number>/check-in/", seller.check_in, name="check_in"),
    path("seller/returns/<str:number>/answer/", seller.answer, name="answer"),
    path("seller/returns/<str:number>/units/<int:unit>/grade/", seller.grade, name="grade"),
    path("seller/returns/<str:number>/units/<int:unit>/refund/", seller.refund_page, name="refund"),
    path("seller/returns/<str:number>/units/<int:unit>/dispute/", disputes.page, name="dispute"),
    path("service/returns/", desk.listing, name="desk"),
    path("service/returns/<str:number>/", desk.detail, name="desk_return"),
    path("support/hazmat/<str:number>/", hazmat.judgement, name="hazmat"),
    path("operator/what-if/", what_if.index, name="what_if"),
    path("operator/what-if/<uuid:what_if_id>/", what_if.result, name="what_if_result"),
]
