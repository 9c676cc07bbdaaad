"""A form in the page tree, built without code."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from home.base.models import BasePage
from home.forms.api import (
    PLACEHOLDERS,
    AnswerSet,
    FormSchema,
    Handling,
    HandlingField,
    Limits,
    QuestionsField,
    SchemaError,
    handling_of,
    schema_of,
)

from .blocks import PLAIN_RICH_TEXT
from .body import PageFrame
from .form_rules import mistakes_of

#: Who may read answers is not for every editor to say.
READERS_PERMISSION = "forms.change_answerset"


class Telling(models.TextChoices):
    """What the people named as readers are told when an answer comes in."""

    NOBODY = "nobody", gettext_lazy("Not at all")
    NOTICE = "notice", gettext_lazy("That there is an answer")
    CONTENT = "content", gettext_lazy("By mail, with the answer itself")


class PlaceholderHelp(HelpPanel):
    """Lists the words in braces that thanks and mail may use."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": "pages/admin/placeholders.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        """The list in the editor."""

        placeholders = PLACEHOLDERS


class FormPage(PageFrame):
    """Questions that people answer once or often; who gave an answer is kept, unless the form is anonymous."""

    intro = RichTextField(gettext_lazy("introduction"), blank=True, features=PLAIN_RICH_TEXT)
    sections = QuestionsField(blank=True, verbose_name=gettext_lazy("questions"))
    thanks = RichTextField(
        gettext_lazy("words of thanks"),
        blank=True,
        features=PLAIN_RICH_TEXT,
        help_text=gettext_lazy("Shown after the form has been sent."),
    )
    confirm_by_mail = models.BooleanField(
        gettext_lazy("confirm by mail"),
        default=False,
        help_text=gettext_lazy("Whoever sends the form gets the mail below."),
    )
    mail_subject = models.CharField(gettext_lazy("subject of the mail"), max_length=200, blank=True)
    mail_body = models.TextField(gettext_lazy("text of the mail"), max_length=10_000, blank=True)
    tell_readers = models.CharField(
        gettext_lazy("tell those who may read the answers"),
        max_length=10,
        choices=Telling.choices,
        default=Telling.NOBODY,
        blank=True,
    )
    handling = HandlingField(
        blank=True,
        verbose_name=gettext_lazy("what happens with an answer"),
        help_text=gettext_lazy("Nothing chosen: the answers are kept for their readers."),
    )
    quota = models.PositiveIntegerField(
        gettext_lazy("most answers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("The form closes by itself when it has so many."),
    )
    once = models.BooleanField(gettext_lazy("one answer from each person"), default=False)
    changeable = models.BooleanField(
        gettext_lazy("people may change their own answer until the form closes"), default=False
    )
    anonymous = models.BooleanField(
        gettext_lazy("anonymous"),
        default=False,
        help_text=gettext_lazy(
            "Who gave an answer is not stored, and cannot be found out later. Answers that were given before stay "
            "as they are."
        ),
    )
    retention_months = models.PositiveSmallIntegerField(
        gettext_lazy("months until answers are deleted"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=gettext_lazy("Answers and their files are deleted for good. Empty: they are kept."),
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
        FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("quota"), FieldPanel("once")]),
                FieldRowPanel([FieldPanel("changeable"), FieldPanel("anonymous")]),
            ],
            heading=gettext_lazy("Who may answer how often"),
        ),
        MultiFieldPanel(
            [
                PlaceholderHelp(),
                FieldPanel("thanks"),
                FieldPanel("confirm_by_mail"),
                FieldPanel("mail_subject"),
                FieldPanel("mail_body"),
            ],
            heading=gettext_lazy("After sending"),
        ),
        FieldPanel("handling"),
    ]
    settings_panels = [
        MultiFieldPanel(
            [
                FieldPanel("readers", permission=READERS_PERMISSION),
                FieldPanel("reader_groups", permission=READERS_PERMISSION),
                FieldPanel("tell_readers", permission=READERS_PERMISSION),
                FieldPanel("retention_months", permission=READERS_PERMISSION),
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

    @property
    def limits(self) -> Limits:
        """Return how many answers the form takes, and from whom."""
        return Limits(quota=self.quota, once=self.once, anonymous=self.anonymous)

    @property
    def handled(self) -> Handling:
        """Return what happens with an answer."""
        return handling_of(self.handling)

    def clean(self) -> None:
        """Refuse a form that cannot work, each mistake beside its field."""
        super().clean()
        mistakes = mistakes_of(self)
        if mistakes:
            raise ValidationError(mistakes)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the page; what is live decides who reads the answers.

        A save of single columns keeps a draft, all of which the object holds: that decides nothing.
        """
        new = self._state.adding
        super().save(*args, **kwargs)
        if new and self.owner_id and not self.readers.exists():
            self.readers.add(self.owner)
            self.readers.commit()
        if self.live and kwargs.get("update_fields") is None:
            self.keep_answer_set()

    def keep_answer_set(self) -> AnswerSet:
        """Bring title, readers and retention of the answers up to date."""
        values = {
            "title": self.title,
            "anonymous": self.anonymous,
            "retention_months": self.retention_months,
        }
        answer_set, _created = AnswerSet.objects.update_or_create(source=self.source, defaults=values)
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


@receiver(post_delete, sender=FormPage)
def keep_answers(instance: FormPage, **kwargs: Any) -> None:
    """Move the answers of a deleted page to the archive; a signal, because a page goes with the one above it too."""
    AnswerSet.objects.filter(source=instance.source).update(archived_at=timezone.now())
