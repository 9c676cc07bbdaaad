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
from workflows.steps.api import ERROR, Finding

from .labels import on_screen
from .models import FlowDraft
from .reading import definition_of_draft, draft_from
from .samples import sample_findings


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
        said = [on_screen(draft, problem) for problem in problems]
        return [Finding("flows.E001", problem.message, problem.place) for problem in said]
    return [*_of_another(draft), *check(definition)]


@transaction.atomic
def publish_draft(draft: FlowDraft, *, by: User | None) -> FlowVersion:
    """Publish a draft as the next version of its type, which is made if need be, and note the type with the draft.

    Its sample cases are walked again. Raises `SchemaError` for an incomplete draft and `PublishError` when a finding is
    an error, or a sample no longer comes to its end.
    """
    definition = definition_of_draft(draft)
    if taken := _of_another(draft):
        raise PublishError(taken)
    if failing := [finding for finding in sample_findings(draft, definition) if finding.level == ERROR]:
        raise PublishError(failing)
    version = publish(definition, by=by, note=_note_of(draft))
    if draft.type_id != version.type_id or draft.code != definition.code:
        draft.type, draft.code = version.type, definition.code
        FlowDraft.objects.filter(pk=draft.pk).update(type=version.type, code=definition.code)
    return version


def findings_before_publication(draft: FlowDraft) -> list[Finding]:
    """Return what the checks find, and what the sample cases of the draft say, which are walked for it."""
    found = findings_of(draft)
    if any(finding.level == ERROR for finding in found):
        return found
    return [*found, *sample_findings(draft, definition_of_draft(draft))]


def _note_of(draft: FlowDraft) -> str:
    """Return why the draft is published; words that the current version has already say nothing about the next one."""
    current = draft.type.current if draft.type is not None else None
    return "" if current is not None and current.note == draft.publication_note else draft.publication_note


@transaction.atomic
def open_in_editor(kind: DossierType, *, by: User) -> FlowDraft:
    """Return the draft of a type that was published from a file; it is made of the current version if need be.

    Raises `SchemaError` when the version cannot be shown in the editor, and `ValueError` where there is no version.
    """
    kind = DossierType.objects.select_for_update(no_key=True, of=("self",)).get(pk=kind.pk)
    found = FlowDraft.objects.filter(type=kind).first()
    if found is not None:
        return found
    if kind.current is None:
        raise ValueError(f"The type {kind.code} has no version.")
    draft = draft_from(definition_of(kind.current))
    draft.type, draft.live, draft.first_published_at = kind, True, kind.current.published_at
    draft.save()
    draft.live_revision = draft.save_revision(user=by, changed=False)
    draft.last_published_at = kind.current.published_at
    draft.save(update_fields=["live_revision", "last_published_at"])
    record(Entry(verb="definition.opened", by=by, target=f"dossier-type:{kind.pk}", label=kind.code))
    return draft


def is_outdated(draft: FlowDraft) -> bool:
    """Tell whether a version was published from elsewhere (a file) after this draft was: publishing would undo it."""
    current = draft.type.current if draft.type is not None else None
    if current is None or draft.last_published_at is None:
        return False
    return current.published_at > draft.last_published_at


@transaction.atomic
def take_over(draft: FlowDraft, *, by: User) -> FlowDraft:
    """Make a draft of the current version of its type once more; what it held before stays in its history.

    Raises `SchemaError` when the version cannot be shown in the editor.
    """
    draft = FlowDraft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.pk)
    kind = draft.type
    if kind is None or kind.current is None:
        raise ValueError(f"The draft {draft.pk} has no published version.")
    current = kind.current
    draft = draft_from(definition_of(current), draft)
    draft.live, draft.has_unpublished_changes = True, False
    draft.save()
    draft.live_revision = draft.save_revision(user=by, changed=False)
    draft.last_published_at = current.published_at
    draft.save(update_fields=["live_revision", "last_published_at"])
    label = f"{draft.code} {current.number}"
    record(Entry(verb="definition.taken_over", by=by, target=f"dossier-type:{kind.pk}", label=label))
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
