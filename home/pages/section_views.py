"""The pages on which departments look after their sections: which there are, and who writes and approves there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.forms.api import keep_on_expiry, owner_token, posted
from home.people.api import (
    Department,
    PersonField,
    Position,
    SearchingForm,
    User,
    is_office_admin,
    is_search,
    key_in,
    nfc,
)

from .department_sections import DepartmentSection, departments_without_section
from .sections import (
    APPROVER,
    EDITOR,
    READER,
    add_member,
    name_administrator,
    open_section,
    positions_given_by,
    set_part,
)

PAGE_SIZE = 50
PARTS = [
    (READER, gettext_lazy("only reads")),
    (EDITOR, gettext_lazy("writes and submits")),
    (APPROVER, gettext_lazy("approves and publishes")),
]


class MemberForm(SearchingForm, forms.Form):
    """Somebody who becomes a member of the department."""

    person = PersonField(label=gettext_lazy("Person"))
    position = forms.ModelChoiceField(
        label=gettext_lazy("Position"),
        queryset=Position.objects.all(),
        empty_label=gettext_lazy("— choose —"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


@login_required
@require_safe
def section_list(request: HttpRequest) -> HttpResponse:
    """List the sections that the visitor looks after; administrators see which departments have none."""
    sections = DepartmentSection.objects.administered_by(request.user).select_related("department", "page")
    may_open = is_office_admin(request.user)
    found = list(sections)
    if not found and not may_open:
        raise Http404
    without = list(departments_without_section()) if may_open else []
    context = {"sections": found, "without": without, "may_open": may_open}
    return render(request, "pages/sections/list.html", context)


@login_required
@require_POST
def section_open(request: HttpRequest) -> HttpResponse:
    """Open the section of the department that was sent; for administrators of the office."""
    by: Any = request.user
    if not is_office_admin(by):
        raise Http404
    key = key_in(request.POST.get("department", ""))
    department = get_object_or_404(Department, pk=key, is_active=True)
    try:
        section = open_section(department, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("section_list")
    messages.success(request, _("The section of %(name)s is open.") % {"name": department})
    return redirect("section_team", pk=section.pk)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def section_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the people of a section with their parts, and add a member."""
    by: Any = request.user
    section = _administered(request, pk)
    data, _files = posted(request)
    form = MemberForm(data, auto_id="id_%s")
    people = form.fields["person"]
    people.queryset = User.objects.active()  # type: ignore[attr-defined]
    form.fields["position"].queryset = positions_given_by(by)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _add(form, section, by):
        messages.success(request, _("%(person)s is a member now.") % {"person": form.cleaned_data["person"]})
        return redirect("section_team", pk=pk)
    query = nfc(request.GET.get("q", "").replace("\x00", "").strip())[:100]
    page_of = Paginator(section.people().named_like(query), PAGE_SIZE).get_page(request.GET.get("page"))
    editors = set(section.editors.user_set.values_list("pk", flat=True))
    approvers = set(section.approvers.user_set.values_list("pk", flat=True))
    rows = [
        (person, APPROVER if person.pk in approvers else EDITOR if person.pk in editors else READER)
        for person in page_of
    ]
    context = {
        "section": section,
        "form": form,
        "owner": owner_token(by),
        "page_of": page_of,
        "rows": rows,
        "parts": PARTS,
        "may_name": is_office_admin(by),
        "heads": set(section.heads().values_list("pk", flat=True)),
        "named": set(section.administrators.values_list("pk", flat=True)),
        "query": query,
    }
    refused = request.method == "POST" and not is_search(data)
    return render(request, "pages/sections/team.html", context, status=422 if refused else 200)


def _add(form: MemberForm, section: DepartmentSection, by: User) -> bool:
    try:
        add_member(section, form.cleaned_data["person"], form.cleaned_data["position"], by=by)
    except ValidationError as error:
        form.add_error(
            "position" if "position" in getattr(error, "error_dict", {}) else "person", error.messages
        )
        return False
    return True


@login_required
@require_POST
def section_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what one person does in a section; administrators of the office also name who looks after its people."""
    by: Any = request.user
    section = _administered(request, pk)
    key, part = key_in(request.POST.get("person", "")), request.POST.get("part", "")
    person = get_object_or_404(User, pk=key)
    if part not in dict(PARTS):
        raise Http404
    try:
        set_part(section, person, part, by=by)
        if "naming" in request.POST and is_office_admin(by):
            name_administrator(section, person, named=request.POST.get("named") == "1", by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("Noted: %(person)s – %(part)s.")
        messages.success(request, text % {"person": person, "part": dict(PARTS)[part]})
    return redirect("section_team", pk=pk)


def _administered(request: HttpRequest, pk: int) -> DepartmentSection:
    """Return a section whose people the visitor looks after; else 404."""
    sections = DepartmentSection.objects.administered_by(request.user)
    section: DepartmentSection = get_object_or_404(
        sections.select_related("department", "editors", "approvers", "page"), pk=pk
    )
    return section
