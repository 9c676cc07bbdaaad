"""Departments and positions in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from .import_admin import ImportMenuItem
from .membership_forms import DepartmentMemberships, WithMemberships
from .models import Department, Position
from .tree import indented


class DepartmentForm(WithMemberships, WagtailAdminModelForm):
    """A department with its people."""

    formset_class = DepartmentMemberships

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        parent.label_from_instance = indented
        if self.instance.pk:
            parent.queryset = parent.queryset.exclude(path__startswith=self.instance.path)


class MembershipsPanel(Panel):
    """Shows the form set of memberships of `DepartmentForm`."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "people/admin/memberships.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Hand the form set to the template."""
            return {**super().get_context_data(parent_context), "formset": self.form.memberships}


class DepartmentIndexView(IndexView):
    """The tree of departments, drawn by indentation."""

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


class PeopleGroup(SnippetViewSetGroup):
    """The menu "Nhân sự"."""

    menu_label = _("Personnel")
    menu_icon = "group"
    menu_order = 250
    items = (DepartmentViewSet, PositionViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        """Add the import below the lists."""
        return [*super().get_submenu_items(), ImportMenuItem(order=len(self.items) + 1)]
