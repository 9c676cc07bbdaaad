"""Takes a whole definition into the editor: from a file, a template or another type. It never publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy

from home.audit.api import Entry, record
from home.forms.api import SchemaError
from home.people.api import User, is_office_admin
from workflows.definitions.api import Definition, Difference, check, definition_of, differences
from workflows.dossiers.api import DossierType
from workflows.steps.api import Finding

from .access import DraftPolicy, drafts_of, own_departments
from .models import FlowDraft
from .publishing import open_in_editor
from .reading import definition_of_draft, draft_from


class RefusedIntakeError(Exception):
    """A definition that is not taken in; `message` is in the reader's language."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Plan:
    """What taking a definition in would do: to which draft (None: a new one), what changes, what the checks find.

    The differences from an incomplete draft cannot be told: None.
    """

    definition: Definition
    draft: FlowDraft | None
    differences: Sequence[Difference] | None = None
    findings: Sequence[Finding] = field(default_factory=list)


def plan_intake(definition: Definition, *, by: User) -> Plan:
    """Return what `take_in` would do; writes nothing.

    Raises `RefusedIntakeError` for a type that `by` may not build, `SchemaError` for what the editor cannot hold.
    """
    draft = _target(definition, by)
    draft_from(definition)  # what the editor cannot hold is said before anything is asked
    if draft is None:
        kind = _in_no_editor(definition, by)
        if kind is None:
            return Plan(definition, None, None, check(definition))
        draft = FlowDraft(title=kind.title)
        return Plan(definition, draft, differences(_current(kind), definition), check(definition))
    try:
        before = definition_of_draft(draft.get_latest_revision_as_object())
    except SchemaError:
        return Plan(definition, draft, None, check(definition))
    return Plan(definition, draft, differences(before, definition), check(definition))


@transaction.atomic
def take_in(definition: Definition, *, by: User, source: str, anew: bool = False) -> FlowDraft:
    """Make or change the draft of a definition as a new revision, and return it; the last act is the audit row.

    `source` says where it comes from: `file:…`, `template:…`, `type:…`. With `anew` a new draft is made, whatever
    there is. Raises as `plan_intake` does.
    """
    draft = _target(definition, by, anew=anew)
    if draft is None and not anew and (kind := _in_no_editor(definition, by)):
        draft = open_in_editor(kind, by=by)
    if draft is None:
        draft = draft_from(definition)
        draft.code = "" if _is_taken(definition.code) else definition.code
        draft.save()
        changed = draft
    else:
        FlowDraft.objects.select_for_update().get(pk=draft.pk)
        changed = draft_from(definition, draft.get_latest_revision_as_object())
    changed.save_revision(user=by, changed=True, log_action=True)
    record(
        Entry(
            verb="draft.taken_in",
            by=by,
            target=f"flow-draft:{draft.pk}",
            label=definition.code,
            data={"source": source, "sha256": definition.digest()},
        )
    )
    return draft


def _target(definition: Definition, by: User, *, anew: bool = False) -> FlowDraft | None:
    """Return the draft in reach that has the definition's code, or None when a new one is to be made."""
    reach = own_departments(by)
    if not reach.filter(code=definition.department).exists():
        raise RefusedIntakeError(_("You build no dossier types for this department."))
    policy: ModelPermissionPolicy = DraftPolicy(FlowDraft)
    found = None if anew else drafts_of(by).filter(code=definition.code).first()
    if found is None:
        if not policy.user_has_permission(by, "add"):
            raise RefusedIntakeError(_("You may not add dossier types."))
        return None
    if not policy.user_has_permission_for_instance(by, "change", found):
        raise RefusedIntakeError(_("You may not change this dossier type."))
    lock = found.get_lock()
    if lock is not None and lock.for_user(by):
        raise RefusedIntakeError(_("This dossier type is locked: %(title)s.") % {"title": found})
    return found


def _in_no_editor(definition: Definition, by: User) -> DossierType | None:
    """Return the type in reach with this code that came from a file and was never opened in the editor."""
    found = DossierType.objects.filter(code=definition.code, draft=None, current__isnull=False)
    if not is_office_admin(by):
        found = found.filter(department__in=own_departments(by))
    return found.select_related("current").first()


def _current(kind: DossierType) -> Definition:
    assert kind.current is not None  # noqa: S101 - `_in_no_editor` gives no others
    return definition_of(kind.current)


def _is_taken(code: str) -> bool:
    """Tell whether another type has the code: then the new one gets one made of its title."""
    return DossierType.objects.filter(code=code).exists() or FlowDraft.objects.filter(code=code).exists()
