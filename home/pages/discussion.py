"""What readers say to a piece of news: a star, or a comment."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.base.api import reach_of

from .department_sections import headed_by

#: Longer comments are refused.
MOST_LETTERS = 2000


class CommentRule(models.TextChoices):
    """What a section of news does with comments."""

    APPROVAL = "approval", _("They appear after approval")
    AT_ONCE = "at_once", _("They appear at once")
    OFF = "off", _("There are none")


class Discussion(models.TextChoices):
    """What the editor of one piece of news chose."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


def moderated_by(user: Any) -> Q:
    """Return the condition on pages whose comments `user` looks after: those that the person edits, and those of the
    departments that the person heads. Ask it behind the gate of pages.
    """
    reach = reach_of(user)
    if reach.everything:
        return Q()
    found = Q(department__in=headed_by(user))
    for path in sorted(reach.edited):
        found |= Q(path__startswith=path)
    for path in sorted(reach.own):
        found |= Q(path__startswith=path, owner=user.pk)
    return found


class Star(models.Model):
    """Somebody found a piece of news useful; at most one for each person."""

    page = models.ForeignKey(
        "pages.NewsPage", models.CASCADE, related_name="stars", verbose_name=_("news item")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="news_star_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.page}"


class CommentQuerySet(models.QuerySet["Comment"]):
    """Look-ups of comments. Everything that shows comments starts with `visible_to`."""

    def visible_to(self, user: Any) -> CommentQuerySet:
        """Return those on news that `user` may see: what is shown, one's own, and all that one looks after."""
        from .articles import NewsPage

        pages = NewsPage.objects.readable_by(user).order_by()
        mine = NewsPage.objects.filter(moderated_by(user)).order_by()
        seen = Q(state=Comment.State.SHOWN) | Q(author=user.pk) | Q(page__in=mine.values("pk"))
        return self.filter(page__in=pages.values("pk")).filter(seen)

    def moderated_by(self, user: Any) -> CommentQuerySet:
        """Return those that `user` may approve or hide."""
        from .articles import NewsPage

        pages = NewsPage.objects.readable_by(user).filter(moderated_by(user)).order_by()
        return self.filter(page__in=pages.values("pk"))


class Comment(models.Model):
    """What somebody wrote below a piece of news; plain text. `key` is of the form that it was sent with."""

    class State(models.TextChoices):
        """Who sees a comment."""

        WAITING = "waiting", _("waits for approval")
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("hidden")

    page = models.ForeignKey(
        "pages.NewsPage", models.CASCADE, related_name="reader_comments", verbose_name=_("news item")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=MOST_LETTERS)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(_("at"), default=timezone.now)
    key = models.UUIDField(editable=False)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["page", "author", "key"], name="news_comment_once"),
        ]
        indexes = [
            models.Index(fields=["page", "-at"], name="news_comment_of_page"),
            models.Index(fields=["state", "-at"], name="news_comment_waiting"),
            models.Index(fields=["author", "-at"], name="news_comment_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author} – {self.page}"
