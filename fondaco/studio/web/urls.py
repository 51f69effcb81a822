"""The studio's pages: sellers, fulfilment centre, studio floor, retouching, support, operator."""

from __future__ import annotations

from django.urls import path

from fondaco.studio.web import batches, fc, guide, operator, retouching, seller, shooting, support, terms

app_name = "studio"
urlpatterns = [
    path("seller/products/<str:asin>/imaging/", seller.pop_up, name="pop_up"),
    path("seller/products/<str:asin>/imaging/buy/", seller.buy, name="buy"),
    path("seller/imaging/", seller.listing, name="orders"),
    path("seller/imaging/lists/", batches.listing, name="batches"),
    path("seller/imaging/lists/<str:batch_id>/", batches.batch, name="batch"),
    path("seller/imaging/uses/<str:removal_id>/removed/", seller.removed, name="use_removed"),
    path("seller/imaging/pictures/<uuid:image_id>/sizes/", seller.link_sizes, name="link_sizes"),
    path("seller/imaging/files/<str:image_id>/", seller.download, name="download"),
    path("seller/imaging/<str:order_id>/", seller.order, name="order"),
    path("fc/imaging/", fc.picks, name="picks"),
    path("fc/imaging/pick/", fc.pick, name="pick"),
    path("fc/imaging/dispatch/", fc.dispatch, name="dispatch"),
    path("fc/imaging/cannot-locate/", fc.cannot_locate, name="cannot_locate"),
    path("fc/imaging/search/", fc.search, name="search"),
    path("fc/imaging/labels/<str:order_id>/", fc.label, name="label"),
    path("fc/imaging/labels/<str:order_id>/barcode.svg", fc.barcode, name="barcode"),
    path("fc/check-in/", fc.check_in, name="check_in"),
    path("studio/", shooting.received, name="received"),
    path("studio/jobs/", shooting.jobs, name="jobs"),
    path("studio/jobs/<str:order_id>/", shooting.job, name="job"),
    path("studio/jobs/<str:order_id>/shots/", shooting.shots, name="shots"),
    path("studio/jobs/<str:order_id>/set/", shooting.shot_list, name="shot_list"),
    path("studio/jobs/<str:order_id>/shots/<str:shot_id>/drop/", shooting.drop, name="shot_drop"),
    path("studio/jobs/<str:order_id>/<str:verb>/", shooting.act, name="job_act"),
    path("studio/edits/", retouching.queue, name="edits"),
    path("studio/edits/<str:order_id>/", retouching.order, name="edit_order"),
    path("studio/edits/<str:order_id>/publish/", retouching.publish, name="release"),
    path("studio/shots/<str:shot_id>/", retouching.shot, name="retouch"),
    path("studio/shots/<str:shot_id>/<str:verb>/", retouching.act, name="retouch_act"),
    path("studio/guide/", guide.listing, name="guide"),
    path("studio/guide/<str:key>/", guide.entry, name="guide_entry"),
    path("support/cases/<str:number>/cancellation/", support.cancellation, name="decide_cancellation"),
    path("support/cases/<str:number>/no-model/", support.no_model, name="no_model"),
    path("operator/imaging/", operator.overview, name="operator"),
    path("operator/imaging/capacity/", terms.capacity, name="capacity"),
    path("operator/imaging/prices/", terms.prices, name="prices"),
    path("operator/imaging/returns/", operator.returns, name="returns"),
    path("operator/imaging/rights/", operator.rights, name="rights"),
    path("operator/imaging/rights/<str:image_id>/<str:verb>/", operator.rights_act, name="rights_act"),
]
