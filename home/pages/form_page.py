"""A form in the page tree, built without code."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from home.base.models import BasePage
from home.forms.api import (
    AnswerSet,
    FormSchema,
    QuestionsField,
    SchemaError,
    is_doubt,
    lint_form,
    schema_of,
)

from .blocks import PLAIN_RICH_TEXT
from .body import PageFrame

#: Who may read answers is not for every editor to say.
READERS_PERMISSION = "forms.change_answerset"


class FormPage(PageFrame):
    """Questions that people answer once or often; answers are kept with who gave them."""

    intro = RichTextField(gettext_lazy("introduction"), blank=True, features=PLAIN_RICH_TEXT)
    sections = QuestionsField(blank=True, verbose_name=gettext_lazy("questions"))
    thanks = RichTextField(
        gettext_lazy("words of thanks"),
        blank=True,
        features=PLAIN_RICH_TEXT,
        help_text=gettext_lazy("Shown after the form has been sent."),
    )
    opens_at = models.DateTimeField(gettext_lazy("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(gettext_lazy("closes at"), null=True, blank=True)
    readers = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("people who may read the answers"),
    )
    reader_groups = ParentalManyToManyField(
        "auth.Group",
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("groups who may read the answers"),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("sections"),
        FieldPanel("thanks"),
        FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
    ]
    settings_panels = [
        MultiFieldPanel(
            [
                FieldPanel("readers", permission=READERS_PERMISSION),
                FieldPanel("reader_groups", permission=READERS_PERMISSION),
            ],
            heading=gettext_lazy("Who may read the answers"),
        ),
        *BasePage.settings_panels,
    ]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/form_page.html"
    front_icon = "forms"

    class Meta:
        verbose_name = gettext_lazy("form page")
        verbose_name_plural = gettext_lazy("form pages")

    @property
    def source(self) -> str:
        """Return the name under which the answers of this page are kept."""
        return f"page:{self.pk}"

    @property
    def form_schema(self) -> FormSchema | None:
        """Return the form, or None while there is none that can be shown."""
        try:
            return schema_of(self.sections)
        except SchemaError:
            return None

    @property
    def state(self) -> str:
        """Return `open`, `early` (not open yet) or `closed`."""
        now = timezone.now()
        if self.opens_at and now < self.opens_at:
            return "early"
        return "closed" if self.closes_at and now >= self.closes_at else "open"

    def clean(self) -> None:
        """Refuse a form that cannot be shown, naming the question, and an end before the beginning."""
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The form closes before it opens.")})
        try:
            schema = schema_of(self.sections)
        except SchemaError as error:
            raise ValidationError({"sections": [str(problem) for problem in error.problems]}) from None
        faults = [problem for problem in lint_form(schema) if not is_doubt(problem)] if schema else []
        if faults:
            raise ValidationError({"sections": [problem.message for problem in faults]})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the page; what is live decides who reads the answers."""
        new = self._state.adding
        super().save(*args, **kwargs)
        if new and self.owner_id and not self.readers.exists():
            self.readers.add(self.owner)
            self.readers.commit()
        if self.live:
            self.keep_answer_set()

    def keep_answer_set(self) -> AnswerSet:
        """Bring title and readers of the answers up to date."""
        answer_set, _created = AnswerSet.objects.update_or_create(
            source=self.source, defaults={"title": self.title}
        )
        answer_set.readers.set(self.readers.all())
        answer_set.reader_groups.set(self.reader_groups.all())
        return answer_set

    def search_text(self) -> str:
        """Return introduction and questions."""
        schema = self.form_schema
        labels = [str(field.label) for field in schema.fields()] if schema else []
        return " ".join([super().search_text(), str(self.intro), *labels])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; take it in on POST."""
        from .form_views import serve_form

        return serve_form(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the very form, not to be sent."""
        from .form_views import serve_form

        request.is_preview = True  # type: ignore[attr-defined]
        return serve_form(request, self)
