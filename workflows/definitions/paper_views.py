"""The files of paper templates: fetched as they are, or filled in with sample data; for those who keep them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from home.people.api import departments_of, is_office_admin
from workflows.dossiers.api import (
    DossierType,
    PaperTemplate,
    PaperTemplateVersion,
    PressError,
    content_of,
    press,
)

from .paper_samples import sample_data
from .stored import DamagedVersionError, definition_of

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "typ": "text/plain; charset=utf-8",
}


class TypeField(forms.ModelChoiceField):
    """A choice of dossier types by title and code."""

    def label_from_instance(self, obj: Any) -> str:
        """Return title and code."""
        return f"{obj} ({obj.code})"


class PreviewForm(forms.Form):
    """Which type of dossier the sample data is made for."""

    type = TypeField(
        label=gettext_lazy("Dossier type"), queryset=DossierType.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = (
            DossierType.objects.filter(current__isnull=False)
            .select_related("current")
            .order_by("title", "code")
        )
        if not is_office_admin(reader):
            types = types.filter(department__in=[department.pk for department in departments_of(reader)])
        self.fields["type"].queryset = types  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def preview_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a type of dossier and answer with the paper that its sample data gives, or with what is wrong."""
    version = _kept(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = PreviewForm(sent, reader=request.user)
    fault = ""
    if sent is not None and form.is_valid():
        try:
            return _sample(request, version, form.cleaned_data["type"])
        except (PressError, DamagedVersionError) as error:
            fault = str(error)
        except ValidationError as error:
            fault = " ".join(error.messages)
    title = _("Preview with sample data")
    context = {
        "version": version,
        "form": form,
        "fault": fault,
        "page_title": title,
        "header_title": title,
        "page_subtitle": str(version),
        "header_icon": "doc-full",
    }
    failed = sent is not None and (fault or not form.is_valid())
    return render(request, "definitions/admin/template_preview.html", context, status=422 if failed else 200)


@require_safe
def download_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the file of a version as it was uploaded."""
    version = _kept(request, pk)
    try:
        content = content_of(version)
    except ValidationError as error:
        raise Http404 from error
    return _file(content, version.name)


def _kept(request: HttpRequest, pk: int) -> PaperTemplateVersion:
    """Return a version of a template that the reader keeps. Raises Http404."""
    kept = PaperTemplate.objects.kept_by(request.user).values("pk")
    rows = PaperTemplateVersion.objects.filter(pk=pk, template__in=kept)
    found = rows.select_related("template", "uploaded_by").first()
    if found is None:
        raise Http404
    return found


def _sample(request: HttpRequest, version: PaperTemplateVersion, kind: DossierType) -> HttpResponse:
    """Fill in the template for a type. Raises `PressError`, `DamagedVersionError`, `ValidationError`."""
    reader: Any = request.user
    if kind.current is None:
        raise Http404
    data = sample_data(definition_of(kind.current), reader)
    content = press(version.template.kind, content_of(version), data)
    name = f"{slugify(version.template.code)}-{version.number}-{kind.code}"
    return _file(content, f"{name}.{version.template.gives}")


def _file(content: bytes, name: str) -> HttpResponse:
    kind = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
