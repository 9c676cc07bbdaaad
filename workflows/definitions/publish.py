"""Publishing: a definition that passes every check becomes the next, immutable version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from home.audit.api import Entry, record
from home.forms.api import clean_text, freeze
from home.people.api import Department, User
from plugins.api.api import Registry
from workflows.dossiers.api import DossierType, FlowVersion
from workflows.steps.api import Finding

from .definition import Definition
from .lint import errors, lint
from .pinning import pinned

#: As long as the column.
MAX_NOTE = 500


class PublishError(ValueError):
    """A definition that may not be published; `findings` says why."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


@dataclass(frozen=True)
class PublishCheck:
    """One more check before publication, contributed by a room above (`publish_checks.py`)."""

    code: str
    check: Callable[[Definition], list[Finding]]


publish_checks: Registry[PublishCheck] = Registry(PublishCheck, module="publish_checks", noun="publish check")


def check(definition: Definition) -> list[Finding]:
    """Return all findings; what depends on a sound definition is only asked of one."""
    findings = lint(definition)
    if not errors(findings):
        findings += [found for item in publish_checks for found in item.check(definition)]
    return findings


@transaction.atomic
def publish(definition: Definition, *, by: User | None = None, note: str = "") -> FlowVersion:
    """Freeze `definition` as the next version of its type and make it the current one; `note` says why.

    What steps leave to “the newest” is named in the version. Publishing what is current already changes nothing. Raises
    `PublishError` when a finding is an error.
    """
    definition = pinned(definition)
    wrong = errors(check(definition))
    if wrong:
        raise PublishError(wrong)
    kind = _type_of(definition)
    digest = definition.digest()
    if kind.current is not None and kind.current.sha256 == digest:
        return kind.current
    latest = kind.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = FlowVersion.objects.create(
        type=kind,
        number=latest + 1,
        definition=definition.canonical(),
        schema=freeze(definition.questions),
        sha256=digest,
        published_by=by,
        note=clean_text(note)[:MAX_NOTE],
    )
    kind.current = version
    kind.save(update_fields=["current"])
    record(
        Entry(
            verb="definition.published",
            by=by,
            target=f"dossier-type:{kind.pk}",
            label=f"{kind.code} {version.number}",
            data={"sha256": digest} | ({"note": version.note} if version.note else {}),
        )
    )
    return version


def _type_of(definition: Definition) -> DossierType:
    """Return the locked row of the type, made or brought up to date from the definition."""
    department = Department.objects.filter(code=definition.department).first()
    DossierType.objects.get_or_create(code=definition.code, defaults={"title": definition.code})
    kind = DossierType.objects.select_for_update(no_key=True).get(code=definition.code)
    kind.title, kind.title_en = _both(definition.title, 200)
    kind.summary, kind.summary_en = _both(definition.summary, 400)
    kind.department = department
    kind.save()
    return kind


def _both(text: str | dict[str, str], limit: int) -> tuple[str, str]:
    if isinstance(text, str):
        return text[:limit], ""
    return (text.get("vi") or text.get("en", ""))[:limit], text.get("en", "")[:limit]
