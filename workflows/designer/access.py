"""Who builds which dossier types: the office's administrators all of them, a department's only those of their own.

A department's administrator holds the model's permissions (through a group) and a place in the department. Staff, and
administrators of other departments, see no trace of a draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import WorkflowContentType
from wagtail.permission_policies import ModelPermissionPolicy

from home.people.api import Department, departments_of, is_office_admin
from workflows.dossiers.api import DossierType

from .models import FlowDraft

#: What the office's administrators may do without the permission of the model.
_ACTIONS = frozenset({"add", "change", "delete", "view", "publish", "lock", "unlock"})


def builds_types(user: Any) -> bool:
    """Tell whether somebody builds dossier types at all, of the whole office or of a department."""
    return is_office_admin(user) or (
        user.is_active and user.has_perm("designer.change_flowdraft") and bool(departments_of(user))
    )


def own_departments(user: Any) -> QuerySet[Department]:
    """Return the departments whose types somebody builds."""
    if is_office_admin(user):
        return Department.objects.all()
    if not builds_types(user):
        return Department.objects.none()
    return Department.objects.filter(pk__in=[unit.pk for unit in departments_of(user)])


def drafts_of(user: Any) -> QuerySet[FlowDraft]:
    """Return the drafts that somebody sees and edits: the one gate of this room."""
    if is_office_admin(user):
        return FlowDraft.objects.all()
    return FlowDraft.objects.filter(department__in=own_departments(user))


def types_seen_by(user: Any) -> QuerySet[DossierType]:
    """Return the open types that somebody who builds types may refer to and copy.

    An administrator of the office: all; of a department: their own, and those that everybody may start.
    """
    found = DossierType.objects.filter(is_active=True, current__isnull=False)
    if is_office_admin(user):
        return found
    if not builds_types(user):
        return found.none()
    open_to_all = ~Q(current__definition__has_key="start")
    return found.filter(open_to_all | Q(department__in=own_departments(user)))


def needs_approval() -> bool:
    """Tell whether what departments build is approved before publication: a workflow is set for dossier types."""
    found = WorkflowContentType.objects.filter(
        content_type__app_label="designer", content_type__model="flowdraft", workflow__active=True
    )
    return found.exists()


class DraftPolicy(ModelPermissionPolicy):
    """Wagtail's questions about drafts, answered by department."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Ask for the permission, and for a department; where approval is needed, only the office publishes.

        Whoever may change a draft may lock it against others; a lock of somebody else is lifted by the office alone.
        """
        if is_office_admin(user):
            return action in _ACTIONS
        action = "change" if action == "lock" else action
        if not builds_types(user) or not super().user_has_permission(user, action):
            return False
        return action != "publish" or not needs_approval()

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Ask for each."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: FlowDraft) -> bool:
        """Ask as for all, and whether the draft is in reach; only what was never published may be deleted."""
        if action == "delete" and instance.type_id is not None:
            return False
        return self.user_has_permission(user, action) and self._reaches(user, instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: FlowDraft
    ) -> bool:
        """Ask for each."""
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[FlowDraft]:
        """Return the drafts in reach."""
        if not self.user_has_any_permission(user, actions):
            return FlowDraft.objects.none()
        return drafts_of(user)

    def _reaches(self, user: Any, instance: FlowDraft) -> bool:
        """Ask the stored row: a form may have changed the department of the object in hand."""
        return instance.pk is None or drafts_of(user).filter(pk=instance.pk).exists()
