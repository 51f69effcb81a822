"""The pages of conversations."""

from __future__ import annotations

from django.urls import path

from fondaco.messaging.web import buyer, capture, desk, photos, reports, seller, service

app_name = "messaging"
urlpatterns = [
    path("messages/", buyer.listing, name="list"),
    path("messages/new/", buyer.new, name="new"),
    path("messages/wishes/", buyer.wishes, name="wishes"),
    path("messages/uploads/", capture.uploads, name="uploads"),
    path("messages/uploads/<uuid:upload_id>/", capture.upload, name="upload"),
    path("messages/photos/<uuid:attachment_id>/<str:kind>/", photos.photo, name="photo"),
    path("messages/signed/<str:token>/", photos.signed, name="signed"),
    path("messages/originals/<uuid:attachment_id>/", photos.original, name="original"),
    path("messages/reports/", reports.create, name="report"),
    path("messages/<str:number>/", buyer.conversation, name="conversation"),
    path("messages/<str:number>/thread/", buyer.thread, name="thread"),
    path("messages/<str:number>/photos/", capture.capture, name="capture"),
    path("messages/<str:number>/withdraw/", buyer.withdraw, name="withdraw"),
    path("seller/messages/", seller.listing, name="seller_list"),
    path("seller/messages/new/", seller.new, name="seller_new"),
    path("seller/messages/photo-wishes/", seller.photo_wishes, name="photo_wishes"),
    path("seller/messages/shared/", seller.shared, name="shared"),
    path("seller/messages/shared/<str:number>/", seller.shared_conversation, name="shared_conversation"),
    path("seller/messages/shared/<str:number>/use/", desk.use, {"side": "shared"}, name="shared_use"),
    path("seller/messages/<str:number>/", desk.conversation, {"side": "seller"}, name="seller_conversation"),
    path("seller/messages/<str:number>/thread/", desk.thread, {"side": "seller"}, name="seller_thread"),
    path(
        "seller/messages/<str:number>/compare/<uuid:attachment_id>/",
        desk.compare,
        {"side": "seller"},
        name="seller_compare",
    ),
    path("seller/messages/<str:number>/evidence/", desk.evidence, {"side": "seller"}, name="seller_evidence"),
    path("seller/messages/<str:number>/use/", desk.use, {"side": "seller"}, name="seller_use"),
    path("service/contacts/", service.listing, name="contacts"),
    path("service/contacts/reports/", reports.listing, name="reports"),
    path("service/contacts/<str:number>/", desk.conversation, {"side": "service"}, name="contact"),
    path("service/contacts/<str:number>/thread/", desk.thread, {"side": "service"}, name="contact_thread"),
    path(
        "service/contacts/<str:number>/compare/<uuid:attachment_id>/",
        desk.compare,
        {"side": "service"},
        name="contact_compare",
    ),
    path("service/contacts/<str:number>/evidence/", desk.evidence, {"side": "service"}, name="contact_evidence"),
    path("service/contacts/<str:number>/use/", desk.use, {"side": "service"}, name="contact_use"),
]
