"""Templates of papers, their versions, and the papers that steps made of them (mẫu văn bản, bản in)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from home.people.api import User, departments_of, is_office_admin

from .dossier import Attachment, Dossier

#: The Django right of those who keep the templates of their own departments.
KEEPER = "dossiers.change_papertemplate"


class PaperTemplateQuerySet(models.QuerySet["PaperTemplate"]):
    """The gate of templates."""

    def kept_by(self, user: Any) -> PaperTemplateQuerySet:
        """Return the templates that `user` keeps: administrators all, others with the right their departments'."""
        if is_office_admin(user):
            return self.all()
        if not isinstance(user, User) or not user.is_active or not user.has_perm(KEEPER):
            return self.none()
        return self.filter(department__in=[department.pk for department in departments_of(user)])


class PaperTemplate(models.Model):
    """What papers are made of: a Word document or a Typst text, in numbered versions.

    It is switched off, never deleted: published flows name its versions.
    """

    class Kind(models.TextChoices):
        """The format of its files, and with it the format of its papers."""

        DOCX = "docx", _("Word template, gives a Word document")
        TYPST = "typst", _("Typst template, gives a PDF")

    #: The format of the papers of each kind.
    GIVES: ClassVar = {Kind.DOCX: "docx", Kind.TYPST: "pdf"}

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.DOCX)
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paper_templates",
        verbose_name=_("department"),
    )
    is_active = models.BooleanField(
        _("offered to new flows"),
        default=True,
        help_text=_("Flows that are published already go on with the version that they were published with."),
    )

    objects: ClassVar = PaperTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper template")
        verbose_name_plural = _("paper templates")
        ordering: ClassVar = ["title", "code"]

    def __str__(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def gives(self) -> str:
        """The format of its papers: `docx` or `pdf`."""
        return self.GIVES[self.Kind(self.kind)]

    @property
    def newest(self) -> PaperTemplateVersion | None:
        """The version with the highest number; one query."""
        return self.versions.order_by("-number").first()

    def clean(self) -> None:
        """Refuse another code or kind for what flows may name already."""
        before = (
            type(self).objects.filter(pk=self.pk).values_list("code", "kind").first() if self.pk else None
        )
        if before is not None and before != (self.code, self.kind):
            raise ValidationError(_("Code and kind of a paper template never change. Make another one."))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: published flows name their template."""
        raise ValidationError(_("A paper template is never deleted. Switch it off instead."))


def template_storage() -> Storage:
    """Return the storage of files that nothing serves by their path."""
    return storages["private"]


def template_path(version: models.Model, filename: str) -> str:
    """Return an unguessable path that says nothing about the content."""
    name = uuid.uuid4().hex
    return f"templates/{name[:2]}/{name}"


class PaperTemplateVersion(models.Model):
    """One file of a template, frozen. `names` are the variables that it was found to use (`answers.subject`)."""

    template = models.ForeignKey(
        PaperTemplate, models.PROTECT, related_name="versions", verbose_name=_("template")
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(upload_to=template_path, storage=template_storage, max_length=200)
    name = models.CharField(_("file"), max_length=200)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, editable=False)
    names = models.JSONField(default=list)
    note = models.CharField(_("note"), max_length=300, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )

    class Meta:
        verbose_name = _("version of a paper template")
        verbose_name_plural = _("versions of paper templates")
        ordering: ClassVar = ["template", "-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="paper_template_version")]

    def __str__(self) -> str:
        return f"{self.template} – {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version; a stored one never changes."""
        if not self._state.adding:
            raise ValidationError(_("A version of a template never changes. Upload a new one."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: published flows name their version."""
        raise ValidationError(_("A version of a template is never deleted."))


class Paper(models.Model):
    """A file that a step made of a template and attached to its dossier.

    `errand` is the key of the work that made it: however often that is tried, it makes one paper. The papers of one
    step (and one `item` of an *each* block) are numbered; one that was replaced stays as their history.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers", verbose_name=_("dossier"))
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, related_name="paper", verbose_name=_("attachment")
    )
    template_version = models.ForeignKey(
        PaperTemplateVersion,
        models.PROTECT,
        related_name="papers",
        verbose_name=_("version of a paper template"),
    )
    step = models.CharField(max_length=60)
    item = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField(_("version"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    errand = models.UUIDField(unique=True, editable=False)
    task_id = models.BigIntegerField(null=True, db_index=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering: ClassVar = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "step", "item", "number"], name="paper_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="paper_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.step} {self.number}"

    @property
    def is_current(self) -> bool:
        """Whether no later one has taken its place."""
        return self.replaced_at is None
