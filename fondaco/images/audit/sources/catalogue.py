"""The pictures of this installation, as they came. The one source that needs Django; imported when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fondaco.images.audit.errors import AuditRefused

from .bucket import BucketReader
from .folder import FolderReader
from .model import Item, Reader


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Each content once, called by its sha-256; content never changes, so its stamp is its size."""

    reader: Reader
    prefix: str = ""
    name: str = "catalogue"

    def items(self) -> Iterator[Item]:
        from fondaco.images.models import Picture

        known = Picture.objects.order_by("sha256").values_list("sha256", "size_bytes")
        for sha256, size in known.iterator(chunk_size=10_000):
            yield Item(sha256, self.locate(sha256), str(size))

    def locate(self, path: str) -> bytes:
        from fondaco.engine.files import name_for

        return (self.prefix + name_for(path)).encode()


def from_installation() -> Catalogue:
    """Where this installation's settings keep the originals. Raises AuditRefused without Django or for another store."""
    try:
        import django
        from django.apps import apps
    except ImportError as error:
        raise AuditRefused("the source 'catalogue' needs this installation: pip install 'fondaco[server]'") from error
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
        django.setup()
    from fondaco.engine import files

    return _at(files.store("originals"))


def _at(store: Any) -> Catalogue:
    if hasattr(store, "bucket_name"):
        location = store.location.strip("/")
        reader = BucketReader(
            store.bucket_name, store.endpoint_url, store.region_name, store.access_key, store.secret_key
        )
        return Catalogue(reader, f"{location}/" if location else "")
    if hasattr(store, "base_location"):
        return Catalogue(FolderReader(str(store.location)))
    raise AuditRefused(f"originals are kept in a store that an audit cannot read: {type(store).__name__}")
