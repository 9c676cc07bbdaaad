"""Paper templates in the Wagtail admin: uploaded there, looked at with sample data, switched off, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    IndexView,
    InspectView,
    SnippetViewSet,
    UsageView,
)

from home.base.api import scan
from home.people.api import departments_of, is_office_admin
from workflows.dossiers.api import EXTENSIONS, Checked, PaperTemplate, check_template, save_template

MIB = 1024 * 1024
MAX_MB = 10


class TemplateKeepers(ModelPermissionPolicy):
    """Administrators keep all templates, holders of the Django right those of their departments. Nobody deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Ask for the right on some templates."""
        if action not in ("add", "change", "view"):
            return False
        return is_office_admin(user) or super().user_has_permission(user, "change")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Ask for each action."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Ask for the right on one template."""
        kept = PaperTemplate.objects.kept_by(user).filter(pk=instance.pk)
        return self.user_has_permission(user, action) and kept.exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[PaperTemplate]:
        """Return the templates that `user` keeps."""
        if not self.user_has_any_permission(user, actions):
            return PaperTemplate.objects.none()
        return PaperTemplate.objects.kept_by(user)


class TemplateForm(WagtailAdminModelForm):
    """A template, with the file that becomes its next version."""

    upload = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS.values())}),
        help_text=gettext_lazy(
            "A Word document (.docx) or a Typst text (.typ). It becomes the next version."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("What is different in this version."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["upload"].required = False
            for name in ("code", "kind"):
                self.fields[name].disabled = True
        if self.for_user is not None and not is_office_admin(self.for_user):
            own = [department.pk for department in departments_of(self.for_user)]
            department = self.fields["department"]
            department.queryset = department.queryset.filter(pk__in=own)
            department.required = True

    def clean(self) -> dict[str, Any]:
        """Have the file scanned, and look into it in the process that may do nothing else."""
        cleaned: dict[str, Any] = super().clean()
        upload, kind = cleaned.get("upload"), cleaned.get("kind")
        if upload and kind:
            try:
                cleaned["checked"] = _checked(upload, kind)
            except ValidationError as error:
                self.add_error("upload", error)
        return cleaned


def _checked(upload: Any, kind: str) -> Checked:
    if upload.size > MAX_MB * MIB:
        raise ValidationError(_("The file is larger than %(mb)d MB.") % {"mb": MAX_MB})
    scan(upload, upload.name)
    return check_template(kind, upload.name, upload.read())


class VersionsPanel(Panel):
    """Lists the versions of a template, with ways to fetch and to try each."""

    class BoundPanel(Panel.BoundPanel):
        """The list on one page."""

        template_name = "definitions/admin/template_versions.html"

        def is_shown(self) -> bool:
            """Show nothing for a template that is new."""
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the versions, the newest first; one query."""
            versions = self.instance.versions.select_related("uploaded_by").order_by("-number")
            return {**super().get_context_data(parent_context), "versions": versions}


class Acting:
    """Stores by the one act, so that template, version and trail are written together."""

    form: Any
    request: HttpRequest

    def save_instance(self) -> Any:
        """Store, and return the template."""
        cleaned = self.form.cleaned_data
        by: Any = self.request.user
        save_template(self.form.instance, by=by, file=cleaned.get("checked"), note=cleaned.get("note", ""))
        return self.form.instance


class OnlyKept:
    """Knows no template that the reader does not keep."""

    request: HttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> PaperTemplate:
        """Return the template of the address. Raises Http404."""
        found: PaperTemplate = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if not PaperTemplate.objects.kept_by(self.request.user).filter(pk=found.pk).exists():
            raise Http404
        return found


class TemplateCreateView(Acting, CreateView):
    """A new template with its first file."""


class TemplateEditView(OnlyKept, Acting, EditView):
    """A template and its versions."""


class TemplateInspectView(OnlyKept, InspectView):
    """A template to look at."""


class TemplateHistoryView(OnlyKept, HistoryView):
    """What Wagtail remembers of a template."""


class TemplateUsageView(OnlyKept, UsageView):
    """What refers to a template."""


class TemplateDeleteView(OnlyKept, DeleteView):
    """Refuses, and says so to those who keep the template only."""


class TemplateIndexView(IndexView):
    """The list; there is nothing to do with several rows at once."""

    @cached_property
    def columns(self) -> list[Any]:
        """Offer nothing to tick."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]


class NewestColumn(Column):
    """The number of the newest version."""

    def get_value(self, instance: Any) -> str:
        """Return the number, or nothing for a template without a file."""
        return str(instance.last or "")


class PaperTemplateViewSet(SnippetViewSet):
    """The templates that the reader keeps."""

    model = PaperTemplate
    icon = "doc-full"
    menu_label = gettext_lazy("Paper templates")
    menu_name = "paper-templates"
    menu_order = 225
    add_to_admin_menu = True
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    inspect_view_class = TemplateInspectView
    history_view_class = TemplateHistoryView
    usage_view_class = TemplateUsageView
    delete_view_class = TemplateDeleteView
    list_display = [
        *("title", "code", "kind", "department"),
        NewestColumn("last", label=gettext_lazy("Version")),
        BooleanColumn("is_active", label=gettext_lazy("offered to new flows")),
    ]
    list_filter = ["kind", "is_active", "department"]
    search_fields = ["title", "code"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["title", "title_en", "code", "kind", "department", "is_active"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("title_en"),
            FieldPanel("code"),
            FieldPanel("kind"),
            FieldPanel("department"),
            FieldPanel("is_active"),
            FieldPanel("upload"),
            FieldPanel("note"),
            VersionsPanel(heading=gettext_lazy("Versions")),
        ],
        base_form_class=TemplateForm,
    )

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: flows name their template, and a list of all would show those of other departments."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows with department and newest version; one query."""
        kept = PaperTemplate.objects.kept_by(request.user)
        return kept.select_related("department").annotate(last=Max("versions__number"))
