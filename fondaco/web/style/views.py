"""The pages of the style guide."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.web.icons import ICONS
from fondaco.web.style import samples
from fondaco.web.style.forms import SampleForm, UploadForm
from fondaco.web.tones import TONES

STEPS = 5


class NoUnitAvailable(Refusal):
    CODE = "no_unit_available"
    WORDS = "No unit of %(title)s is left in a fulfilment centre."
    FIX = "Send stock in, or order again when a buyer’s return has been checked in."
    CLAUSE = "IMG-SVC-30"


def _only_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or settings.DEMO or settings.TESTING):
            raise NotFound
        return view(request, *args, **kwargs)

    return shown


@_only_here
def guide(request: HttpRequest) -> HttpResponse:
    """Everything on one page. A post shows what is wrong with the form, or a toast when nothing is."""
    form = SampleForm(request.POST or None, auto_id="sample_%s")
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Saved: the form was complete.")
        return redirect("web:style")
    now = clock.now()
    context = {
        "form": form,
        "upload_form": UploadForm(auto_id="upload_%s"),
        "icons": sorted(ICONS),
        "tones": TONES,
        "rows": samples.rows(now),
        "listing": samples.page(now),
        "picture": samples.picture(),
        "diagnosis": samples.diagnosis(now),
        "events": samples.events(now),
        "steps": samples.steps(),
        "stats": samples.stats(),
        "charts": samples.drawings(),
        "now": now,
        "step": int(request.GET.get("n", "2")) if request.GET.get("n", "2").isdecimal() else 2,
        "last_step": STEPS,
        "trail": [("Style guide", "/style/"), ("Components", "")],
        "tabs": [
            {"label": "Images", "url": "#tables", "current": True, "count": 9},
            {"label": "Offer", "url": "#forms"},
            {"label": "History", "url": "#time", "count": 1204},
        ],
        "letters": [
            {
                "by": "Ada Lind (Support)",
                "at": now,
                "text": "The picture at that address is a web page. Which file did you mean?",
            },
            {"by": "You", "at": now, "text": "The one in the folder “final”. I have changed the address.", "own": True},
        ],
        **samples.before_after(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "web/style/guide.html", context, status=status)


@_only_here
def progress(request: HttpRequest) -> HttpResponse:
    """One step further each time it is asked; the last answer stops asking."""
    asked = request.GET.get("n", "0")
    step = min(int(asked) + 1 if asked.isdecimal() else 0, STEPS)
    return render(request, "web/style/progress.html", {"step": step, "last_step": STEPS})


@_only_here
def dialog(request: HttpRequest) -> HttpResponse:
    """The content of a dialog: as a page of its own without script, as an open dialog for htmx."""
    template = "web/style/dialog.html" if getattr(request, "htmx", False) else "web/style/dialog_page.html"
    return render(request, template)


@_only_here
def upload(request: HttpRequest) -> HttpResponse:
    """Takes the files and keeps nothing: JSON for the drop zone, a page for a plain form."""
    form = UploadForm(request.POST, request.FILES, auto_id="upload_%s")
    if not form.is_valid():
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"ok": False, "words": words}, status=422)
    names = ", ".join(file.name or "" for file in form.cleaned_data["pictures"])
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"ok": True, "words": "Received; nothing is kept here."})
    messages.success(request, f"Received: {names}")
    return redirect("web:style")


@_only_here
def refusal(request: HttpRequest) -> HttpResponse:
    """What a refusal looks like."""
    raise NoUnitAvailable(title="Stoneware vase")
