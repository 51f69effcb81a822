"""A site whose pages refuse."""

from django.urls import include, path

from fondaco.web.tests import test_refusals

urlpatterns = [
    path("", include((test_refusals.urlpatterns, "web"))),
    path("account/", include("allauth.urls")),
]
handler404 = "fondaco.web.views.not_found"
handler500 = "fondaco.web.views.server_error"
