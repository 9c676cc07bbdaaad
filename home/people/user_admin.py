"""People in the Wagtail admin: telephone, language and memberships; deactivation instead of deletion."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction
from wagtail.users.views.users import DeleteView, EditView, IndexView, UserViewSet

from .membership_forms import PersonMemberships, WithMemberships
from .models import User


class OfficeUserCreationForm(WithMemberships, UserCreationForm):
    """A new person."""

    formset_class = PersonMemberships

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"phone", "language"}


class OfficeUserEditForm(WithMemberships, UserEditForm):
    """A person who is known already."""

    formset_class = PersonMemberships

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"phone", "language"}


class OfficeIndexView(IndexView):
    """The list of people, without a way to delete."""

    def get_delete_url(self, instance: User) -> None:
        """Return nothing: no button."""
        return

    def order_queryset(self, queryset: Any) -> Any:
        """Sort names by the given name, in Vietnamese order."""
        if self.ordering in {"name", "-name"}:
            return queryset.order_by(self.ordering.replace("name", "sort_name"), "pk")
        return super().order_queryset(queryset)


class OfficeEditView(EditView):
    """The form of one person."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Show no button to delete."""
        super().setup(request, *args, **kwargs)
        self.can_delete = False


class RefusedDeleteView(DeleteView):
    """Nobody is deleted: lead to the form where the account is deactivated."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say why, whatever the method."""
        person = self.get_object()
        messages.warning(
            request,
            gettext(
                "People are never deleted, because the history names them. "
                "To close the account of %(person)s, untick “Active” and save."
            )
            % {"person": person},
        )
        return redirect(reverse("wagtailusers_users:edit", args=[person.pk]))


class DeactivateBulkAction(UserBulkAction):
    """Takes the place of Wagtail's bulk deletion."""

    display_name = _("Deactivate")
    action_type = "delete"
    aria_label = _("Deactivate the selected people")
    template_name = "people/admin/confirm_bulk_deactivate.html"
    action_priority = 10

    def check_perm(self, obj: User) -> bool:
        """Allow whoever may change people, but not to lock oneself out, nor a superuser by somebody else."""
        actor = self.request.user
        if obj == actor or (obj.is_superuser and not actor.is_superuser):
            return False
        return actor.has_perm("people.change_user")

    @classmethod
    def execute_action(cls, objects: list[User], **kwargs: Any) -> tuple[int, int]:
        """Close the accounts."""
        return User.objects.filter(pk__in=[person.pk for person in objects]).update(is_active=False), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say how many."""
        return ngettext(
            "%(count)d account has been deactivated.",
            "%(count)d accounts have been deactivated.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


class OfficeUserViewSet(UserViewSet):
    """Replaces Wagtail's own (see `wagtail_users.py`)."""

    template_prefix = "people/admin/users/"
    ordering = "sort_name"
    index_view_class = OfficeIndexView
    edit_view_class = OfficeEditView
    delete_view_class = RefusedDeleteView

    def get_form_class(self, for_update: bool = False) -> type:
        """Return our form."""
        return OfficeUserEditForm if for_update else OfficeUserCreationForm
