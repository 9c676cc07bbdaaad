"""The profile section `dossier_types`: one definition in each file, published on loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import RootModel

from home.forms.api import SchemaError
from plugins.api.api import ProfileContext, ProfileSection, SectionError, profile_sections
from workflows.dossiers.api import DossierType

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
