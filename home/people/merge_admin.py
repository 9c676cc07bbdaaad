"""Merging departments in the Wagtail admin: what happens is shown before it happens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from .models import Department, Membership, User
from .restructuring import merge
from .tree import indented


class MergeForm(forms.Form):
    """Which departments go into which."""

    sources = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=gettext_lazy("These departments"),
        widget=forms.CheckboxSelectMultiple,
    )
    into = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("go into"))
    note = forms.CharField(
        label=gettext_lazy("decision"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For example: Decision No. 12/QĐ-UBND of 5/1/2026."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sources", "into"):
            field: Any = self.fields[name]
            field.queryset = Department.objects.filter(is_active=True)
            field.label_from_instance = indented


@permission_required("people.change_department", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_departments(request: HttpRequest) -> HttpResponse:
    """Ask for the departments, show how many people move, and merge once that was confirmed (`confirmed`)."""
    form = MergeForm(request.POST if request.method == "POST" else None)
    people = 0
    asks = request.method == "POST" and form.is_valid()
    if asks:
        people = (
            Membership.objects.current()
            .filter(department__in=form.cleaned_data["sources"])
            .values("user")
            .distinct()
            .count()
        )
        if "confirmed" in request.POST and (answer := _merge(request, form)) is not None:
            return answer
        asks = not form.errors
    context = {"form": form, "asks": asks, "people": people}
    return render(request, "people/admin/merge.html", context)


def _merge(request: HttpRequest, form: MergeForm) -> HttpResponse | None:
    """Merge; None with errors on the form when that is refused."""
    by = request.user if isinstance(request.user, User) else None
    into = form.cleaned_data["into"]
    try:
        merge(form.cleaned_data["sources"], into=into, by=by, note=form.cleaned_data["note"])
    except ValidationError as error:
        form.add_error(None, [message for part in error.error_dict.values() for message in part])
        return None
    messages.success(request, _("The departments went into “%(name)s”.") % {"name": into})
    return redirect(reverse(Department.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
