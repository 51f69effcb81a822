"""The maker's page as its maker edits it: shared parts, and words by country and language."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fondaco.images.models import Picture
from fondaco.kit.errors import Refusal
from fondaco.makers import words
from fondaco.makers.models import Maker, ProfileVersion
from fondaco.makers.models.profile import PENDING, ProfileState
from fondaco.makers.operations import profile as operations
from fondaco.makers.operations.pictures import take_photo
from fondaco.makers.queries.applications import maker_for
from fondaco.makers.web.forms import ProfileForm
from fondaco.makers.web.public import page_of
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with

LANGUAGES = (("en", "English"), ("fr", "Français"), ("es", "Español"), ("vi", "Tiếng Việt"), ("zh-hant", "繁體中文"), ("de", "Deutsch"), ("it", "Italiano"))  # fmt: skip


@signed_in
def edit(request: Request) -> HttpResponse:
    """The form; `store` and `language` say whose words are being written."""
    maker = maker_for(request.caller)
    request.caller.require(Capability.VIEW, seller=maker.seller)
    newest, shown = _versions(maker)
    content: dict[str, Any] = newest.content if newest else {}
    store, language = _chosen(request, maker)
    form = ProfileForm(request.POST or None, request.FILES or None, initial=_initial(maker, content, store, language))
    if request.method == "POST" and form.is_valid() and _sent(request, maker, content, form):
        messages.success(
            request, _("Your profile is sent. It shows as soon as it is checked, usually within a minute.")
        )
        return redirect(f"{request.path}?{urlencode({'store': store, 'language': language})}")
    context = {
        "maker": maker,
        "form": form,
        "newest": newest,
        "shown": shown,
        "state": words.PROFILE_STATES[newest.state] if newest else "",
        "tone": words.PROFILE_TONES[newest.state] if newest else "",
        "is_pending": newest is not None and newest.state in PENDING,
        "reasons": [operations.words_of(r) for r in newest.reasons] if newest else [],
        "tabs": _tabs(maker, content, store, language),
        "languages": _languages(content, store, language),
        "store": store_of(store),
        "portrait": Picture.objects.filter(
            pk=(form.kept_portrait() if form.is_bound else "") or content.get("portrait", {}).get("picture", "")
        ).first(),
        "pictures": _pictures(content),
        "slug": getattr(getattr(maker.seller, "maker_shop", None), "slug", ""),
        "may_edit": request.caller.may(Capability.EDIT_ACCOUNT),
    }
    return render(request, "makers/profile.html", context, status=422 if form.errors else 200)


@signed_in
def preview(request: Request) -> HttpResponse:
    """The newest version as customers will see it."""
    maker = maker_for(request.caller)
    newest, _shown = _versions(maker)
    if newest is None:
        return redirect("makers:profile")
    context = {**page_of(newest.content, store=request.GET.get("store", "")), "is_preview": True, "cards": []}
    return render(request, "makers/maker.html", context)


def _sent(request: Request, maker: Maker, content: dict[str, Any], form: ProfileForm) -> bool:
    given = form.cleaned_data
    try:
        portrait = content.get("portrait", {}).get("picture", "")
        if upload := given["portrait_file"]:
            portrait = operations.take_portrait(data=upload.read(), name=upload.name).pk
            form.keep(portrait)
        elif form.cleaned_data["portrait_kept"]:
            portrait = form.kept_portrait() or portrait
        kept = [
            (p["picture"], p["alt"])
            for p in content.get("pictures", ())
            if p["picture"] in request.POST.getlist("keep")
        ]
        kept = [(sha, request.POST.get(f"alt-{sha}", alt)) for sha, alt in kept]
        for upload in given["picture_files"] or ():
            picture, _findings = take_photo(data=upload.read(), name=upload.name or "")
            kept.append((picture.pk, ""))
        texts = {store: dict(langs) for store, langs in content.get("texts", {}).items()}
        texts.setdefault(given["store"], {})[given["language"]] = {part: given[part] for part in operations.PARTS}
        operations.send(
            request.caller,
            operations.NewProfile(
                name=given["name"],
                slug=given["slug"],
                portrait=portrait,
                portrait_alt=given["portrait_alt"],
                pictures=list(dict(kept).items()),
                texts=texts,
            ),
            request_key=given["request_key"],
        )
    except operations.ProfileNotValid as refusal:
        for finding in refusal.facts["findings"]:
            place = str(finding.limit)
            field = place if place in form.fields else place.split(" ")[-1]
            field = {"portrait": "portrait_file", "picture": "picture_files"}.get(field, field)
            form.add_error(field if field in form.fields else None, str(operations.words_of(finding)))
        return False
    except Refusal as refusal:
        at_field = {
            "profile_picture_too_small": "portrait_file",
            "shop_name_taken": "name",
            "shop_address_taken": "slug",
        }.get(refusal.CODE)
        refuse_with(form, refusal, at_field)
        return False
    return True


def _versions(maker: Maker) -> tuple[ProfileVersion | None, ProfileVersion | None]:
    rows = ProfileVersion.objects.filter(seller=maker.seller)
    return rows.order_by("-number").first(), rows.filter(state=ProfileState.SHOWN).first()


def _chosen(request: Request, maker: Maker) -> tuple[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    store = given.get("store", "")
    store = store if store in maker.stores else maker.stores[0]
    language = given.get("language", "")
    if language not in dict(LANGUAGES):
        language = store_of(store).language.split("-")[0]
    return store, language if language in dict(LANGUAGES) else "en"


def _initial(maker: Maker, content: dict[str, Any], store: str, language: str) -> dict[str, Any]:
    text = content.get("texts", {}).get(store, {}).get(language, {})
    return {
        "name": content.get("name") or maker.seller.display_name,
        "slug": content.get("slug", ""),
        "portrait_alt": content.get("portrait", {}).get("alt", ""),
        "store": store,
        "language": language,
        **text,
    }


def _tabs(maker: Maker, content: dict[str, Any], store: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "label": _(store_of(code).name),
            "url": f"?{urlencode({'store': code})}",
            "current": code == store,
            "count": len(content.get("texts", {}).get(code, {})) or None,
        }
        for code in maker.stores
    ]


def _languages(content: dict[str, Any], store: str, language: str) -> list[dict[str, Any]]:
    written = content.get("texts", {}).get(store, {})
    return [
        {
            "label": name,
            "url": f"?{urlencode({'store': store, 'language': code})}",
            "current": code == language,
            "written": code in written,
        }
        for code, name in LANGUAGES
    ]


def _pictures(content: dict[str, Any]) -> list[dict[str, Any]]:
    rows = content.get("pictures", ())
    found = Picture.objects.in_bulk([p["picture"] for p in rows])
    return [
        {"picture": found[p["picture"]], "alt": p["alt"], "sha": p["picture"]} for p in rows if p["picture"] in found
    ]
