"""Files of dossier types in the Wagtail admin: take one in after a look at what it would change, hand one out."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from home.forms.api import SchemaError
from home.people.api import Department
from plugins.api.api import Problem
from workflows.definitions.api import Definition

from .access import builds_types, drafts_of, own_departments
from .bpmn import to_bpmn
from .exchange import MAX_BYTES, UnreadableError, from_yaml, to_yaml
from .intake import RefusedIntakeError, plan_intake, take_in
from .labels import on_screen
from .models import FlowDraft
from .reading import definition_of_draft

EDIT = "wagtailsnippets_designer_flowdraft:edit"
SHOWN = 100


class UploadForm(forms.Form):
    """The file, and for which department the type is meant."""

    file = forms.FileField(
        label=gettext_lazy("YAML file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("As the file says"),
        help_text=gettext_lazy("Choose one when the file comes from another office or department."),
    )
    #: The file that was checked, kept in the page until it is confirmed.
    checked = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MAX_BYTES * 2)
    name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["department"]
        choice.queryset = own_departments(user).filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        """Read the file: the one that is uploaded now, or the one that was checked."""
        data = super().clean() or {}
        if file := data.get("file"):
            if file.size > MAX_BYTES:
                words = {"size": file.size, "limit": MAX_BYTES}
                self.add_error("file", _("The file has %(size)s bytes; %(limit)s are allowed.") % words)
                return data
            data["source"], data["name"] = file.read(), file.name[:200]
        elif data.get("checked"):
            data["source"] = self._kept(data["checked"])
        if not data.get("source"):
            self.add_error("file", _("Choose a file."))
        return data

    def _kept(self, text: str) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return b""


@require_http_methods(["GET", "HEAD", "POST"])
def take_in_file(request: HttpRequest) -> HttpResponse:
    """Show what a file would change, and on the second click change the draft; 404 for who builds no types."""
    user: Any = request.user
    if not builds_types(user):
        raise Http404
    form = (
        UploadForm(request.POST, request.FILES, user=user)
        if request.method == "POST"
        else UploadForm(user=user)
    )
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            definition = _for(from_yaml(data["source"], data["name"] or "yaml"), data["department"])
            if "apply" in request.POST:
                return _taken(request, definition, data["name"])
            context |= {
                "plan": plan_intake(definition, by=user),
                "checked": base64.b64encode(data["source"]).decode(),
                "name": data["name"],
                "department": data["department"],
            }
        except UnreadableError as error:
            context["faults"] = error.faults[:SHOWN]
        except SchemaError as error:
            context["faults"] = [
                Problem(data["name"], fault.place, fault.message) for fault in error.problems
            ][:SHOWN]
        except RefusedIntakeError as error:
            form.add_error(None, error.message)
    failed = form.is_bound and (not form.is_valid() or "faults" in context)
    return _page(request, context, 422 if failed else 200)


def _for(definition: Definition, department: Department | None) -> Definition:
    return definition.model_copy(update={"department": department.code}) if department else definition


def _taken(request: HttpRequest, definition: Definition, name: str) -> HttpResponse:
    user: Any = request.user
    draft = take_in(definition, by=user, source=f"file:{name}")
    messages.success(request, _("“%(title)s” is in the editor. It is not published yet.") % {"title": draft})
    return redirect(EDIT, draft.pk)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    title = _("Take in a dossier type from a file")
    context |= {"page_title": title, "header_title": title, "kilobytes": MAX_BYTES // 1000}
    return render(request, "designer/admin/take_in.html", context, status=status)


@require_safe
def hand_out(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Return the latest revision of a draft as a file: `yaml` or `bpmn`. 404 for a draft out of reach."""
    found = drafts_of(request.user).filter(pk=pk).first() if builds_types(request.user) else None
    if found is None:
        raise Http404
    draft: FlowDraft = found.get_latest_revision_as_object()
    try:
        definition = definition_of_draft(draft)
    except SchemaError as error:
        first = on_screen(draft, error.problems[0]).message
        said = _("An incomplete type cannot be exported: %(problem)s") % {"problem": first}
        messages.error(request, said)
        return redirect(EDIT, pk)
    if form == "yaml":
        return _file(to_yaml(definition).encode(), f"{definition.code}.yaml", "application/yaml")
    return _file(to_bpmn(definition), f"{definition.code}.bpmn", "application/xml")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=f"{kind}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
