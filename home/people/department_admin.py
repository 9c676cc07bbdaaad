"""Departments and positions in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from .import_admin import ImportMenuItem
from .membership_forms import DepartmentMemberships, GroupMembers, WithMemberships
from .models import Department, Position, WorkingGroup
from .tree import indented


class DepartmentForm(WithMemberships, WagtailAdminModelForm):
    """A department with its people."""

    formset_class = DepartmentMemberships

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["change_note"] = forms.CharField(
                label=_("Decision of the change"), required=False, max_length=300
            )
            self.fields["change_note"].help_text = _(
                "If the name or the code changes: by which decision. The former ones stay in the history and lead here."
            )
        parent = self.fields["parent"]
        parent.label_from_instance = indented
        if self.instance.pk:
            parent.queryset = parent.queryset.exclude(path__startswith=self.instance.path)

    def save(self, commit: bool = True) -> Any:
        """Keep who changed the name, and by which decision."""
        self.instance.changed_by = self.for_user
        self.instance.change_note = self.cleaned_data.get("change_note", "")
        return super().save(commit)


class MembershipsPanel(Panel):
    """Shows the form set of memberships of `DepartmentForm`."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "people/admin/memberships.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Hand the form set to the template."""
            return {**super().get_context_data(parent_context), "formset": self.form.memberships}


class ChangeNotePanel(Panel):
    """Shows the field for the decision by which a department is renamed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "people/admin/change_note.html"

        def is_shown(self) -> bool:
            """A new department has no former name."""
            return "change_note" in self.form.fields and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Hand the field to the template."""
            return {**super().get_context_data(parent_context), "field": self.form["change_note"]}


class DepartmentIndexView(IndexView):
    """The tree of departments, drawn by indentation."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Add the way to merge departments."""
        found: list[Button] = list(super().header_more_buttons)
        if self.request.user.has_perm("people.change_department"):
            url = reverse("people_merge")
            found.append(Button(_("Merge departments"), url=url, icon_name="link", priority=60))
        return found

    def _get_title_column(self, *args: Any, **kwargs: Any) -> TitleColumn:
        return super()._get_title_column(*args, **{**kwargs, "accessor": indented})


class DepartmentViewSet(SnippetViewSet):
    """Departments: tree, parent, head, deputies and members."""

    model = Department
    icon = "group"
    menu_label = _("Departments")
    index_view_class = DepartmentIndexView
    ordering = ["tree_order"]
    list_display = ["name", Column("code", label=_("Code"), sort_key="code"), BooleanColumn("is_active")]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]
    list_per_page = 200
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("code"),
            FieldPanel("parent"),
            FieldPanel("order"),
            FieldPanel("is_active"),
            FieldPanel("phone"),
            FieldPanel("email"),
            FieldPanel("room"),
            FieldPanel("duties"),
            ChangeNotePanel(heading=_("Decision of the change")),
            MembershipsPanel(heading=_("Head, deputies and members")),
        ],
        base_form_class=DepartmentForm,
    )


class PositionViewSet(SnippetViewSet):
    """Positions and their ranks."""

    model = Position
    icon = "tag"
    menu_label = _("Positions")
    list_display = ["name", Column("code", label=_("Code")), Column("rank", label=_("Rank"), sort_key="rank")]
    search_fields = ["name", "code"]
    panels = [FieldPanel("name"), FieldPanel("code"), FieldPanel("rank")]


class WorkingGroupForm(WithMemberships, WagtailAdminModelForm):
    """A working group with its people."""

    formset_class = GroupMembers


class WorkingGroupViewSet(SnippetViewSet):
    """Working groups: mandate, time, members."""

    model = WorkingGroup
    icon = "group"
    menu_label = _("Working groups")
    menu_name = "working_groups"
    ordering = ["name"]
    list_display = ["name", "code", "since", "until", BooleanColumn("is_open")]
    search_fields = ["name", "code", "decision"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("code"),
            FieldPanel("mandate"),
            FieldPanel("decision"),
            FieldPanel("department"),
            FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
            FieldPanel("is_open"),
            MembershipsPanel(heading=_("Members")),
        ],
        base_form_class=WorkingGroupForm,
    )


class PeopleGroup(SnippetViewSetGroup):
    """The menu "Nhân sự"."""

    menu_label = _("Personnel")
    menu_icon = "group"
    menu_order = 250
    items = (DepartmentViewSet, PositionViewSet, WorkingGroupViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        """Add the import below the lists."""
        return [*super().get_submenu_items(), ImportMenuItem(order=len(self.items) + 1)]
