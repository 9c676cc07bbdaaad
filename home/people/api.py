"""The front door of this room: import from here, never from the modules behind it."""

from .models import Department, Membership, Position, User
from .places import (
    ADMIN_GROUP,
    UnknownRoleError,
    department_ids_of,
    department_of,
    departments_of,
    deputies_of,
    head_of,
    is_office_admin,
    people_with_role,
    roles_of,
    superior_of,
)
from .querysets import DeletionRefusedError
from .remembering import remembered, renew_stamp, renew_when_changed, renew_when_related
from .text import fold, nfc

__all__ = [
    "ADMIN_GROUP",
    "DeletionRefusedError",
    "Department",
    "Membership",
    "Position",
    "UnknownRoleError",
    "User",
    "department_ids_of",
    "department_of",
    "departments_of",
    "deputies_of",
    "fold",
    "head_of",
    "is_office_admin",
    "nfc",
    "people_with_role",
    "remembered",
    "renew_stamp",
    "renew_when_changed",
    "renew_when_related",
    "roles_of",
    "superior_of",
]
