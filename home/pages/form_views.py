"""Showing a form page, taking it in, changing what was sent, and saying thanks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.rich_text import expand_db_html

from home.forms.api import (
    AnsweredError,
    AnswerSet,
    FullError,
    RefusedSubmissionError,
    Submission,
    TakenError,
    fill_html,
    fill_in,
    freeze,
    keep_on_expiry,
    lint_form,
    revise,
    submit,
    values_for,
)

from .form_page import FormPage
from .form_telling import tell

if TYPE_CHECKING:
    from home.forms.api import Filling, FormSchema

#: The hidden name under which a changed answer says which state of it was seen.
SEEN = "_seen"


def serve_form(request: HttpRequest, page: FormPage) -> HttpResponse:
    """Show the form of a page, or store a posted one and lead on. The caller has checked who may see it."""
    schema = page.form_schema
    if schema is None:
        return _show(request, page, None)
    filling = fill_in(
        request,
        schema,
        user=request.user,  # type: ignore[arg-type]
        source=page.source,
        # A draft has a name: of an anonymous answer nothing is kept before it is sent.
        keeps=page.state == "open" and not page.anonymous and not getattr(request, "is_preview", False),
    )
    sent = request.method == "POST" and not getattr(request, "is_preview", False)
    if not sent:
        return _show(request, page, filling, problem=_hindrance(request, page))
    if page.state != "open":
        return _show(request, page, filling, status=409)
    if filling.response is not None:
        return filling.response
    if not filling.is_sent:
        return _show(request, page, filling)
    try:
        submission = _submit(request, page, schema, filling)
    except TakenError as error:
        filling.refuse(error.question, str(error))
        return _show(request, page, filling)
    except RefusedSubmissionError as error:
        return _show(request, page, filling, problem=error, status=409)
    filling.discard()
    return redirect(submission.result_url or _sent_url(page, submission))


def _submit(request: HttpRequest, page: FormPage, schema: FormSchema, filling: Filling) -> Submission:
    values = {"title": page.title, "anonymous": page.anonymous, "retention_months": page.retention_months}
    AnswerSet.objects.get_or_create(source=page.source, defaults=values)
    chosen = page.handled
    return submit(
        freeze(schema),
        by=filling.user,
        answers=filling.form.answers(),
        handler=chosen.code,
        source=page.source,
        key=filling.form.key,
        context={"options": chosen.options, "form": page.title},
        limits=page.limits,
        after=partial(tell, page=page, by=filling.user),
    )


def _sent_url(page: FormPage, submission: Submission) -> str:
    """Return where thanks are said; for an anonymous answer the address, which servers log, names no answer."""
    if submission.by_id is None:
        return reverse("form_sent_anonymous", args=[page.pk])
    return reverse("form_sent", args=[page.pk, submission.pk])


def _hindrance(request: HttpRequest, page: FormPage) -> RefusedSubmissionError | None:
    """Return why the reader need not begin to fill in an open form."""
    if page.state != "open" or getattr(request, "is_preview", False) or not request.user.is_authenticated:
        return None
    if page.limits.answered(request.user, page.source):
        return AnsweredError()
    if page.limits.is_full(page.source):
        return FullError()
    chosen = page.handled
    reason = chosen.handler.refusal(request.user, chosen.options)
    return RefusedSubmissionError(reason) if reason else None


def _show(
    request: HttpRequest,
    page: FormPage,
    filling: Filling | None,
    *,
    problem: RefusedSubmissionError | None = None,
    changed: Submission | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = page.get_context(request)
    context |= {"problem": problem, "changed": changed, "seen_name": SEEN}
    context |= {"filling": filling, "form": filling.form if filling else None}
    context["preview"] = getattr(request, "is_preview", False)
    if context["preview"] and filling:
        context["doubts"] = lint_form(filling.form.schema)
    if page.pk and not context["preview"]:
        context["action"] = reverse("form_page", args=[page.pk])
        context["answer_set"] = AnswerSet.readable_by(request.user).filter(source=page.source).first()
        if changed is not None:
            context["action"] = reverse("form_change", args=[page.pk, changed.pk])
        elif (page.once or page.changeable) and not page.anonymous:
            context["mine"] = _mine(request, page).first()
    return render(request, page.get_template(request), context, status=status)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or take in a form page by its number: the address that its form posts to."""
    return serve_form(request, _visible(request, pk))


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def form_change(request: HttpRequest, pk: int, submission_pk: int) -> HttpResponse:
    """Let a person change what they have sent, while the form is open and allows it."""
    page = _visible(request, pk)
    found = _own(request, page, submission_pk)
    schema = page.form_schema
    if not may_change(page, found) or schema is None:
        raise Http404
    filling = fill_in(
        request,
        schema,
        user=request.user,  # type: ignore[arg-type]
        source=page.source,
        initial=found.answers,
        keeps=False,
    )
    if request.method != "POST":
        return _show(request, page, filling, changed=found)
    if page.state != "open":
        return _show(request, page, filling, changed=found, status=409)
    if filling.response is not None:
        return filling.response
    if not filling.is_sent:
        return _show(request, page, filling, changed=found)
    try:
        _revise(request, found, schema, filling)
    except TakenError as error:
        filling.refuse(error.question, str(error))
        return _show(request, page, filling, changed=found)
    except RefusedSubmissionError as error:
        found.refresh_from_db()
        return _show(request, page, filling, changed=found, problem=error, status=409)
    return redirect("form_sent", page.pk, found.pk)


def _revise(request: HttpRequest, found: Submission, schema: FormSchema, filling: Filling) -> None:
    seen = request.POST.get(SEEN, "")
    revise(
        found,
        freeze(schema),
        by=filling.user,
        answers=filling.form.answers(),
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1,
    )


def may_change(page: FormPage, submission: Submission) -> bool:
    """Tell whether the giver of an answer may change it, when the form is open."""
    handler = page.handled.handler
    return (
        page.changeable and not page.anonymous and handler.changeable and submission.handler == handler.code
    )


@require_safe
def form_sent(request: HttpRequest, pk: int, submission_pk: int) -> HttpResponse:
    """Say thanks to whoever has sent the form, and to nobody else."""
    page = _visible(request, pk)
    found = _own(request, page, submission_pk)
    thanks = fill_html(expand_db_html(page.thanks), values_for(found, form=page.title)) if page.thanks else ""
    context = page.get_context(request) | {"submission": found, "thanks": thanks}
    context["may_change"] = page.state == "open" and may_change(page, found)
    return render(request, "pages/form_sent.html", context)


@require_safe
def form_sent_anonymous(request: HttpRequest, pk: int) -> HttpResponse:
    """Say thanks for an answer that has no giver: the page knows of no answer."""
    page = _visible(request, pk)
    if not page.anonymous:
        raise Http404
    thanks = fill_html(expand_db_html(page.thanks), {"form": page.title}) if page.thanks else ""
    return render(request, "pages/form_sent.html", page.get_context(request) | {"thanks": thanks})


def _mine(request: HttpRequest, page: FormPage) -> Any:
    return Submission.objects.filter(by_id=request.user.pk, source=page.source, purged_at=None).order_by(
        "-pk"
    )


def _own(request: HttpRequest, page: FormPage, submission_pk: int) -> Submission:
    """Return what the reader has sent. Raises Http404 for an answer of anybody else."""
    if submission_pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    found: Submission = get_object_or_404(
        _mine(request, page).select_related("by", "schema"), pk=submission_pk
    )
    return found


def _visible(request: HttpRequest, pk: int) -> FormPage:
    if not request.user.is_authenticated or pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    return get_object_or_404(FormPage.objects.visible_to(request.user), pk=pk)
