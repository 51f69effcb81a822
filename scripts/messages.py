#!/usr/bin/env python
"""Translations without GNU gettext: extract, list what is missing, fill, check and compile.

    scripts/messages.py extract [APP…]        update fondaco/APP/locale/{vi,zh_Hant}/LC_MESSAGES/django.po
    scripts/messages.py missing [APP…]        JSON: {app: {language: [msgid, …]}}
    scripts/messages.py fill APP LANGUAGE FILE.json     take {msgid: translation} into the catalogue
    scripts/messages.py check                 fails on an untranslated, fuzzy, stale or placeholder-breaking message
    scripts/messages.py compile               write the .mo files that Django reads

A message lives in the catalogue of the app that uses it, so a domain moves as one folder.
"""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "fondaco"
LANGUAGES = ("vi", "zh_Hant")
# context functions take (context, msgid), plural ones (one, many, n)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!%)%[sd]|\{(\w*)\}")


def apps() -> list[str]:
    return sorted(p.parent.name for p in ROOT.glob("*/apps.py"))


def po_path(app: str, language: str) -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(app: str) -> list[Path]:
    files = [*(ROOT / app).rglob("*.py"), *(ROOT / app).rglob("*.html"), *(ROOT / app).rglob("*.txt")]
    return sorted(f for f in files if not {"tests", "migrations"} & set(f.relative_to(ROOT).parts))


def messages_of(path: Path):
    """(line, msgid, context) of every message in one file; templates are read by Django's own translator."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        text = templatize(text)
    for line, msg, _comments, context in extract(
        "python", io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"}
    ):
        if msg and msg != "":
            yield line, msg, context


def extracted(app: str) -> Catalog:
    catalog = Catalog(domain="django", charset="utf-8")
    for path in sources(app):
        where = path.relative_to(ROOT.parent).as_posix()
        for _line, msg, context in messages_of(path):
            catalog.add(msg, locations=[(where, 0)], context=context)
    return catalog


def load(app: str, language: str) -> Catalog:
    path = po_path(app, language)
    if not path.exists():
        return Catalog(locale=language, domain="django", charset="utf-8", fuzzy=False)
    with path.open("rb") as f:
        return read_po(f, locale=language, domain="django")


def save(app: str, language: str, catalog: Catalog) -> None:
    path = po_path(app, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.fuzzy = False
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, omit_header=False, sort_output=True, ignore_obsolete=True, no_location=True)
    text = re.sub(
        r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Project-Id-Version):.*\n',
        "",
        buffer.getvalue().decode(),
        flags=re.M,
    )
    path.write_text(text, encoding="utf-8")


def update(app: str) -> None:
    fresh = extracted(app)
    if not len(fresh):
        return
    for language in LANGUAGES:
        catalog = load(app, language)
        catalog.update(fresh, no_fuzzy_matching=True)
        save(app, language, catalog)


def key(m: Message) -> str:
    base = m.id[0] if isinstance(m.id, (list, tuple)) else m.id
    return f"{m.context}\x04{base}" if m.context else base


def is_open(m: Message) -> bool:
    return bool(m.id) and (not m.string or (isinstance(m.string, (list, tuple)) and not all(m.string)) or m.fuzzy)


def missing(names: list[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for app in names:
        for language in LANGUAGES:
            gaps = [key(m) for m in load(app, language) if is_open(m)]
            if gaps:
                found.setdefault(app, {})[language] = gaps
    return found


def fill(app: str, language: str, given: dict[str, str]) -> int:
    catalog, done = load(app, language), 0
    for m in catalog:
        if m.id and key(m) in given:
            text = given[key(m)]
            m.string = [text] * catalog.num_plurals if isinstance(m.id, (list, tuple)) else text
            m.flags.discard("fuzzy")
            done += 1
    save(app, language, catalog)
    return done


def placeholders(text: str) -> set[str]:
    return {m.group(0) for m in PLACEHOLDER.finditer(text)}


def check() -> list[str]:
    faults = []
    for app in apps():
        fresh = {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in extracted(app) if m.id}
        for language in LANGUAGES:
            have = {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in load(app, language) if m.id}
            for k, _m in fresh.items():
                if k not in have:
                    faults.append(f"{app}/{language}: not extracted: {k[1]!r}")
                elif is_open(have[k]):
                    faults.append(f"{app}/{language}: not translated: {k[1]!r}")
                else:
                    got = have[k].string
                    for text in [got] if isinstance(got, str) else got:
                        wanted = placeholders(k[1])
                        many = have[k].id
                        allowed = wanted | (placeholders(many[1]) if isinstance(many, (list, tuple)) else set())
                        if not placeholders(text) <= allowed or (
                            isinstance(many, str) and placeholders(text) != wanted
                        ):
                            faults.append(f"{app}/{language}: placeholders differ: {k[1]!r} -> {text!r}")
            faults += [f"{app}/{language}: stale: {k[1]!r}" for k in have.keys() - fresh.keys()]
    return faults


def compile_all() -> int:
    done = 0
    for app in apps():
        for language in LANGUAGES:
            path = po_path(app, language)
            if path.exists():
                with path.with_suffix(".mo").open("wb") as out:
                    write_mo(out, load(app, language))
                done += 1
    return done


def main(argv: list[str]) -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    sys.path.insert(0, str(ROOT.parent))
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    _ = django
    verb, rest = (argv[0], argv[1:]) if argv else ("help", [])
    if verb == "extract":
        for app in rest or apps():
            update(app)
    elif verb == "missing":
        print(json.dumps(missing(rest or apps()), ensure_ascii=False, indent=1))
    elif verb == "fill" and len(rest) == 3:
        print(fill(rest[0], rest[1], json.loads(Path(rest[2]).read_text(encoding="utf-8"))), "filled")
    elif verb == "check":
        faults = check()
        print("\n".join(faults) or "translations are complete")
        return 1 if faults else 0
    elif verb == "compile":
        print(compile_all(), "catalogues compiled")
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
