"""What a profile says of news besides their text: category, lead story, how many read them, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _
from pydantic import Field

from home.people.api import User
from plugins.api.api import ProfileContext, Shape

from .categories import NewsCategory
from .discussion import MOST_LETTERS, Comment
from .readership import NewsReaders


class CategoryRow(Shape):
    """A category of news; one that exists is left as its editors keep it."""

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    name: str = Field(max_length=60)
    tone: str = "blue"


class CommentRow(Shape):
    """A comment that is shown, written on the day after the news."""

    author: str
    text: str = Field(max_length=MOST_LETTERS)


def check_categories(rows: Iterable[CategoryRow]) -> Iterator[tuple[str, str]]:
    """Find colours that do not exist."""
    for number, row in enumerate(rows):
        if row.tone not in NewsCategory.Tone.values:
            message = _("Unknown value %(value)r. Known values: %(known)s.")
            known = ", ".join(NewsCategory.Tone.values)
            yield f"categories[{number}].tone", message % {"value": row.tone, "known": known}


def load_categories(rows: Iterable[CategoryRow], context: ProfileContext) -> None:
    """Make the categories that are not there yet."""
    for order, row in enumerate(rows):
        values = {"name": row.name, "tone": row.tone, "order": order}
        _category, is_new = NewsCategory.objects.get_or_create(code=row.code, defaults=values)
        context.count(str(NewsCategory._meta.verbose_name_plural), "created" if is_new else "kept")


def category_values(row: Any) -> dict[str, Any]:
    """Return the fields of a news page that a row of a profile sets."""
    return {"category": NewsCategory.objects.filter(code=row.category).first(), "is_lead": row.lead_story}


def add_echo(page: Any, row: Any, context: ProfileContext) -> None:
    """Note that people read new news yesterday, and what they said."""
    if row.readers:
        NewsReaders.objects.create(page=page, day=context.day(-1), readers=row.readers)
    for number, said in enumerate(row.comments):
        Comment.objects.create(
            page=page,
            author=User.objects.get(username=said.author),
            text=said.text,
            state=Comment.State.SHOWN,
            at=context.moment(min(1 - row.days_ago, 0), time(8, number % 60)),
            key=uuid5(NAMESPACE_URL, f"{row.slug}:{number}"),
        )
