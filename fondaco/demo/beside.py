"""What runs in threads beside the demo's web process."""

from __future__ import annotations

import os
from typing import Any

_running: list[Any] = []


def start_image_host() -> None:
    """The image-host simulator, at the port after the shop's; once per process."""
    from fondaco.demo.imagehost import ImageHost

    if not _running:
        host = ImageHost(port=int(os.environ["FONDACO_IMAGE_HOST_PORT"]))
        host.start()
        _running.append(host)


def image_host() -> Any | None:
    """The running simulator of this process, if there is one."""
    return _running[0] if _running else None
