"""The profile section `working_groups`: working groups with their members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from plugins.api.api import ProfileContext, ProfileSection, Shape, profile_sections

from .models import Department, GroupMember, User, WorkingGroup


class MemberRow(Shape):
    """A person in a working group."""

    username: str
    role: Literal["lead", "deputy", "secretary", "member"] = "member"
    task: str = ""


class GroupRow(Shape):
    """A working group; its time is told in days from the day on which the profile is loaded first."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    name: str
    mandate: str = ""
    decision: str = ""
    department: str = ""
    began: int = Field(30, description="days ago")
    ends_in: int | None = Field(None, description="days from now")
    open: bool = True
    members: list[MemberRow] = []


class GroupsFile(Shape):
    """The file `working_groups.yaml`."""

    working_groups: list[GroupRow] = []


@profile_sections.register
class GroupsSection(ProfileSection):
    """Loads working groups after the people who are in them."""

    code = "working_groups"
    order = 12
    model = GroupsFile
    records = ("people.workinggroup", "people.groupmember")

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return what the database holds."""
        return {"working_group": WorkingGroup.objects.values_list("code", flat=True)}

    def provides(self, data: GroupsFile) -> Mapping[str, Iterable[str]]:
        """Return what the file brings."""
        return {"working_group": [row.code for row in data.working_groups]}

    def check(self, data: GroupsFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that departments and people exist, and that nobody stands twice in a group."""
        for i, row in enumerate(data.working_groups):
            if row.department and (message := context.unknown("department", row.department)):
                yield f"working_groups[{i}].department", message
            names = [member.username for member in row.members]
            for j, name in enumerate(names):
                place = f"working_groups[{i}].members[{j}].username"
                if message := context.unknown("person", name):
                    yield place, message
                if name in names[:j]:
                    yield place, _("“%(code)s” stands here twice.") % {"code": name}

    def load(self, data: GroupsFile, context: ProfileContext) -> None:
        """Write the groups and their members."""
        for row in data.working_groups:
            values = {
                "name": row.name,
                "mandate": row.mandate,
                "decision": row.decision,
                "department": Department.objects.get(code=row.department) if row.department else None,
                "since": context.day(-row.began),
                "until": context.day(row.ends_in) if row.ends_in is not None else None,
                "is_open": row.open,
            }
            group = context.upsert(WorkingGroup, {"code": row.code}, values)
            for member in row.members:
                lookup = {"group": group, "user": User.objects.get(username=member.username)}
                context.upsert(GroupMember, lookup, {"role": member.role, "task": member.task})
