"""The list of dossier types: on which version each is, what runs on it, and whether it takes new dossiers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.snippets.views.snippets import IndexView

from home.people.api import is_office_admin
from workflows.dossiers.api import Dossier, DossierType

from .access import drafts_of, own_departments
from .exchange_admin import start_buttons
from .models import FlowDraft
from .publishing import open_in_editor, switch_type, take_over

EDIT = "wagtailsnippets_designer_flowdraft:edit"
LIST = "wagtailsnippets_designer_flowdraft:list"


def listed(user: Any) -> QuerySet[FlowDraft]:
    """Return the drafts in reach with what the list shows of them, in one query."""
    running = Count("type__dossiers", filter=Q(type__dossiers__state__in=Dossier.OPEN))
    return drafts_of(user).select_related("department", "type__current").annotate(running=running)


def not_in_editor(user: Any) -> QuerySet[DossierType]:
    """Return the types in reach that were published from a file and have no draft yet."""
    found = DossierType.objects.filter(draft=None, current__isnull=False).select_related("department")
    return found if is_office_admin(user) else found.filter(department__in=own_departments(user))


class SwitchColumn(Column):
    """Whether the type takes new dossiers, with the switch."""

    cell_template_name = "designer/admin/switch.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add what the form of the switch needs."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"csrf_token": get_token(context["request"])}


COLUMNS: list[Any] = [
    "title",
    Column("department", label=gettext_lazy("Department"), sort_key="department__tree_order"),
    Column(
        "version",
        label=gettext_lazy("Version"),
        accessor=lambda draft: draft.type.current.number if draft.type and draft.type.current else "–",
    ),
    Column("running", label=gettext_lazy("Running dossiers"), accessor="running", sort_key="running"),
    SwitchColumn("open", label=gettext_lazy("New dossiers"), accessor="type"),
]


class DraftIndexView(IndexView):
    """The list, with the types behind it that no draft exists of."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Add what a new type may start from."""
        buttons: list[Any] = super().header_buttons
        return [*buttons, *start_buttons()] if self.user_has_permission("add") else buttons

    @cached_property
    def columns(self) -> list[Any]:
        """Offer nothing to tick: there is nothing to do with several types."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add those types."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"not_in_editor": list(not_in_editor(self.request.user))}


@require_POST
def take_up(request: HttpRequest, type_id: int) -> HttpResponse:
    """Make the draft of a type that was published from a file, and lead to it."""
    user: Any = request.user
    kind = not_in_editor(user).filter(pk=type_id).first()
    draft = open_in_editor(kind, by=user) if kind else drafts_of(user).filter(type=type_id).first()
    if draft is None:
        raise Http404
    return redirect(EDIT, draft.pk)


@require_POST
def take_over_current(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the version that was published elsewhere into the editor."""
    user: Any = request.user
    draft = drafts_of(user).filter(pk=pk, type__current__isnull=False).first()
    if draft is None:
        raise Http404
    take_over(draft, by=user)
    return redirect(EDIT, pk)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Open or close a type for new dossiers."""
    user: Any = request.user
    draft = drafts_of(user).filter(pk=pk, type__isnull=False).select_related("type").first()
    if draft is None or draft.type is None:
        raise Http404
    opened = request.POST.get("open") == "1"
    switch_type(draft.type, opened=opened, by=user)
    text = _("“%(type)s” takes new dossiers.") if opened else _("“%(type)s” takes no new dossiers.")
    messages.success(request, text % {"type": draft})
    return redirect(LIST)
