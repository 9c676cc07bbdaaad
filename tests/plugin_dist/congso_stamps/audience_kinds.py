"""A kind of reader: whoever keeps the stamps, which are the office's administrators."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.base.api import AudienceKind, audience_kinds
from home.people.api import is_office_admin, office_admins

#: There is one set of keepers.
KEEPERS = 1

audience_kinds.register(
    AudienceKind(
        code="stamp_keepers",
        label=_("Stamps"),
        ids_of=lambda user: [KEEPERS] if is_office_admin(user) else [],
        people=lambda ids: office_admins() if KEEPERS in ids else Q(pk__in=[]),
        names=lambda ids: {KEEPERS: str(_("Stamps"))} if KEEPERS in ids else {},
        search=lambda editor, query, limit: [(KEEPERS, str(_("Stamps")))] if "dấu" in query else [],
    )
)
