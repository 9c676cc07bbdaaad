"""Drafts of dossier types: what an administrator edits until it is published as a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from home.forms.api import QuestionsField
from home.people.api import User
from workflows.steps.blocks.api import FlowField

from .sample_case import SampleCase as SampleCase

if TYPE_CHECKING:
    from wagtail.models import Revision


class FlowDraft(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """A dossier type while it is built: form, flow, numbers and access (`reading.py` says what it means).

    `type` is set when the draft is published for the first time; from then on `code` is the type's. Wagtail's `live`
    says whether what the row holds is what was published last; later changes are revisions.
    """

    type = models.OneToOneField(
        "dossiers.DossierType",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="draft",
        verbose_name=_("dossier type"),
    )
    code = models.SlugField(_("code"), max_length=60, blank=True, editable=False, db_index=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=5_000, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=5_000, blank=True)
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    days = models.PositiveSmallIntegerField(
        _("working days from receipt to result"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Empty when no rule sets a term."),
    )
    subject = models.CharField(_("question that lists show as the subject"), max_length=60, blank=True)
    register_code = models.CharField(_("register"), max_length=40, blank=True)
    register_pattern = models.CharField(
        _("how a number is written"), max_length=60, blank=True, default="{number:02d}/{year}"
    )
    start_departments: Any = ParentalManyToManyField(
        "people.Department",
        blank=True,
        related_name="+",
        verbose_name=_("who may start"),
        help_text=_("People of these departments and of the units below them. None chosen: everybody."),
    )
    form_title = models.CharField(_("heading of the form"), max_length=200, blank=True)
    form_title_en = models.CharField(_("heading of the form in English"), max_length=200, blank=True)
    form = QuestionsField(blank=True, verbose_name=_("form"))
    flow = FlowField(blank=True, verbose_name=_("flow"))
    publication_note = models.CharField(
        _("what has changed and why"),
        max_length=500,
        blank=True,
        help_text=_("Kept with the next version, for those who look for the reason later."),
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="flow_draft")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="flow_draft",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("dossier type")
        verbose_name_plural = _("dossier types")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="flow_draft_code")
        ]

    def __str__(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def revisions(self) -> Any:
        """All revisions."""
        return self._revisions

    def with_content_json(self, content: Any) -> FlowDraft:
        """Return the draft of a revision; which type it belongs to is never a matter of revisions."""
        draft: FlowDraft = super().with_content_json(content)
        found = FlowDraft.objects.filter(pk=self.pk).values_list("type_id", "code").first()
        draft.type_id, draft.code = found or (self.type_id, self.code)
        return draft

    @transaction.atomic
    def publish(self, revision: Revision, user: User | None = None, **options: Any) -> Any:
        """Publish what a revision holds as the next version of its type, then make it the live one.

        Every way to publish in Wagtail comes through here. Raises `PublishError` or `SchemaError`; then nothing has
        changed.
        """
        from .publishing import publish_draft

        publish_draft(revision.as_object(), by=user)
        return super().publish(revision, user=user, **options)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """Show the flow as it would run, with what the checks find."""
        from .preview import page

        return page(self, request)
