"""“Preview as …”: an editor asks whether somebody will see a page, and looks at it with that person's eyes.

Nobody sees more this way than before: lists on the page hold what both of them may see (`seen_as`).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from home.base.api import admits, clauses_for, described, may_enter_admin, names_of, reach_of, seen_as
from home.base.models import BasePage
from home.people.api import PersonField, SearchingForm, User


class ReaderForm(SearchingForm, forms.Form):
    """With whose eyes."""

    person = PersonField(label=_("With whose eyes"))


@login_required
@require_safe
def preview_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an editor choose somebody, and say whether that person will see the page once the draft is published."""
    draft = _draft(request, pk)
    clauses = clauses_for(draft)
    form = ReaderForm(request.GET or None, auto_id="id_%s")
    person = form.cleaned_data["person"] if form.is_bound and form.is_valid() else None
    context = {
        "page": draft,
        "form": form,
        "person": person,
        "conditions": [described(clause) for clause in clauses],
        "will_see": person is not None and _will_see(person, draft),
        "edits": person is not None and _sees_as_editor(person, draft),
    }
    return render(request, "pages/preview_as.html", context)


@login_required
@require_safe
def preview_as_page(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Show the draft as the person will see it; 404 when that person will not."""
    draft = _draft(request, pk)
    other = User.objects.active().filter(pk=person).first()
    if other is None or not (_will_see(other, draft) or _sees_as_editor(other, draft)):
        raise Http404
    request.user = seen_as(request.user, other)
    request.is_preview = True  # type: ignore[attr-defined]
    request.seen_as = other  # type: ignore[attr-defined]
    request.preview_mode = draft.default_preview_mode  # type: ignore[attr-defined]
    shown: HttpResponse = draft.serve_preview(request, draft.default_preview_mode)
    return shown


def _draft(request: HttpRequest, pk: int) -> Any:
    """Return the newest draft of a page that the visitor may edit; else 404."""
    page = BasePage.objects.within_reach_of(request.user).filter(pk=pk, depth__gt=1).first()
    if page is None or not may_enter_admin(request.user):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():
        raise Http404
    return page.specific.get_latest_revision_as_object()


def _will_see(person: User, draft: BasePage) -> bool:
    """Tell whether the person is in the audience that holds once the draft is published."""
    return person.is_superuser or admits(clauses_for(draft), names_of(person))


def _sees_as_editor(person: User, draft: BasePage) -> bool:
    """Tell whether the person sees it for another reason: the rights to edit this part of the tree."""
    reach = reach_of(person)
    return bool(reach.edited) and draft.path.startswith(tuple(reach.edited))
