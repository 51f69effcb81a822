"""Writes about pictures as content: taking in, inspecting, rendering. What a picture is used for stands above."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel, Model, ProtectedError, Q
from django.utils.translation import gettext_noop as _

from fondaco.engine import files
from fondaco.images.develop import INSPECTOR_VERSION, develop, page_recipes
from fondaco.images.models import Inspection, Picture
from fondaco.images.pipeline import header as headers
from fondaco.images.pipeline import vision
from fondaco.images.pipeline.bounds import MAX_BYTES
from fondaco.images.pipeline.inspect import Report
from fondaco.images.pipeline.profiles import Profile, load_profile
from fondaco.images.pipeline.renditions import RECIPE_VERSION, Recipe, name_of, plan, render_all
from fondaco.kit.errors import Invalid, NotFound
from fondaco.kit.facts import plain

#: Findings that speak of one submission's file name, not of the picture.
ABOUT_THE_NAME = frozenset({"extension_mismatch"})


class PictureTooBig(Invalid):
    CODE = "file_too_big"
    STATUS = 413
    WORDS = _("The file has %(size_bytes)s bytes; no more than %(limit_bytes)s can be taken in.")
    FIX = _("Reduce the picture to 2,000 pixels on the longest side and save it as JPEG of quality 85 to 90.")
    CLAUSE = "B-IMG-03"


class PictureEmpty(Invalid):
    CODE = "file_empty"
    WORDS = _("The file is empty.")
    FIX = _("Choose the picture again; it may still be copying.")


@dataclass(frozen=True, slots=True)
class Rules:
    """A profile with the operator's limits, and the name under which its verdicts are kept. `models`: the optional ones
    are asked too."""

    profile: Profile
    name: str
    models: bool = False


@dataclass(frozen=True, slots=True)
class Developing:
    """What reading one file gave, before any of it is in the database. Renditions and original are on file already."""

    sha256: str
    size_bytes: int
    reports: tuple[tuple[Rules, Report], ...]
    recipes: tuple[Recipe, ...] = field(default=())

    @property
    def report(self) -> Report:
        return self.reports[0][1]


def rules_for(profile: str, *, limits: Mapping[str, Any], policy_version: str, at: datetime) -> Rules:
    """The profile as it held at `at`, with limits from policy (`Profile.with_policy`)."""
    models = vision.present() if settings.VISION else ()
    return _rules(profile, policy_version, at.date().isoformat(), _frozen(limits), models)


def take_in(data: bytes, *, at: datetime) -> Picture:
    """Keep a file as it came and note what its header says; the same bytes again give the same picture.

    Any bytes are taken in: what is no picture is found out, and said, by the inspection. Refuses an empty file
    and one over the hard bound of 64 MB.
    """
    if not data:
        raise PictureEmpty
    if len(data) > MAX_BYTES:
        raise PictureTooBig(size_bytes=len(data), limit_bytes=MAX_BYTES)
    sha256 = files.put("originals", data)
    known = Picture.objects.filter(pk=sha256).first()
    if known:
        return known
    made, is_new = Picture.objects.get_or_create(pk=sha256, defaults={**_header_facts(data), "created_at": at})
    if is_new and not files.exists("originals", sha256):
        files.put("originals", data)  # `forget` took the file away that was found above
    return made


def develop_file(
    data: bytes,
    rules: Sequence[Rules],
    *,
    name: str = "",
    mode: str | None = None,
    sha256: str = "",
    keep_original: bool = True,
) -> Developing:
    """Read one file once: judge it by each of `rules`, make the JPEG renditions that pages need, put all on file.

    Touches no database, so that many run side by side in threads. Safe to repeat.
    """
    if keep_original:
        sha256 = sha256 or hashlib.sha256(data).hexdigest()
        files.put_named("originals", files.name_for(sha256), data)
    models = any(r.models for r in rules)
    done = develop(data, [r.profile for r in rules], name=name or None, mode=mode, sha256=sha256, models=models)
    for recipe, encoded in done.renditions.items():
        files.put_named("renditions", rendition_name(done.sha256, recipe), encoded)
    return Developing(
        done.sha256, len(data), tuple(zip(rules, done.reports, strict=True)), tuple(sorted(done.renditions))
    )


def record(developed: Iterable[Developing], *, at: datetime) -> None:
    """Write pictures and inspections of what was developed; what is there already stays as it is."""
    by_sha = {each.sha256: each for each in developed}
    rendered = [_picture(each, at) for each in by_sha.values() if each.recipes]
    Picture.objects.bulk_create(
        rendered, update_conflicts=True, unique_fields=["sha256"], update_fields=["rendered", "box_hash"]
    )
    _keep_likenesses(by_sha.values())
    # One that gave no rendition now may have given some before: that stays true.
    Picture.objects.bulk_create(
        [_picture(each, at) for each in by_sha.values() if not each.recipes], ignore_conflicts=True
    )
    Inspection.objects.bulk_create(
        [_inspection(each.sha256, rules, report, at) for each in by_sha.values() for rules, report in each.reports],
        ignore_conflicts=True,
    )


def inspect_picture(picture: Picture, *, rules: Rules, name: str = "", at: datetime) -> Inspection:
    """What these rules find in the picture: the kept verdict, or a new one with the renditions made on the way.

    Raises NotFound when the original is gone.
    """
    known = Inspection.objects.filter(picture=picture, profile=rules.profile.name, rules=rules.name).first()
    if known:
        return known
    record([develop_file(original(picture.pk), [rules], name=name, keep_original=False)], at=at)
    return Inspection.objects.get(picture=picture, profile=rules.profile.name, rules=rules.name)


def render_picture(sha256: str, *, completely: bool = False) -> None:
    """Make the renditions that are wanted and not there. Safe to repeat and to kill.

    The JPEGs that pages need; `completely`: the wide ones and WebP too (`Picture.lean`).
    """
    picture = Picture.objects.filter(pk=sha256).first()
    if picture is None or not picture.width:
        return
    wanted = plan(picture.width, picture.height) if completely else page_recipes(picture.width, picture.height)
    missing = [recipe for recipe in wanted if not files.exists("renditions", rendition_name(sha256, recipe))]
    if missing:
        for recipe, encoded in render_all(original(sha256), missing).items():
            files.put_named("renditions", rendition_name(sha256, recipe), encoded)
    done = ("rendered", "lean") if completely else ("rendered",)
    Picture.objects.filter(pk=sha256).update(**dict.fromkeys(done, RECIPE_VERSION))


def forget(sha256: str, *, apart_from: Collection[type[Model]] = ()) -> bool:
    """Remove a picture that nothing refers to, with its files; False, and nothing happens, when something does.

    `apart_from`: tables whose rows do not count, or in which it cannot stand without standing in another one too.
    """
    try:
        with transaction.atomic():
            picture = Picture.objects.select_for_update().filter(pk=sha256).first()
            if picture is None:
                return True
            if any(_refers(relation, picture) for relation in _relations(apart_from)):
                return False
            names = [rendition_name(sha256, recipe) for recipe in plan(picture.width or 1, picture.height or 1)]
            picture.delete()
            transaction.on_commit(lambda: _forget_files(sha256, names))
    except (IntegrityError, ProtectedError):
        return False
    return True


def _relations(apart_from: Collection[type[Model]]) -> list[ForeignObjectRel]:
    relations = Picture._meta.get_fields(include_hidden=True)
    spared = {Inspection, *apart_from}
    return [r for r in relations if isinstance(r, ForeignObjectRel) and r.related_model not in spared]


def _refers(relation: ForeignObjectRel, picture: Picture) -> bool:
    rows = cast(Any, relation.related_model)._base_manager
    return bool(rows.filter(**{relation.field.name: picture}).exists())


def _forget_files(sha256: str, names: Sequence[str]) -> None:
    if Picture.objects.filter(pk=sha256).exists():
        return  # it came again meanwhile
    files.delete("originals", sha256)
    for name in names:
        files.delete("renditions", name)


def serve_until(sha256s: Iterable[str], *, until: datetime) -> None:
    """End every address of these pictures at `until`, the earliest that anybody asked for."""
    Picture.objects.filter(pk__in=list(sha256s)).filter(Q(served_until=None) | Q(served_until__gt=until)).update(
        served_until=until
    )


def wipe(sha256s: Iterable[str]) -> None:
    """Delete the files of pictures for good: originals and every rendition. The rows stay, for what names them.

    The caller has made sure that nothing shows them any more. Safe to repeat and to kill.
    """
    pictures = list(Picture.objects.filter(pk__in=list(sha256s)))
    Picture.objects.filter(pk__in=[picture.pk for picture in pictures]).update(rendered=0, lean=0)
    for picture in pictures:
        for recipe in plan(picture.width, picture.height) if picture.width else ():
            files.delete("renditions", rendition_name(picture.pk, recipe))
        files.delete("originals", picture.pk)


def original(sha256: str) -> bytes:
    """The bytes as they came; for tasks only, never for a page. Raises NotFound when the file is gone."""
    try:
        return files.read("originals", sha256)
    except FileNotFoundError:
        raise NotFound(what="original", sha256=sha256) from None


def rendition_name(sha256: str, recipe: Recipe) -> str:
    """Where a rendition lies in its store: two levels of folders, then content, version and recipe."""
    return f"{sha256[:2]}/{sha256[2:4]}/{name_of(sha256, recipe)}"


def looks_of(report: Report) -> int | None:
    """The 64-bit hash of the product's box as a signed integer, which both databases hold."""
    text = report.measures.get("looks_hash")
    return None if text is None else int.from_bytes(bytes.fromhex(text), "big", signed=True)


def likeness_of(report: Report) -> int | None:
    """The 64-bit hash of the embedding as a signed integer, None where the optional model did not look."""
    text = report.measures.get("seen_likeness")
    if not text:
        return None
    from fondaco.images.pipeline.vision import likeness

    value = likeness.likeness_hash(likeness.unpacked(text))
    return value - 2**64 if value >= 2**63 else value


def _keep_likenesses(developed: Iterable[Developing]) -> None:
    """Apart from the other facts, so that one who looks without models wipes nothing that was seen with them."""
    for each in developed:
        if (value := likeness_of(each.report)) is not None:
            Picture.objects.filter(pk=each.sha256).update(likeness_hash=value)


def _header_facts(data: bytes) -> dict[str, Any]:
    try:
        header = headers.read(data)
    except headers.BrokenHeader:
        header = None
    if header is None:
        return {"format": headers.sniff(data)[:12], "size_bytes": len(data)}
    width, height = header.upright_size
    return {
        "format": header.format,
        "width": width,
        "height": height,
        "frames": max(header.frames, header.pages),
        "colour": header.colour,
        "size_bytes": len(data),
    }


def _picture(each: Developing, at: datetime) -> Picture:
    report = each.report
    return Picture(
        sha256=each.sha256,
        format=report.format[:12],
        width=report.width or 0,
        height=report.height or 0,
        frames=report.frames or 1,
        size_bytes=each.size_bytes,
        colour=report.colour or "",
        rendered=RECIPE_VERSION if each.recipes else 0,
        box_hash=looks_of(report),
        created_at=at,
    )


def _inspection(sha256: str, rules: Rules, report: Report, at: datetime) -> Inspection:
    return Inspection(
        picture_id=sha256,
        profile=rules.profile.name,
        rules=rules.name,
        verdict=report.verdict,
        findings=[plain(f.as_dict()) for f in report.findings if f.code not in ABOUT_THE_NAME],
        measures=plain(report.measures),
        inspected_at=at,
    )


def _frozen(limits: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((key, tuple(v) if isinstance(v, list) else v) for key, v in limits.items()))


@lru_cache(maxsize=256)
def _rules(
    profile: str, policy_version: str, day: str, limits: tuple[tuple[str, Any], ...], models: tuple[str, ...] = ()
) -> Rules:
    loaded = load_profile(profile, on=datetime.fromisoformat(day).date()).with_policy(**dict(limits))
    seeing = "".join(f"+{name}" for name in models)  # the same content under more eyes may get more findings
    name = f"{loaded.valid_from}.{INSPECTOR_VERSION}{seeing} {policy_version}"
    if len(name) > 80:
        name = name[:47] + hashlib.sha256(name.encode()).hexdigest()[:32]
    return Rules(loaded, name, bool(models))
