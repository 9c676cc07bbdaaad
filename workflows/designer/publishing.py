"""Publishing a draft: what the checks find, and the next version of its type."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.forms.api import Problem, SchemaError
from home.people.api import User
from workflows.definitions.api import Definition, PublishError, check, definition_of, publish
from workflows.dossiers.api import DossierType, FlowVersion
from workflows.steps.api import Finding

from .models import FlowDraft
from .reading import definition_of_draft, draft_from


def findings_of(draft: FlowDraft) -> list[Finding]:
    """Return all that the checks find in a draft; what is incomplete is an error like any other, `flows.E001`."""
    try:
        definition = definition_of_draft(draft)
    except SchemaError as error:
        return checked(draft, None, error.problems)
    return checked(draft, definition)


def checked(
    draft: FlowDraft, definition: Definition | None, problems: Sequence[Problem] = ()
) -> list[Finding]:
    """Return the findings of a draft that was read already, as its definition or as problems."""
    if definition is None:
        return [Finding("flows.E001", problem.message, problem.place) for problem in problems]
    return [*_of_another(draft), *check(definition)]


@transaction.atomic
def publish_draft(draft: FlowDraft, *, by: User | None) -> FlowVersion:
    """Publish a draft as the next version of its type, which is made if need be, and note the type with the draft.

    Raises `SchemaError` for an incomplete draft and `PublishError` when a finding is an error.
    """
    definition = definition_of_draft(draft)
    if taken := _of_another(draft):
        raise PublishError(taken)
    version = publish(definition, by=by)
    if draft.type_id != version.type_id or draft.code != definition.code:
        draft.type, draft.code = version.type, definition.code
        FlowDraft.objects.filter(pk=draft.pk).update(type=version.type, code=definition.code)
    return version


@transaction.atomic
def open_in_editor(kind: DossierType, *, by: User) -> FlowDraft:
    """Return the draft of a type that was published from a file; it is made of the current version if need be.

    Raises `SchemaError` when the version cannot be shown in the editor.
    """
    kind = DossierType.objects.select_for_update(no_key=True, of=("self",)).get(pk=kind.pk)
    found = FlowDraft.objects.filter(type=kind).first()
    if found is not None or kind.current is None:
        return found or FlowDraft(type=kind, code=kind.code, title=kind.title, department=kind.department)
    draft = draft_from(definition_of(kind.current))
    draft.type, draft.live, draft.first_published_at = kind, True, kind.current.published_at
    draft.save()
    draft.live_revision = draft.save_revision(user=by, changed=False)
    draft.last_published_at = kind.current.published_at
    draft.save(update_fields=["live_revision", "last_published_at"])
    record(Entry(verb="definition.opened", by=by, target=f"dossier-type:{kind.pk}", label=kind.code))
    return draft


@transaction.atomic
def switch_type(kind: DossierType, *, opened: bool, by: User) -> None:
    """Let a type take new dossiers, or no more; running dossiers go on."""
    kind = DossierType.objects.select_for_update(no_key=True).get(pk=kind.pk)
    if kind.is_active == opened:
        return
    kind.is_active = opened
    kind.save(update_fields=["is_active"])
    verb = "definition.reopened" if opened else "definition.closed"
    record(Entry(verb=verb, by=by, target=f"dossier-type:{kind.pk}", label=kind.code))


def _of_another(draft: FlowDraft) -> list[Finding]:
    """Refuse a code that another dossier type has: publishing would change that one."""
    others = DossierType.objects.filter(code=draft.code).exclude(pk=draft.type_id)
    if not draft.code or not others.exists():
        return []
    message = _("Another dossier type has the code “%(code)s” already.") % {"code": draft.code}
    return [Finding("flows.E057", message, "code")]
