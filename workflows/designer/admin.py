"""The editor of dossier types in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import SnippetViewSet

from .access import own_departments
from .exchange_admin import exchange_patterns
from .gate import gated
from .index import COLUMNS, DraftIndexView, listed, switch, take_over_current, take_up
from .models import FlowDraft
from .panels import ListsPanel, PickSelect, SuggestInput
from .trying_urls import trying_patterns
from .views import DraftCreateView, DraftEditView, DraftHistoryView, findings

#: What Wagtail offers and no dossier type is ever subject to.
_CLOSED = ("unpublish", "revisions_unschedule")


class FlowDraftForm(WagtailAdminModelForm):
    """A draft; a department's administrator builds for their own department only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None:
            return
        mine, field = own_departments(self.for_user), self.fields["department"]
        field.queryset = mine.filter(is_active=True) | mine.filter(pk=self.instance.department_id)
        if self.instance.pk is None:
            field.initial = mine.first()
        field.required = True


class FlowDraftViewSet(SnippetViewSet):
    """All dossier types that somebody builds."""

    model = FlowDraft
    icon = "folder-open-inverse"
    menu_label = _("Dossier types")
    menu_name = "dossier-types"
    menu_order = 220
    add_to_admin_menu = True
    list_display = COLUMNS
    list_filter = ["department"]
    search_fields = ["title", "title_en", "code"]
    copy_view_enabled = False
    index_view_class = DraftIndexView
    index_template_name = "designer/admin/index.html"
    add_view_class = DraftCreateView
    edit_view_class = DraftEditView
    history_view_class = DraftHistoryView
    create_template_name = "designer/admin/create.html"
    edit_template_name = "designer/admin/edit.html"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title", heading=_("Name of the dossier type")),
                    FieldPanel("summary", heading=_("In one sentence"), widget=AdminAutoHeightTextInput),
                    FieldPanel("department", widget=forms.Select),
                    FieldPanel("days"),
                    MultiFieldPanel(
                        [FieldPanel("title_en"), FieldPanel("summary_en")],
                        heading=_("In English"),
                        classname="collapsed",
                        icon="globe",
                    ),
                    FieldPanel("publication_note"),
                ],
                heading=_("General"),
            ),
            ObjectList(
                [
                    FieldPanel("form"),
                    FieldPanel("subject", widget=PickSelect("question")),
                    MultiFieldPanel(
                        [FieldPanel("form_title"), FieldPanel("form_title_en")],
                        heading=_("Another heading than the name of the type"),
                        classname="collapsed",
                    ),
                ],
                heading=_("Form"),
            ),
            ObjectList([FieldPanel("flow")], heading=_("Flow")),
            ObjectList(
                [
                    FieldPanel("register_code", widget=SuggestInput("register")),
                    FieldPanel("register_pattern", widget=SuggestInput("pattern")),
                ],
                heading=_("Numbers"),
            ),
            ObjectList(
                [FieldPanel("start_departments", widget=forms.CheckboxSelectMultiple), ListsPanel()],
                heading=_("Access"),
            ),
        ],
        base_form_class=FlowDraftForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the drafts in reach."""
        return listed(request.user)

    def get_urlpatterns(self) -> list[URLPattern]:
        """Put the gate before every address; what is published is neither deleted nor taken back."""
        found = super().get_urlpatterns()
        found += [
            path("findings/<int:pk>/", findings, name="findings"),
            path("switch/<int:pk>/", switch, name="switch"),
            path("take-over/<int:pk>/", take_over_current, name="take_over"),
            path("take-up/<int:type_id>/", take_up, name="take_up"),
            *trying_patterns(),
            *exchange_patterns(),
        ]
        for pattern in found:
            pattern.callback = gated(
                pattern.callback, unpublished=pattern.name == "delete", closed=pattern.name in _CLOSED
            )
        return found

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to a draft."""
