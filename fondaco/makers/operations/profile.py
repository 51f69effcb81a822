"""The maker's page: sending in a version, checking it, showing it (HAND-16…18, B-HAND-08)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.queries import looking_like
from fondaco.kit.errors import Denied, Invalid, NotFound, Refusal
from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import fold, line, paragraphs
from fondaco.makers import nudges
from fondaco.makers.models import Maker, MakerShop, ProfileVersion
from fondaco.makers.models.profile import PENDING, ProfileState
from fondaco.makers.operations.pictures import PhotoNotAcceptable, take_photo
from fondaco.makers.queries.applications import DESK, maker_for
from fondaco.makers.rules import links
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability

NAME_LIMIT, SLUG_LIMIT, TEXT_LIMIT, SHORT_LIMIT, ALT_LIMIT, MOST_PICTURES = 60, 40, 6_000, 500, 200, 8
PARTS = ("inspiration", "story", "process")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")
_TAKEN_WORDS = frozenset({"search", "makers", "handmade", "about", "admin", "shop", "help", "new"})


class ProfileNotValid(Invalid):
    """`findings` name every place that keeps the profile from being sent."""

    CODE = "profile_not_valid"
    WORDS = N_("The profile cannot be shown like this: %(words)s")
    FIX = N_("Take it out, or correct it, and send the profile again. What you wrote is kept.")
    CLAUSE = "HAND-18"


class PortraitNotValid(Invalid):
    CODE = "profile_picture_too_small"
    WORDS = N_("The shortest side of the profile picture has %(px)s pixels; it needs at least %(least)s.")
    FIX = N_("Choose a larger picture.")
    CLAUSE = "B-HAND-08"


class ShopNameTaken(Refusal):
    CODE = "shop_name_taken"
    WORDS = N_("Another maker has the shop name “%(name)s” already.")
    FIX = N_("Choose another name.")
    CLAUSE = "B-HAND-08"


class ShopAddressTaken(Refusal):
    CODE = "shop_address_taken"
    WORDS = N_("Another maker has the address “%(slug)s” already.")
    FIX = N_("Choose another address.")
    CLAUSE = "B-HAND-08"


class ProfileMoved(Refusal):
    CODE = "profile_moved"
    WORDS = N_("This version of the profile is no longer waiting to be looked at.")
    CLAUSE = "HAND-16"


FINDING_WORDS: dict[str, Any] = {
    "profile_link": _("“%(measured)s” leads to another business."),
    "profile_contact": _("“%(measured)s” is a way to reach you outside of the marketplace."),
    "profile_barred": _("“%(measured)s” speaks for somebody else or offers a discount."),
    "profile_other_shop": _("“%(measured)s” is the name of another maker’s shop."),
    "profile_name_missing": _("A shop name is needed."),
    "profile_address_not_valid": _("The address has 3 to 40 small letters, digits and hyphens."),
    "profile_address_is_name": _("The address may not be the same as the shop name."),
    "profile_portrait_missing": _("A profile picture is needed."),
    "profile_text_missing": _("An inspiration and a story are needed in at least one language."),
    "profile_store_not_open": _("%(measured)s is not one of the stores that your approval opened."),
    "profile_picture_of_another": _("A picture looks like one of another maker."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProfile:
    """What a maker sends in. `texts`: store → language → part → text; `pictures`: sha-256 and what it shows."""

    name: str
    slug: str
    portrait: str
    portrait_alt: str = ""
    pictures: Sequence[tuple[str, str]] = ()
    texts: Mapping[str, Mapping[str, Mapping[str, str]]]


def take_portrait(*, data: bytes, name: str) -> Picture:
    """Keep a profile picture. Raises PortraitNotValid under the shortest side of policy (200 px), and what
    `take_photo` refuses."""
    least = policy.value("handmade.profile", at=clock.now()).value["image_min_shortest_px"]
    try:
        picture, _findings = take_photo(data=data, name=name)
    except PhotoNotAcceptable:
        from fondaco.images.operations import take_in

        picture = take_in(data, at=clock.now())
        if 0 < min(picture.width, picture.height) < least:
            raise PortraitNotValid(px=min(picture.width, picture.height), least=least) from None
        raise
    if min(picture.width, picture.height) < least:
        raise PortraitNotValid(px=min(picture.width, picture.height), least=least)
    return picture


def send(caller: Caller, new: NewProfile, *, request_key: str = "") -> ProfileVersion:
    """Send in a version of the page. It takes the place of one that still waits; what is shown stays until it is checked.

    Pictures, name and address are those of every country; texts belong to one store and language each.
    Raises NotFound, Denied, ProfileNotValid, ShopNameTaken, ShopAddressTaken.
    """
    maker = maker_for(caller)
    seller = caller.require(Capability.EDIT_ACCOUNT, seller=maker.seller)
    at = clock.now()
    rules = policy.value("handmade.profile_bars", seller.store, at=at)
    content, faults = _read(maker, new)
    faults += [f for f in _judge(seller, content, rules.value["words"]) if f.severity is Severity.ERROR]
    if faults:
        raise ProfileNotValid(words=[words_of(f) for f in faults], findings=tuple(faults))
    with transaction.atomic():
        SellerAccount.objects.select_for_update().get(pk=seller.pk)
        rows = ProfileVersion.objects.filter(seller=seller)
        if request_key and (same := rows.filter(request_key=request_key).first()):
            return same
        _require_free(seller, content)
        rows.filter(state__in=[s.value for s in PENDING]).update(state=ProfileState.REPLACED, decided_at=at)
        number = (rows.aggregate(n=Max("number"))["n"] or 0) + 1
        version = ProfileVersion.objects.create(
            seller=seller,
            number=number,
            content=content,
            policy_version=rules.version,
            submitted_by=caller.require_person(),
            request_key=request_key,
            submitted_at=at,
        )
        history.record(actor=caller, verb="profile.sent", subject=seller, about={"number": number}, clause="HAND-16")
        nudges.check_profile(version.pk)
    return version


def check(version_id: uuid.UUID) -> None:
    """CHECKING → SHOWN, or before a person where something is suspicious. For the task; safe to repeat."""
    found = ProfileVersion.objects.select_related("seller").filter(pk=version_id).first()
    if found is None or found.state != ProfileState.CHECKING:
        return
    bars = policy.by_version(found.policy_version).value if found.policy_version else {"words": ()}
    suspicious = list(_judge(found.seller, found.content, bars["words"]))
    suspicious += _borrowed(found.seller, found.content)
    with transaction.atomic():
        version = _locked(found.pk)
        if version.state != ProfileState.CHECKING:
            return
        if suspicious:
            version.state, version.reasons = ProfileState.AT_DESK.value, [f.as_dict() for f in suspicious]
            version.save(update_fields=["state", "reasons"])
            history.record(actor=None, verb="profile.at_desk", subject=version.seller, clause="HAND-18")
            return
        _show(version, actor=None)


def decide(caller: Caller, version_id: str | uuid.UUID, *, show: bool, reason: str = "") -> ProfileVersion:
    """A reviewer shows a version that waits for a person, or refuses it with a reason.

    Raises Denied, NotFound, ProfileMoved, ProfileNotValid without a reason.
    """
    person = caller.require_role(*DESK)
    said = paragraphs(reason, limit=TEXT_LIMIT)
    if not show and not said:
        raise ProfileNotValid(words=_("Say why it is refused."), findings=())
    with transaction.atomic():
        version = _locked(as_id(version_id))
        if caller.role_in(version.seller):
            raise Denied
        if version.state not in PENDING:
            raise ProfileMoved
        version.decided_by = person
        if show:
            _show(version, actor=caller)
            return version
        version.state, version.decided_at = ProfileState.REFUSED.value, clock.now()
        version.reasons = [*version.reasons, {"code": "refused", "words": said}]
        version.save()
        history.record(actor=caller, verb="profile.refused", subject=version.seller, why=said, clause="HAND-18")
    return version


def words_of(finding: Finding | Mapping[str, Any]) -> Any:
    """A finding, or one that was kept, in the reader's language."""
    if isinstance(finding, Finding):
        code, measured = finding.code, finding.measured
    else:
        code, measured = finding["code"], finding.get("measured", "")
        if code == "refused":
            return finding["words"]
    return str(FINDING_WORDS.get(code, code)) % {"measured": measured}


def _read(maker: Maker, new: NewProfile) -> tuple[dict[str, Any], list[Finding]]:
    faults: list[Finding] = []
    name, slug = line(new.name, limit=NAME_LIMIT), new.slug.strip().lower()
    if not name:
        faults.append(_fault("profile_name_missing", "name"))
    if not _SLUG.fullmatch(slug) or slug in _TAKEN_WORDS:
        faults.append(_fault("profile_address_not_valid", "slug", slug))
    if slug and slug in (fold(name), fold(name).replace(" ", "-"), fold(name).replace(" ", "")):
        faults.append(_fault("profile_address_is_name", "slug", slug))
    if not Picture.objects.filter(pk=new.portrait).exists():
        faults.append(_fault("profile_portrait_missing", "portrait"))
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for store, languages in new.texts.items():
        if store not in maker.stores:
            faults.append(_fault("profile_store_not_open", "texts", store))
            continue
        for language, parts in languages.items():
            kept = {
                p: paragraphs(str(parts.get(p, "")), limit=SHORT_LIMIT if p == "inspiration" else TEXT_LIMIT)
                for p in PARTS
            }
            if any(kept.values()):
                texts.setdefault(store, {})[language[:16]] = kept
    if not any(t["inspiration"] and t["story"] for langs in texts.values() for t in langs.values()):
        faults.append(_fault("profile_text_missing", "texts"))
    shown = [(p, line(alt, limit=ALT_LIMIT)) for p, alt in list(new.pictures)[:MOST_PICTURES]]
    known = set(Picture.objects.filter(pk__in=[p for p, _alt in shown]).values_list("pk", flat=True))
    content = {
        "name": name,
        "slug": slug,
        "portrait": {"picture": new.portrait, "alt": line(new.portrait_alt, limit=ALT_LIMIT)},
        "pictures": [{"picture": p, "alt": alt} for p, alt in shown if p in known],
        "texts": texts,
    }
    return content, faults


def _judge(seller: SellerAccount, content: Mapping[str, Any], barred: Sequence[str]) -> tuple[Finding, ...]:
    texts = {"name": content["name"], "portrait": content["portrait"]["alt"]}
    texts |= {f"picture {n}": p["alt"] for n, p in enumerate(content["pictures"], start=1)}
    for store, languages in content["texts"].items():
        for language, parts in languages.items():
            texts |= {f"{store} {language} {part}": words for part, words in parts.items()}
    others = MakerShop.objects.exclude(seller=seller).values_list("name_folded", flat=True)
    host = urlsplit(settings.FONDACO_BASE_URL).hostname or ""
    own = links.Own(hosts=frozenset({host}), other_shops=frozenset(others))
    return links.inspect(texts, own=own, barred=barred)


def _borrowed(seller: SellerAccount, content: Mapping[str, Any]) -> list[Finding]:
    """Pictures that another maker shows too, or that look nearly the same."""
    ids = [content["portrait"]["picture"], *(p["picture"] for p in content["pictures"])]
    near = set(ids)
    for picture in Picture.objects.filter(pk__in=ids):
        near |= {other.pk for other, _bits in looking_like(picture)}
    for version in ProfileVersion.objects.exclude(seller=seller).filter(state=ProfileState.SHOWN).iterator():
        theirs = {version.content["portrait"]["picture"], *(p["picture"] for p in version.content["pictures"])}
        if near & theirs:
            return [_fault("profile_picture_of_another", "pictures")]
    return []


def _show(version: ProfileVersion, *, actor: Caller | None) -> None:
    """The version becomes the page; its name and address are taken. Who comes second to a name is refused."""
    at, content = clock.now(), version.content
    try:
        with transaction.atomic():
            MakerShop.objects.update_or_create(
                seller=version.seller,
                defaults={
                    "name": content["name"],
                    "name_folded": fold(content["name"])[:120],
                    "slug": content["slug"],
                    "shown_at": at,
                },
            )
    except IntegrityError:
        version.state, version.decided_at = ProfileState.REFUSED.value, at
        version.reasons = [*version.reasons, {"code": "refused", "words": str(ShopNameTaken(name=content["name"]))}]
        version.save()
        return
    ProfileVersion.objects.filter(seller=version.seller, state=ProfileState.SHOWN).update(state=ProfileState.REPLACED)
    version.state, version.decided_at = ProfileState.SHOWN.value, at
    version.save()
    about = {"number": version.number}
    history.record(actor=actor, verb="profile.shown", subject=version.seller, about=about, clause="HAND-17", at=at)


def _require_free(seller: SellerAccount, content: Mapping[str, Any]) -> None:
    others = MakerShop.objects.exclude(seller=seller)
    if others.filter(name_folded=fold(content["name"])[:120]).exists():
        raise ShopNameTaken(name=content["name"])
    if others.filter(slug=content["slug"]).exists():
        raise ShopAddressTaken(slug=content["slug"])


def _locked(version_id: uuid.UUID) -> ProfileVersion:
    rows = ProfileVersion.objects.select_for_update(of=("self",)).select_related("seller")
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise NotFound
    return found


def _fault(code: str, place: str, measured: Any = "") -> Finding:
    clause = "B-HAND-08" if code.startswith(("profile_address", "profile_portrait", "profile_name")) else "HAND-18"
    return Finding(code=code, severity=Severity.ERROR, clause=clause, measured=measured, limit=place)
