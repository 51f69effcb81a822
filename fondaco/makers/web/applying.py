"""The application form: saved as it grows, with the operator's lists beside the questions they concern."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.makers import words
from fondaco.makers.models import Application
from fondaco.makers.operations import applying
from fondaco.makers.queries import applications as queries
from fondaco.makers.rules.application import MOST_PHOTOS, PhotoKind, State
from fondaco.makers.terms import application_terms
from fondaco.makers.web import show
from fondaco.makers.web.forms import ApplicationForm, MessageForm, PhotosForm
from fondaco.makers.words import said
from fondaco.sellers.access import Request
from fondaco.web.access import signed_in
from fondaco.web.refusals import spoken


@signed_in
def apply(request: Request) -> HttpResponse:
    """The form of the draft; begins one where there is none. Saving keeps whatever can be read."""
    application = applying.start(request.caller)
    if application.state not in applying.EDITABLE:
        return redirect("makers:home")
    terms = application_terms(at=clock.now())
    form = ApplicationForm(request.POST or None, terms=terms, initial=ApplicationForm.initial_of(application.answers))
    if request.method == "POST":
        form.is_valid()  # what cannot be read is told beside its question, and everything else is kept
        application, findings = applying.save(request.caller, application.pk, answers=form.cleaned_data)
        form.tell(findings)
        sent = _with_photos(request, application, form)
        if request.POST.get("verb") == "send" and not form.errors and _sent(request, application, form):
            return redirect("makers:home")
        if not form.errors and sent:
            messages.success(request, _("Your application is saved. You can go on later."))
            return redirect("makers:apply")
        application.refresh_from_db()
    return render(request, "makers/apply.html", _context(application, form), status=422 if form.errors else 200)


@require_POST
@signed_in
def photos(request: Request, kind: str) -> HttpResponse:
    """Photos of one kind, several at once, or one by one from the drop zone."""
    if kind not in list(PhotoKind):
        raise NotFound
    application = applying.start(request.caller)
    alone = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    try:
        for upload in request.FILES.getlist("photos"):
            applying.add_photo(
                request.caller, application.pk, kind=PhotoKind(kind), data=upload.read(), name=upload.name or ""
            )
    except Refusal as refusal:
        said = spoken(refusal)
        if alone:
            return JsonResponse({"ok": False, "words": f"{said.words} {said.fix}".strip()}, status=422)
        messages.error(request, f"{said.words} {said.fix}".strip())
        return redirect("makers:apply")
    if alone:
        return JsonResponse({"ok": True, "words": _("Kept with your application.")})
    return redirect("makers:apply")


@require_POST
@signed_in
def remove_photo(request: Request, photo_id: str) -> HttpResponse:
    """Take one photo away."""
    applying.remove_photo(request.caller, applying.start(request.caller).pk, photo_id=photo_id)
    return redirect("makers:apply")


@require_POST
@signed_in
def send(request: Request) -> HttpResponse:
    """Send the saved draft as it stands."""
    application = applying.start(request.caller)
    applying.submit(request.caller, application.pk, accepts_terms=bool(request.POST.get("accepts_terms")))
    return redirect("makers:home")


@require_POST
@signed_in
def answer(request: Request) -> HttpResponse:
    """The answer to a question of the desk."""
    form = MessageForm(request.POST)
    application = queries.my_application(request.caller)
    if application is None:
        raise NotFound
    text = form.cleaned_data["text"] if form.is_valid() else ""
    key = str(form.data.get("request_key", ""))[:64]
    applying.answer(request.caller, application.pk, text=text, request_key=key)
    messages.success(request, _("Your answer is with the reviewer."))
    return redirect("makers:home")


def _with_photos(request: Request, application: Application, form: ApplicationForm) -> bool:
    """Files that came with the whole form (without script): photos of both kinds and documents."""
    fine = True
    for kind in PhotoKind:
        for upload in request.FILES.getlist(f"{kind}_photos"):
            fine &= _tried(
                form,
                lambda u=upload, k=kind: applying.add_photo(
                    request.caller, application.pk, kind=k, data=u.read(), name=u.name or ""
                ),
            )
    for upload in request.FILES.getlist("documents"):
        fine &= _tried(
            form,
            lambda u=upload: applying.add_document(request.caller, application.pk, data=u.read(), name=u.name or ""),
        )
    return fine


def _tried(form: ApplicationForm, act: Any) -> bool:
    try:
        act()
    except Invalid as refusal:
        said = spoken(refusal)
        form.add_error(None, f"{said.words} {said.fix}".strip())
        return False
    return True


def _sent(request: Request, application: Application, form: ApplicationForm) -> bool:
    try:
        applying.submit(request.caller, application.pk, accepts_terms=bool(request.POST.get("accepts_terms")))
    except applying.ApplicationIncomplete as refusal:
        photo_faults = {"workspace_photos", "process_photos"}
        form.tell(f for f in refusal.facts["findings"] if f.measured not in photo_faults)
        for finding in refusal.facts["findings"]:
            if finding.measured in photo_faults:
                kind = PhotoKind(str(finding.measured).removesuffix("_photos"))
                words_ = _("Photos are missing: %(kind)s. The application cannot be sent without them.")
                form.add_error(None, words_ % {"kind": words.PHOTO_KINDS[kind]})
        return False
    except Refusal as refusal:
        said = spoken(refusal)
        form.add_error(None, f"{said.words} {said.fix}".strip())
        return False
    messages.success(request, _("Your application is submitted."))
    return True


def _context(application: Application, form: ApplicationForm) -> dict[str, Any]:
    terms = form.terms
    asked = {q.input: q.name for q in terms.form.questions}
    photo_questions = {q.name: q for q in terms.form.questions if q.input == "photos"}
    kinds = [
        {**row, "question": photo_questions.get(f"{row['kind']}_photos"), "form": PhotosForm(prefix=None)}
        for row in show.photos(application)
    ]
    return {
        "application": application,
        "form": form,
        "lists": {
            "makers": [said(r["label"]) for r in terms.values["eligibility"]["makers"]],
            "products": [said(r["label"]) for r in terms.values["eligibility"]["products"]],
            "prohibited": [
                {"label": said(r["label"]), "except": [_(e) for e in r["except"]]} for r in terms.values["prohibited"]
            ],
            "max_team": terms.values["max_team"],
        },
        "rows": [
            {"field": form[q.name], "input": q.input, "required": q.required}
            for q in terms.form.questions
            if q.input != "photos"
        ],
        "kinds": [k for k in kinds if k["question"]],
        "most_photos": MOST_PHOTOS,
        "asked": asked,
        "is_draft": application.state == State.DRAFT,
        "needs_documents": terms.form.makers.get(str(application.answers.get("maker_type", "")), False),
        "terms_version": applying.TERMS_VERSION,
    }
