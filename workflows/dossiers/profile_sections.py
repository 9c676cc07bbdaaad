"""The profile section `paper_templates`: Typst templates that a profile brings along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import Field

from home.people.api import Department
from plugins.api.api import ProfileContext, ProfileSection, SectionError, Shape, profile_sections

from .models import PaperTemplate
from .paper_templates import Checked, check_template, save_template


class TemplateRow(Shape):
    """One template; `source` is the Typst text of its first version."""

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(min_length=1, max_length=200)
    title_en: str = Field(default="", max_length=200)
    department: str = ""
    source: str = Field(min_length=1)

    def checked(self) -> Checked:
        """Return the text as a file that was looked into. Raises `ValidationError`."""
        return check_template(PaperTemplate.Kind.TYPST, f"{self.code}.typ", self.source.encode())


class PaperTemplatesFile(Shape):
    """The file `paper_templates.yaml`. Word templates are no text; they are uploaded in the admin."""

    templates: list[TemplateRow] = []


@profile_sections.register
class PaperTemplatesSection(ProfileSection):
    """Makes templates; a text that was a version once is never uploaded again over newer ones."""

    code = "paper_templates"
    order = 55
    model = PaperTemplatesFile
    records = ("dossiers.papertemplate", "dossiers.papertemplateversion")

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return what the database holds."""
        return {"paper_template": PaperTemplate.objects.values_list("code", flat=True)}

    def provides(self, data: PaperTemplatesFile) -> Mapping[str, Iterable[str]]:
        """Return the codes of the file."""
        return {"paper_template": [row.code for row in data.templates]}

    def check(self, data: PaperTemplatesFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that codes are named once and that departments exist."""
        codes = [row.code for row in data.templates]
        for index, row in enumerate(data.templates):
            if row.code in codes[:index]:
                yield f"templates[{index}].code", _("“%(code)s” stands here twice.") % {"code": row.code}
            if row.department and (message := context.unknown("department", row.department)):
                yield f"templates[{index}].department", message

    def load(self, data: PaperTemplatesFile, context: ProfileContext) -> None:
        """Write what is new. Raises `SectionError` for a text that cannot be a template."""
        for index, row in enumerate(data.templates):
            try:
                outcome = _load(row)
            except ValidationError as error:
                raise SectionError([(f"templates[{index}].source", " ".join(error.messages))]) from error
            context.count(str(PaperTemplate._meta.verbose_name_plural), outcome)


def _load(row: TemplateRow) -> str:
    """Make or bring up to date one template, and return what happened."""
    found = PaperTemplate.objects.filter(code=row.code).first()
    template = found or PaperTemplate(code=row.code, kind=PaperTemplate.Kind.TYPST)
    before = (template.title, template.title_en, template.department_id)
    template.title, template.title_en = row.title, row.title_en
    template.department = Department.objects.filter(code=row.department).first() if row.department else None
    checked = row.checked()
    known = found is not None and found.versions.filter(sha256=checked.sha256).exists()
    if known and before == (template.title, template.title_en, template.department_id):
        return "kept"
    save_template(template, by=None, file=None if known else checked)
    return "changed" if found is not None else "created"
