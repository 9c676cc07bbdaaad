"""The profile section `dossier_types`: one definition in each file, published on loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import RootModel

from home.forms.api import SchemaError
from plugins.api.api import ProfileContext, ProfileSection, Removal, SectionError, profile_sections
from workflows.dossiers.api import DossierType, FlowVersion

from .definition import Definition
from .publish import PublishError, publish


class DefinitionFile(RootModel[dict[str, Any]]):
    """One file of the folder `dossier_types`; `Definition` checks its content."""


@profile_sections.register
class DossierTypesSection(ProfileSection):
    """Publishes definitions; one that is current already stays as it is."""

    code = "dossier_types"
    order = 60
    model = DefinitionFile
    records = ("dossiers.dossiertype", "dossiers.flowversion")

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return what the database holds."""
        return {"dossier_type": DossierType.objects.values_list("code", flat=True)}

    def provides(self, data: DefinitionFile) -> Mapping[str, Iterable[str]]:
        """Return the code of the type."""
        return {"dossier_type": [str(data.root.get("code", ""))]}

    def check(self, data: DefinitionFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check the shape; what the definition refers to is checked when it is published."""
        try:
            Definition.parse(data.root)
        except SchemaError as error:
            for problem in error.problems:
                known = _("Known: %s.") % ", ".join(problem.known) if problem.known else ""
                yield problem.place, f"{problem.message} {known}".strip()

    def load(self, data: DefinitionFile, context: ProfileContext) -> None:
        """Publish. Raises `SectionError` with what the linter finds."""
        definition = Definition.parse(data.root)
        before = DossierType.objects.filter(code=definition.code).values_list("current", flat=True).first()
        try:
            version = publish(definition)
        except PublishError as error:
            raise SectionError(
                [(finding.place, str(finding.message)) for finding in error.findings]
            ) from error
        outcome = "kept" if before == version.pk else "changed" if before else "created"
        context.count(str(DossierType._meta.verbose_name_plural), outcome)

    def remove(self, removal: Removal) -> None:
        """Remove types without a dossier whose versions are all the demo's; type and version point to each other."""
        versions = removal.keys("dossiers.flowversion")
        for thing in removal.things("dossiers.dossiertype"):
            kind = DossierType.objects.filter(pk=thing.key).first()
            if kind is None:
                continue
            name = str(DossierType._meta.verbose_name_plural)
            if removal.is_edited(thing, kind):
                removal.keep(name, "used", kind)
                continue
            ours = [version for version in kind.versions.all() if str(version.pk) in versions]
            users = [user for row in (kind, *ours) for user in removal.users_of(row, kind, *ours)]
            if users or kind.versions.count() != len(ours):
                removal.keep(name, "used", kind)
                continue
            DossierType.objects.filter(pk=kind.pk).update(current=None)
            QuerySet(FlowVersion).filter(pk__in=[version.pk for version in ours]).delete()
            QuerySet(DossierType).filter(pk=kind.pk).delete()
            removal.gone[name] += 1
