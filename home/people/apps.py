"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """User, department tree, position, membership; who stands for whom."""

    name = "home.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Say on what a person's places depend."""
        from django.contrib.auth.models import Group

        from .models import Delegation, Department, GroupMember, Membership, Position, User, WorkingGroup
        from .remembering import renew_when_changed, renew_when_related

        renew_when_changed(Membership, Position, Department, Group, Delegation, WorkingGroup, GroupMember)
        renew_when_related(User.groups, User.user_permissions, Group.permissions)
