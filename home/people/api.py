"""The front door of this room: import from here, never from the modules behind it."""

from .authorities import AuthorityError, authorities_of, check_authority
from .choosing import (
    LIMIT,
    Chooser,
    Option,
    PersonField,
    SearchingForm,
    departments_like,
    is_search,
    people_options,
    query_in,
)
from .delegations import Delegation, delegation_changed
from .importing import FileRefusedError, UploadForm, summary_of
from .importing import run as run_import
from .importing import template as import_template
from .locking import hold_rule
from .mandates import RevokeInsteadError
from .matters import MatterSource, known_matters, matters
from .models import Department, Membership, Position, User, WorkingGroup
from .places import (
    ADMIN_GROUP,
    UnknownRoleError,
    department_ids_of,
    department_of,
    departments_of,
    deputies_of,
    head_of,
    holders_of,
    is_office_admin,
    office_admins,
    people_with_role,
    places_held,
    roles_of,
    superior_of,
)
from .querysets import DeletionRefusedError, UserQuerySet
from .remembering import remembered, renew_stamp, renew_when_changed, renew_when_related
from .signing import SigningAuthority
from .stand_ins import absences_of, delegations_to, stand_ins_for, successor_of
from .text import fold, key_in, nfc
from .unit_parts import Unit, UnitPart, unit_parts

__all__ = [
    "ADMIN_GROUP",
    "LIMIT",
    "AuthorityError",
    "Chooser",
    "Delegation",
    "DeletionRefusedError",
    "Department",
    "FileRefusedError",
    "MatterSource",
    "Membership",
    "Option",
    "PersonField",
    "Position",
    "RevokeInsteadError",
    "SearchingForm",
    "SigningAuthority",
    "Unit",
    "UnitPart",
    "UnknownRoleError",
    "UploadForm",
    "User",
    "UserQuerySet",
    "WorkingGroup",
    "absences_of",
    "authorities_of",
    "check_authority",
    "delegation_changed",
    "delegations_to",
    "department_ids_of",
    "department_of",
    "departments_like",
    "departments_of",
    "deputies_of",
    "fold",
    "head_of",
    "hold_rule",
    "holders_of",
    "import_template",
    "is_office_admin",
    "is_search",
    "key_in",
    "known_matters",
    "matters",
    "nfc",
    "office_admins",
    "people_options",
    "people_with_role",
    "places_held",
    "query_in",
    "remembered",
    "renew_stamp",
    "renew_when_changed",
    "renew_when_related",
    "roles_of",
    "run_import",
    "stand_ins_for",
    "successor_of",
    "summary_of",
    "superior_of",
    "unit_parts",
]
