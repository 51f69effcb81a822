"""The WSGI application. With FONDACO_EMBEDDED_WORKER=1 the task worker runs in threads beside it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
application = get_wsgi_application()

if os.environ.get("FONDACO_EMBEDDED_WORKER") == "1":
    from fondaco.engine.worker import start_embedded

    start_embedded()
