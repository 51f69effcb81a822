"""Reads the few environment variables that separate a laptop from a cluster. README lists them all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on (any case)."""
    raw = os.environ.get(name)
    return default if raw is None else raw.strip().lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST:PORT/NAME?pool=8`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite:///"))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts)
    raise ValueError(f"FONDACO_DATABASE_URL: {parts.scheme!r} is not sqlite or postgresql")


def _sqlite(path: str) -> dict[str, Any]:
    # FULL: a commit that returned survives a power cut. IMMEDIATE: a transaction takes the write lock first,
    # so that it never fails half-way when upgrading from reading to writing.
    pragmas = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;"
    return {
        "ENGINE": "fondaco.engine.sqlite",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "CONN_MAX_AGE": None,
    }


def _postgresql(parts: Any) -> dict[str, Any]:
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    pool = int(query.pop("pool", "8"))
    # Statements that are kept by name live on one connection: not behind a pooler that hands it to another between two of them.
    keeps_statements = query.pop("prepare", "1") != "0"
    # Rows that pages ask for lie in memory or on a drive without a moving arm, and no query here runs long enough to be
    # worth compiling. With PostgreSQL's own defaults the first page of an inventory took twelve times as long.
    options: dict[str, Any] = {"options": "-c random_page_cost=1.1 -c jit=off", **query}
    if keeps_statements:
        options["prepare_threshold"] = 5
    if pool:
        from fondaco.engine import pooling

        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 30, "check": pooling.check}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


def mail_provider(url: str) -> dict[str, dict[str, Any]]:
    """The mailer "provider" for `smtp://USER:PASSWORD@HOST:587` (STARTTLS), `smtps://…` or a backend's dotted path
    (django-anymail); none when empty."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        return {"provider": {"BACKEND": url}}
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and parts.port != 25,
        "timeout": 20,
    }
    return {"provider": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def file_stores(url: str, data: Path) -> dict[str, dict[str, Any]]:
    """STORAGES entries of the content-addressed stores, for `folder` or `s3://BUCKET?endpoint=URL&region=…`."""
    kinds = ("originals", "renditions", "documents")
    if url == "folder":
        where = "fondaco.engine.files.FolderStore"
        return {k: {"BACKEND": where, "OPTIONS": {"location": str(data / "files" / k)}} for k in kinds}
    parts = urlsplit(url)
    if parts.scheme != "s3":
        raise ValueError(f"FONDACO_FILES: {url!r} is not 'folder' or s3://BUCKET")
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    common = {
        "bucket_name": parts.netloc,
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
        "access_key": os.environ.get("FONDACO_S3_ACCESS_KEY"),
        "secret_key": os.environ.get("FONDACO_S3_SECRET_KEY"),
        "file_overwrite": True,
        "querystring_auth": True,
        "querystring_expire": 600,
        "default_acl": None,
    }
    where = "storages.backends.s3.S3Storage"
    return {k: {"BACKEND": where, "OPTIONS": {**common, "location": k}} for k in kinds}


def secret_key(data: Path) -> str:
    """The secret from the environment, or one made once and kept in the data folder, readable by its owner only."""
    if given := os.environ.get("FONDACO_SECRET_KEY"):
        return given
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(fd, "w") as out:
            out.write(secrets.token_urlsafe(50))
    return path.read_text()
