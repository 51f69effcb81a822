"""The WSGI application. With FONDACO_EMBEDDED_WORKER=1 the task worker runs in threads beside it, and so does
whatever FONDACO_BESIDE names (dotted paths of functions that start something and return)."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  every view is imported here, in one thread, and not by the first visitors' several

if os.environ.get("FONDACO_EMBEDDED_WORKER") == "1":
    from fondaco.engine.worker import start_embedded

    start_embedded()

for _beside in filter(None, os.environ.get("FONDACO_BESIDE", "").split(",")):
    from django.utils.module_loading import import_string

    import_string(_beside)()

gc.collect()
gc.freeze()  # what every request uses is not searched for garbage again and again
