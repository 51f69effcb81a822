"""Every door of the site. A domain's pages are mounted here, and nowhere else."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from fondaco.api.urls import urls as api_urls
from fondaco.config.api_doors import mounted

_DOORS = [
    ("", "fondaco.spapi.web.urls"),
    ("", "fondaco.web.urls"),
    ("", "fondaco.catalogue.web.urls"),
    ("", "fondaco.images.web.urls"),
    ("", "fondaco.sellers.web.urls"),
    ("", "fondaco.cases.web.urls"),
    ("", "fondaco.ledger.web.urls"),
    ("", "fondaco.orders.web.urls"),
    ("", "fondaco.fulfilment.web.urls"),
    ("", "fondaco.returns.web.urls"),
    ("", "fondaco.messaging.web.urls"),
    ("", "fondaco.makers.web.urls"),
    ("", "fondaco.studio.web.urls"),
    ("", "fondaco.service.web.urls"),
    ("", "fondaco.policy.web.urls"),
    ("", "fondaco.feeds.web.urls"),
    ("", "fondaco.operator.web.urls"),
    ("", "fondaco.demo.web.urls"),
    ("help/", "fondaco.help.web.urls"),
    ("account/", "allauth.urls"),
]


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


if settings.SANDBOX:
    _DOORS.insert(0, ("sandbox/v1/", "fondaco.sandbox.urls"))

if settings.ANYMAIL:  # without a secret anybody could write in anybody's name
    _DOORS.append(("anymail/", "anymail.urls"))

urlpatterns = [path(prefix, include(module)) for prefix, module in _DOORS if _exists(module)]
if mounted():
    urlpatterns.append(path("api/", include(api_urls())))
handler400 = "fondaco.web.views.bad_request"
handler403 = "fondaco.web.views.forbidden"
handler404 = "fondaco.web.views.not_found"
handler500 = "fondaco.web.views.server_error"
