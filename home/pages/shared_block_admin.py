"""Shared blocks and categories in the admin: each editor sees the shared blocks of the own section only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import chooser, snippets

from .categories import NewsCategory
from .shared_blocks import RIGHTS, SharedBlock


class SharedBlockForm(BaseCollectionMemberForm, WagtailAdminModelForm):
    """Puts a shared block into a collection of its editor; the field shows where there are several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        user = kwargs.get("for_user")
        if user is not None:
            kwargs["user"] = user
        super().__init__(*args, **kwargs)

    @property
    def permission_policy(self) -> Any:
        """Return who may add where."""
        return policy_registry.get_by_type(SharedBlock)


class _OneOfMine:
    """Views of one shared block: 404 for another section's."""

    request: Any

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the block, if the editor works with it."""
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        policy = policy_registry.get_by_type(SharedBlock)
        if not policy.user_has_any_permission_for_instance(self.request.user, list(RIGHTS), found):
            raise Http404
        return found


class _EditView(_OneOfMine, snippets.EditView):
    """Change one."""


class _DeleteView(_OneOfMine, snippets.DeleteView):
    """Delete one."""


class _UsageView(_OneOfMine, snippets.UsageView):
    """Where one is used."""


class _HistoryView(_OneOfMine, snippets.HistoryView):
    """What became of one."""


class _Mine:
    """Choosers list what the editor works with."""

    request: Any

    def get_object_list(self) -> Any:
        """Return the editor's own."""
        return SharedBlock.objects.kept_by(self.request.user)


class _ChooseView(_Mine, chooser.ChooseView):
    """The window of the chooser."""


class _ChooseResultsView(_Mine, chooser.ChooseResultsView):
    """Its list, while somebody types."""


class _ChosenView(chooser.SnippetChosenView):
    """What was chosen."""

    def get_object(self, pk: Any) -> SharedBlock:
        """Return the block, if the editor works with it."""
        found: SharedBlock = SharedBlock.objects.kept_by(self.request.user).get(pk=pk)
        return found


class _ChosenMultipleView(chooser.SnippetChosenMultipleView):
    """Several that were chosen."""

    def get_objects(self, pks: Any) -> Any:
        """Return those with which the editor works."""
        return SharedBlock.objects.kept_by(self.request.user).filter(pk__in=pks)


class _Chooser(chooser.SnippetChooserViewSet):
    """The chooser."""

    choose_view_class = _ChooseView
    choose_results_view_class = _ChooseResultsView
    chosen_view_class = _ChosenView
    chosen_multiple_view_class = _ChosenMultipleView


class SharedBlockViewSet(snippets.SnippetViewSet):
    """The screens of shared blocks."""

    model = SharedBlock
    icon = "snippet"
    menu_label = _("Shared blocks")
    menu_name = "shared-blocks"
    menu_order = 350
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "collection"]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("collection"), FieldPanel("body")], base_form_class=SharedBlockForm
    )
    edit_view_class = _EditView
    delete_view_class = _DeleteView
    usage_view_class = _UsageView
    history_view_class = _HistoryView
    chooser_viewset_class = _Chooser

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharedBlock]:
        """List what the editor works with."""
        mine: QuerySet[SharedBlock] = SharedBlock.objects.kept_by(request.user)
        return mine


class DeleteSharedBlocks(DeleteBulkAction):
    """Delete several: those of others are not even named."""

    models: ClassVar[list[Any]] = [SharedBlock]

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """Return the editor's own."""
        mine, _others = super().get_actionable_objects()
        return mine, {"items_with_no_access": []}


class NewsCategoryViewSet(snippets.SnippetViewSet):
    """The screens of categories; for the editors of the office."""

    model = NewsCategory
    icon = "tag"
    menu_label = _("Categories of news")
    menu_name = "news-categories"
    menu_order = 360
    add_to_admin_menu = True
    list_display = ["name", "code", "order"]
    panels = [FieldPanel("name"), FieldPanel("code"), FieldPanel("tone"), FieldPanel("order")]
