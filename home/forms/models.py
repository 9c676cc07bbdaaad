"""What the room keeps: frozen schemas, submissions, files, and what an expired session had posted."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .schema import FormSchema

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from home.people.models import User


class Schema(models.Model):
    """One frozen form: never changed, found by the sha256 of its canonical JSON."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    body = models.JSONField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def parsed(self) -> FormSchema:
        """Return the schema, parsed once in each process."""
        return _parsed(self.digest, _Body(self.body))


class _Body(dict[str, Any]):
    """A body that the cache ignores: the digest says it all."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    def __eq__(self, other: object) -> bool:
        return True


@lru_cache(maxsize=512)
def _parsed(digest: str, body: _Body) -> FormSchema:
    return FormSchema.stored(dict(body))


class AnswerSet(models.Model):
    """Who may read the answers of one source, and what it was called; it outlives the source."""

    source = models.CharField(_("source"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=255)
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("people who may read the answers"),
    )
    reader_groups = models.ManyToManyField(
        "auth.Group", blank=True, related_name="+", verbose_name=_("groups who may read the answers")
    )
    anonymous = models.BooleanField(_("anonymous"), default=False)
    retention_months = models.PositiveSmallIntegerField(
        _("months until answers are deleted"), null=True, blank=True
    )
    archived_at = models.DateTimeField(_("form deleted at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("set of answers")
        verbose_name_plural = _("sets of answers")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def readable_by(cls, user: User | AnonymousUser) -> models.QuerySet[AnswerSet]:
        """Return the sets whose answers `user` may read."""
        if not user.is_authenticated or not user.is_active:
            return cls.objects.none()
        if user.is_superuser:
            return cls.objects.all()
        mine = Q(readers=user) | Q(reader_groups__in=user.groups.all())
        return cls.objects.filter(pk__in=cls.objects.filter(mine).values("pk"))

    @property
    def target(self) -> str:
        """Return the name under which the audit trail speaks of these answers."""
        return f"answers:{self.pk}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """The gate of submissions."""

    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """Return what `user` may read: what they gave themselves, and the sets they are a reader of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        kept = self.filter(purged_at=None)
        if user.is_superuser:
            return kept
        sources = AnswerSet.readable_by(user).values("source")
        return kept.filter(Q(by=user) | Q(source__in=sources))


class Submission(models.Model):
    """One form that somebody sent, with the schema that it was given against.

    An anonymous one has no giver, only the day instead of the moment, and a number that is drawn by lot: neither the
    order of the rows nor a clock says who gave it (`anonymous.py`). `words` are the folded words that searches look
    through. `purged_at` is set where another row needs this one after its answers had to go.
    """

    schema = models.ForeignKey(Schema, models.PROTECT, related_name="+", verbose_name=_("form"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="submissions",
        verbose_name=_("given by"),
    )
    at = models.DateTimeField(_("given at"), default=timezone.now, editable=False)
    answers = models.JSONField(_("answers"))
    words = models.TextField(blank=True, editable=False)
    edits = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    purged_at = models.DateTimeField(null=True, editable=False)
    handler = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    key = models.CharField(max_length=64, blank=True)
    result_url = models.CharField(max_length=500, blank=True)

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "source", "key"], condition=~Q(key=""), name="submission_once_by_key"
            ),
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=Q(by__isnull=True) & ~Q(key=""),
                name="submission_anonymous_once",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-id"], name="submission_by_source"),
            models.Index(fields=["source", "at"], name="submission_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def number(self) -> int:
        """Return the number that people read; one drawn by lot is below zero in the database."""
        return abs(self.pk)

    @property
    def target(self) -> str:
        """Return the name under which the audit trail speaks of this answer."""
        return f"answer:{self.pk}"


class Receipts(models.Model):
    """Who has answered an anonymous form that takes one answer a person: one row a form, a sorted list of marks.

    There is no row for each person on purpose: it would lie beside the answer in time and order. See `anonymous.py`.
    """

    source = models.CharField(max_length=100, unique=True)
    marks = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.source


class ColumnChoice(models.Model):
    """Which questions a reader wants to see side by side."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    answer_set = models.ForeignKey(AnswerSet, models.CASCADE, related_name="+")
    keys = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "answer_set"], name="columns_once_by_reader")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.answer_set_id}"


class Letter(models.Model):
    """A mail about an answer that waits to leave; it is deleted when it has left, and with its answer."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="letters")
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.address} {self.submission_id}"


def private_storage() -> Storage:
    """Return the storage of files that only the gate serves."""
    return storages["private"]


def _path(stored: models.Model, filename: str) -> str:
    """Return an unguessable path that says nothing about the content."""
    name = uuid.uuid4().hex
    return f"files/{name[:2]}/{name}"


class StoredFile(models.Model):
    """A file that somebody uploaded. Without a holder it is a draft, which only its uploader sees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to=_path, storage=private_storage, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    size = models.BigIntegerField(_("size"))
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    holder_kind = models.CharField(max_length=40, blank=True)
    holder_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["holder_kind", "holder_id"], name="file_by_holder"),
            models.Index(fields=["holder_kind", "uploaded_at"], name="file_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        """Tell whether nothing holds the file yet."""
        return not self.holder_kind

    @property
    def url(self) -> str:
        """Return the address of the file; the gate decides who may open it."""
        return reverse("stored_file", args=[self.pk])


class Stash(models.Model):
    """What a person had posted when the session was over; shown to that person alone, on the same address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    data = models.JSONField()
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="stash_once_by_path")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.path}"


from .draft_models import FormDraft as FormDraft  # noqa: E402
from .draft_models import TakenAnswer as TakenAnswer  # noqa: E402
