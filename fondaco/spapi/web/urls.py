"""Every address of the door. The paths of operations are the published ones."""

from __future__ import annotations

from django.urls import path, re_path

from fondaco.spapi.door.operation import by_path
from fondaco.spapi.door.view import view_of
from fondaco.spapi.web import applications, documents, notifications, tokens

app_name = "spapi"
urlpatterns = [
    path("auth/o2/token", tokens.token, name="token"),
    path("auth/o2/token/", tokens.token),
    path("apps/authorize/consent", applications.consent, name="consent"),
    path("seller/apps/", applications.listing, name="applications"),
    path("seller/apps/notifications/", notifications.listing, name="notifications"),
    path("seller/apps/notifications/<str:notice_id>/resend/", notifications.resend, name="notice_resend"),
    path("seller/apps/destinations/<str:destination_id>/rotate/", notifications.rotate, name="destination_rotate"),
    path("seller/apps/new/", applications.register, name="application_new"),
    path("seller/apps/<str:application_id>/grant/", applications.grant, name="application_grant"),
    path("seller/apps/<str:application_id>/rotate/", applications.rotate, name="application_rotate"),
    path("seller/apps/<str:application_id>/end/", applications.end, name="application_end"),
    path("seller/apps/grants/<str:grant_id>/revoke/", applications.revoke, name="grant_revoke"),
    path("spapi/documents/<str:ticket>", documents.document, name="document"),
    path("spapi/schemas/<str:name>.json", documents.schema, name="schema"),
    *(
        re_path(next(iter(methods.values())).route, view_of(methods), name=next(iter(methods.values())).name)
        # A path that says more in plain words comes before one with a parameter in that place.
        for _, methods in sorted(by_path().items(), key=lambda pair: pair[0].count("{"))
    ),
]
