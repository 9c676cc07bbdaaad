"""The questions of a form page as a file: handed out, and taken in as a draft that is published as usual."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from home.forms.api import Problem, SchemaError, form_from_yaml, form_to_yaml, is_doubt, lint_form, stream_of

from .form_page import FormPage

MAX_BYTES = 500_000
SHOWN = 50


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("YAML file"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"})
    )

    def clean_file(self) -> Any:
        """Refuse a file that no form can fill."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            words = {"size": file.size, "limit": MAX_BYTES}
            raise forms.ValidationError(_("The file has %(size)s bytes; %(limit)s are allowed.") % words)
        return file


@require_safe
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the questions of the latest revision of a page as YAML; 404 for who may not edit it."""
    page = _editable(request, pk).get_latest_revision_as_object()
    schema = page.form_schema
    if schema is None:
        messages.error(request, _("This form has no questions yet."))
        return redirect("wagtailadmin_pages:edit", pk)
    response = HttpResponse(form_to_yaml(schema), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.slug[:80]}.yaml"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the questions of a file in the place of those of a page, as a new draft; 404 for who may not edit it."""
    page = _editable(request, pk)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    faults: list[Problem] = []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            schema = form_from_yaml(file.read(), file.name[:200])
            faults = [problem for problem in lint_form(schema) if not is_doubt(problem)]
        except SchemaError as error:
            faults = error.problems
        if not faults:
            latest = page.get_latest_revision_as_object()
            latest.sections = stream_of(schema.canonical())
            latest.save_revision(user=request.user, log_action=True)
            messages.success(request, _("The questions are in the editor. They are not published yet."))
            return redirect("wagtailadmin_pages:edit", pk)
    title = _("Take in questions from a file")
    context = {
        "form": form,
        "faults": faults[:SHOWN],
        "page": page,
        "page_title": title,
        "header_title": title,
    }
    failed = form.is_bound
    return render(request, "pages/admin/take_in_form.html", context, status=422 if failed else 200)


def _editable(request: HttpRequest, pk: int) -> FormPage:
    page = FormPage.objects.filter(pk=pk).first() if pk < 2**63 else None
    if page is None or not page.permissions_for_user(request.user).can_edit():
        raise Http404
    return page
