"""The import of people in the Wagtail admin: upload, read what would happen, then store."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from .importing import FileRefusedError, Result, UploadForm, run, summary_of, template
from .importing.reading import MAX_BYTES, MAX_ROWS
from .places import is_office_admin

KEPT = "people_import"
SHOWN_PROBLEMS = 300


class ImportMenuItem(MenuItem):
    """The entry of the menu, for administrators."""

    def __init__(self, order: int = 10) -> None:
        super().__init__(_("Import"), "", name="people-import", icon_name="upload", order=order)

    @property
    def url(self) -> str:
        """Return the address (not known yet when menus are built)."""
        return reverse("people_import")

    @url.setter
    def url(self, value: str) -> None:
        """Ignore what the base class sets."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to administrators of the office."""
        return is_office_admin(request.user)


@require_http_methods(["GET", "POST"])
def import_people(request: HttpRequest) -> HttpResponse:
    """Check an uploaded file, keep it, and store it on the second click; 404 for non-administrators."""
    _admins_only(request)
    if request.method == "POST" and "apply" in request.POST:
        return _apply(request)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    result = None
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            result = run(file)
        except FileRefusedError as error:
            form.add_error("file", str(error))
        else:
            _forget(request)
            if result.ok:
                _keep(request, file)
    return _page(request, form, result)


@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """Download the workbook to fill in."""
    _admins_only(request)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = "attachment; filename=nhan-su.xlsx"
    return HttpResponse(template(), content_type=kind, headers={"Content-Disposition": name})


def _apply(request: HttpRequest) -> HttpResponse:
    name = request.session.get(KEPT)
    storage = storages["private"]
    if not name or not storage.exists(name):
        messages.error(request, gettext("The checked file is no longer here. Please upload it again."))
        return redirect("people_import")
    with storage.open(name) as file:
        result = run(file, apply=True)
    _forget(request)
    if not result.ok:
        return _page(request, UploadForm(), result)
    counts = "; ".join(f"{label}: {text}" for label, text in summary_of(result))
    messages.success(request, gettext("Imported. %(counts)s.") % {"counts": counts})
    return redirect("people_import")


def _page(request: HttpRequest, form: UploadForm, result: Result | None) -> HttpResponse:
    context = {
        "form": form,
        "result": result,
        "problems": result.problems[:SHOWN_PROBLEMS] if result else [],
        "summary": summary_of(result) if result else [],
        "megabytes": MAX_BYTES // 1024 // 1024,
        "rows": MAX_ROWS,
        "page_title": gettext("Import of personnel"),
        "header_title": gettext("Import of personnel"),
    }
    failed = form.is_bound and (not form.is_valid() or bool(result and not result.ok))
    return render(request, "people/admin/import.html", context, status=422 if failed else 200)


def _keep(request: HttpRequest, file: Any) -> None:
    file.seek(0)
    request.session[KEPT] = storages["private"].save(f"imports/{uuid4().hex}", ContentFile(file.read()))


def _forget(request: HttpRequest) -> None:
    name = request.session.pop(KEPT, None)
    if name:
        storages["private"].delete(name)


def _admins_only(request: HttpRequest) -> None:
    if not is_office_admin(request.user):
        raise Http404
