"""Showing a form page, taking it in, and saying thanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from home.forms.api import (
    AnswerSet,
    Submission,
    TakenError,
    fill_in,
    freeze,
    keep_on_expiry,
    lint_form,
    submit,
)

from .form_page import FormPage

if TYPE_CHECKING:
    from home.forms.api import Filling


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
        keeps=page.state == "open" and not getattr(request, "is_preview", False),
    )
    sent = request.method == "POST" and not getattr(request, "is_preview", False)
    if not sent:
        return _show(request, page, filling)
    if page.state != "open":
        return _show(request, page, filling, status=409)
    if filling.response is not None:
        return filling.response
    if not filling.is_sent:
        return _show(request, page, filling)
    AnswerSet.objects.get_or_create(source=page.source, defaults={"title": page.title})
    try:
        submission = submit(
            freeze(schema),
            by=request.user,  # type: ignore[arg-type]
            answers=filling.form.answers(),
            handler="store",
            source=page.source,
            key=filling.form.key,
        )
    except TakenError as error:
        filling.refuse(error.question, str(error))
        return _show(request, page, filling)
    filling.discard()
    return redirect(submission.result_url or reverse("form_sent", args=[page.pk, submission.pk]))


def _show(
    request: HttpRequest, page: FormPage, filling: Filling | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = page.get_context(request)
    context["filling"] = filling
    context["form"] = filling.form if filling else None
    context["preview"] = getattr(request, "is_preview", False)
    if context["preview"] and filling:
        context["doubts"] = lint_form(filling.form.schema)
    if page.pk and not context["preview"]:
        context["action"] = reverse("form_page", args=[page.pk])
        context["answer_set"] = AnswerSet.readable_by(request.user).filter(source=page.source).first()
    return render(request, page.get_template(request), context, status=status)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or take in a form page by its number: the address that its form posts to."""
    return serve_form(request, _visible(request, pk))


@require_safe
def form_sent(request: HttpRequest, pk: int, submission_pk: int) -> HttpResponse:
    """Say thanks to whoever has sent the form, and to nobody else."""
    page = _visible(request, pk)
    found = get_object_or_404(Submission, pk=submission_pk, by_id=request.user.pk, source=page.source)
    context = page.get_context(request)
    return render(request, "pages/form_sent.html", {**context, "submission": found})


def _visible(request: HttpRequest, pk: int) -> FormPage:
    if not request.user.is_authenticated or pk > BigIntegerField.MAX_BIGINT:
        raise Http404
    return get_object_or_404(FormPage.objects.visible_to(request.user), pk=pk)
