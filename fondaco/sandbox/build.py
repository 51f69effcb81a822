"""Makes the store that a sandbox starts with, and keeps it: the second start with the same code, seed and content takes a copy."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import fondaco

EMPTY, SEEDED = "empty", "seeded"
PRIMARY = "swift"
SELLERS = ("swift", "harbor", "juniper")
KEEP = 8


def ensure(data: Path, *, seed: str, store: str, at: datetime) -> None:
    """Fill an empty data folder; Django must be set up for it. A folder that has a store keeps it."""
    if (data / "sandbox.json").exists():
        return
    made = _cache() / _key(seed, store, at)
    with _alone(made.name):
        if not (made / "sandbox.json").exists():
            _make(data, seed=seed, store=store, at=at)
            part = made.with_name(f"{made.name}.{os.getpid()}")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            _copy(data, part)
            os.replace(part, made)
            _prune()
            return
        os.utime(made)
        _copy(made, data)


def _make(data: Path, *, seed: str, store: str, at: datetime) -> None:
    from django.db import connection

    from fondaco.engine import clock
    from fondaco.sandbox import world
    from fondaco.sandbox.queue import runner

    _tables()
    world.sequence()
    clock.stand(at=at)
    _people()
    if store == SEEDED:
        from fondaco.demo import seed as shelves

        shelves.ensure_store()
    kept = {"seed": seed, "store": store, "at": at.isoformat(), **_access()}
    runner.settle()
    connection.close()
    world.snapshot(world.START)
    (data / "sandbox.json").write_text(json.dumps(kept, indent=1))


def _tables() -> None:
    """The empty tables. They take far longer than all the rest, and change far less often than the code: kept by themselves."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from fondaco.sandbox import world

    live = Path(str(settings.DATABASES["default"]["NAME"]))
    kept = _cache() / f"tables-{_tables_key()}.sqlite3"
    if kept.exists():
        world.copy_database(kept, live)
        os.utime(kept)
        return
    sys.stderr.write("Preparing the tables; once for this version.\n")
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    part = kept.with_name(f"{kept.name}.{os.getpid()}")
    world.copy_database(live, part)
    os.replace(part, kept)


def _tables_key() -> str:
    """Changes with every migration, ours and those of the libraries."""
    from django.db.migrations.loader import MigrationLoader

    mixed = hashlib.sha256()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        mixed.update(f"{key}".encode() + Path(str(sys.modules[migration.__module__].__file__)).read_bytes())
    return mixed.hexdigest()[:24]


def _people() -> None:
    """The people of the demo store, with cards, and the carriers' terms accepted: what a seller does once by hand."""
    from fondaco.demo.purchases import ensure_card
    from fondaco.fulfilment.carriers.price_list import CARRIERS, TERMS_VERSION
    from fondaco.fulfilment.models import TermsAccepted
    from fondaco.fulfilment.rules.labels import MARKETPLACE, MARKETPLACE_TERMS
    from fondaco.sellers.demo import PERSONAS, ensure_personas

    people = ensure_personas()
    for persona in PERSONAS:
        if persona.address:
            ensure_card(people[persona.key])
    for key in SELLERS:
        caller = _caller(key)
        for party, version in {MARKETPLACE: MARKETPLACE_TERMS, **{c: f"{c}-{TERMS_VERSION}" for c in CARRIERS}}.items():
            TermsAccepted.objects.get_or_create(
                seller=caller.seller, party=party, version=version, defaults={"accepted_by": caller.person}
            )


def _access() -> dict[str, Any]:
    """One application, with every role, to which each seller has given access."""
    from fondaco.spapi.operations import access
    from fondaco.spapi.rules.roles import ALL, GRANTLESS_SCOPES

    made = access.register(_caller(PRIMARY), name="Sandbox", roles=[str(role) for role in ALL])
    keys = {"client_id": made.application.client_id, "client_secret": made.secret}
    for scope in sorted(GRANTLESS_SCOPES):
        access.exchange({**keys, "grant_type": "client_credentials", "scope": scope})
    sellers = {}
    for key in SELLERS:
        caller = _caller(key)
        assert caller.seller is not None
        granted = access.grant(caller, application_id=made.application.pk)
        # Asked for once here, the access token is in every store put back to its start: what a client keeps goes on working.
        access.exchange({**keys, "grant_type": "refresh_token", "refresh_token": granted.refresh_token})
        sellers[key] = {
            "id": caller.seller.number,
            "name": caller.seller.display_name,
            "country": caller.seller.country,
            "refresh_token": granted.refresh_token,
        }
    return {
        "client_id": made.application.client_id,
        "client_secret": made.secret,
        "seller": PRIMARY,
        "sellers": sellers,
    }


def _caller(key: str) -> Any:
    from fondaco.sellers.access import caller_for
    from fondaco.sellers.models import Membership, Person

    person = Person.objects.get(email_folded=f"{key}@fondaco.example")
    number = Membership.objects.select_related("seller").get(person=person).seller.number
    return caller_for(person, seller_number=number)


# --- kept stores ------------------------------------------------------------------------------------------------------


def _copy(source: Path, target: Path) -> None:
    """The start's snapshot, as a snapshot and as the store; the files; what it was started with, last."""
    from fondaco.sandbox.world import START

    (target / "snapshots").mkdir(parents=True, exist_ok=True)
    for end in (".sqlite3", ".json"):
        shutil.copyfile(source / "snapshots" / f"{START}{end}", target / "snapshots" / f"{START}{end}")
    if not (target / "fondaco.sqlite3").exists():
        shutil.copyfile(source / "snapshots" / f"{START}.sqlite3", target / "fondaco.sqlite3")
    if (source / "files").is_dir():
        shutil.copytree(source / "files", target / "files", dirs_exist_ok=True)
    shutil.copyfile(source / "sandbox.json", target / "sandbox.json")


def _cache() -> Path:
    base = os.environ.get("FONDACO_SANDBOX_CACHE")
    return (
        Path(base) if base else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fondaco" / "sandbox"
    )


def _key(seed: str, store: str, at: datetime) -> str:
    """Changes with every line of the code."""
    folder = Path(fondaco.__file__).parent
    mixed = hashlib.sha256(f"{seed}|{store}|{at.isoformat()}".encode())
    for path in sorted(folder.rglob("*.py")):
        if "tests" not in path.parts:
            mixed.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return mixed.hexdigest()[:24]


def _prune() -> None:
    kept = sorted((p for p in _cache().iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in kept[KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
    for old in sorted(_cache().glob("tables-*.sqlite3"), key=lambda p: p.stat().st_mtime, reverse=True)[KEEP:]:
        old.unlink(missing_ok=True)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process at a time makes a store; the others wait and take its copy."""
    _cache().mkdir(parents=True, exist_ok=True)
    with (_cache() / f"{name[:24]}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
