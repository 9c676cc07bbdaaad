"""The index of the office: one row for each thing that can be found, in whatever room it lives.

Databases search words in two ways of their own: PostgreSQL by two columns that it computes itself and no model knows
(`title_vector`, `vector`), SQLite by a table of words that triggers keep in step (migration `base.0007`). Words are
folded before they are stored, so both find the same. Whoever changes a column of this table makes those again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import BooleanField, F, Func

#: Characters of text that are kept for showing a piece of it, and that are looked at for words.
SHOWN_TEXT = 20_000
SEARCHED_TEXT = 400_000
#: Characters that all different words of one thing have together; PostgreSQL indexes one megabyte at most.
MOST_WORDS = 200_000

WORDS_TABLE = "base_findable_words"


class Findable(models.Model):
    """One thing that can be found. It says nothing about who may: that is asked of the thing itself (`Indexed`)."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    department = models.ForeignKey(
        "people.Department", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    day = models.DateField(null=True, blank=True)
    #: The folded words of the title with a space around each; and all different words of the thing.
    title_words = models.CharField(max_length=1100)
    words = models.TextField()

    #: Wagtail need not look for references in here.
    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = "findable thing"
        verbose_name_plural = "findable things"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="findable_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.title}"


class DocumentText(models.Model):
    """What could be read in a document: its text, or the reason why there is none.

    `file` is the stored name of the file that was read: another one is read anew.
    """

    class State(models.TextChoices):
        """How far the reading is."""

        WAITING = "waiting"
        READ = "read"
        FAILED = "failed"

    document_id = models.BigIntegerField(unique=True)
    file = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    read_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = "text of a document"
        verbose_name_plural = "texts of documents"
        indexes = [models.Index(fields=["state"], name="document_text_state")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state} {self.reason}".strip()


class Holding(Func):
    """Whether a thing holds all of some folded words, in its title only or anywhere.

    With `beginning` the last word stands for all words that begin so.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(
        self, words: Sequence[str], *, in_title: bool = False, beginning: bool = False, **extra: Any
    ) -> None:
        super().__init__(F("pk"), **extra)
        self.words = tuple(words)
        self.in_title = in_title
        self.beginning = beginning

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Ask the table of words. Words hold letters and digits only, so nothing in them is an operator."""
        sql, params = compiler.compile(self.get_source_expressions()[0])
        terms = " AND ".join(f'"{word}"' for word in self.words) + (" *" if self.beginning else "")
        match = f"title_words : ({terms})" if self.in_title else terms
        inner = f"SELECT rowid FROM {WORDS_TABLE} WHERE {WORDS_TABLE} MATCH %s"  # noqa: S608
        return f"{sql} IN ({inner})", (*params, match)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Ask the column beside the key."""
        sql, _params = compiler.compile(self.get_source_expressions()[0])
        quote = connection.ops.quote_name
        column = "title_vector" if self.in_title else "vector"
        terms = " & ".join(f"'{word}'" for word in self.words) + (":*" if self.beginning else "")
        return f"({sql.removesuffix(quote('id'))}{quote(column)} @@ %s::tsquery)", (terms,)
