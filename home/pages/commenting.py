"""Stars and comments: one function for each change. Who may not see a piece of news gets `NotTheirsError`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.notifications.api import send
from home.people.api import User

from .articles import NewsIndexPage, NewsPage
from .department_sections import DepartmentSection
from .discussion import MOST_LETTERS, Comment, CommentRule, Discussion, Star
from .moderation import MODERATORS

#: More than this within the time is no conversation any more.
MOST, WITHIN = 5, timedelta(minutes=1)


class NotTheirsError(LookupError):
    """Somebody acts on what they may not see, or may not change; for them it does not exist."""


def rule_of(page: NewsPage) -> str:
    """Return what becomes of comments on this page now: one of `CommentRule`, or "closed". One query."""
    index = NewsIndexPage.objects.parent_of(page).values_list("comment_rule", flat=True)
    rule = str(index.first() or CommentRule.OFF)
    if rule != CommentRule.OFF and (page.discussion == Discussion.CLOSED or not page.live):
        return str(Discussion.CLOSED)
    return rule


def give_star(page_id: int, *, by: User, on: bool) -> None:
    """Note that `by` finds the page useful, or does not any more; a second time changes nothing."""
    if not NewsPage.objects.visible_to(by).filter(pk=page_id).exists():
        raise NotTheirsError(f"{by.username} sees no news item {page_id}.")
    if on:
        Star.objects.get_or_create(page_id=page_id, user=by)
    else:
        Star.objects.filter(page_id=page_id, user=by).delete()


@transaction.atomic
def write_comment(page_id: int, *, by: User, text: str, key: UUID) -> Comment:
    """Store a comment once for each `key`, and tell the author of the page and, if it waits, who approves.

    Raises `NotTheirsError`, and `ValidationError` when nothing (more) can be said here now.
    """
    page = NewsPage.objects.visible_to(by).filter(pk=page_id).select_related("owner").first()
    if page is None:
        raise NotTheirsError(f"{by.username} sees no news item {page_id}.")
    sent = Comment.objects.filter(page=page, author=by, key=key).first()
    if sent is not None:
        return sent
    rule = rule_of(page)
    if rule not in (CommentRule.APPROVAL, CommentRule.AT_ONCE):
        raise ValidationError(_("Comments on this news item are closed."))
    if not 0 < len(text) <= MOST_LETTERS:
        raise ValidationError(_("Write between 1 and %(count)d characters."), params={"count": MOST_LETTERS})
    if Comment.objects.filter(author=by, at__gt=timezone.now() - WITHIN).count() >= MOST:
        raise ValidationError(_("That was a lot in a short time. Please wait a minute, then send it again."))
    state = Comment.State.WAITING if rule == CommentRule.APPROVAL else Comment.State.SHOWN
    comment, is_new = Comment.objects.get_or_create(
        page=page, author=by, key=key, defaults={"text": text, "state": state}
    )
    if is_new:
        _tell_about(comment)
    return comment


def _tell_about(comment: Comment) -> None:
    """Tell the author of the page, as far as that person still sees it, and whoever approves if it waits."""
    page, waits = comment.page, comment.state == Comment.State.WAITING
    people = [page.owner] if page.owner and page.is_visible_to(page.owner) else []
    if waits:
        people += _approvers_of(page)
    kind = "pages.comment_waiting" if waits else "pages.comment"
    _send(kind, comment, [person for person in people if person.pk != comment.author_id])


def _approvers_of(page: NewsPage) -> list[User]:
    """Return who publishes in the section of the page; they see everything in it."""
    sections = DepartmentSection.objects.select_related("page", "approvers")
    groups = [one.approvers for one in sections if page.path.startswith(one.page.path)]
    chosen = groups or Group.objects.filter(name=MODERATORS)
    return list(User.objects.active().filter(groups__in=chosen).distinct())


def _send(kind: str, comment: Comment, to: list[User], *, by: User | None = None) -> None:
    params = {"page": comment.page_id, "title": comment.page.title, "author": str(comment.author)}
    url = f"/news/{comment.page_id}/talk/#comment-{comment.pk}"
    key = f"{kind}:{comment.pk}"
    send(kind, to=to, params=params, url=url, by=by or comment.author, key=key)


@transaction.atomic
def decide_comment(comment_id: int, *, by: User, show: bool) -> Comment:
    """Approve a comment or hide it; a second time changes nothing. The author is told of an approval.

    Raises `NotTheirsError` for whoever does not look after the page.
    """
    comment: Comment | None = (
        Comment.objects.moderated_by(by)
        .select_for_update(of=("self",))
        .select_related("page", "author")
        .filter(pk=comment_id)
        .first()
    )
    if comment is None:
        raise NotTheirsError(f"{by.username} looks after no comment {comment_id}.")
    before, state = comment.state, Comment.State.SHOWN if show else Comment.State.HIDDEN
    if before == state:
        return comment
    comment.state = state
    comment.save(update_fields=["state"])
    _note("comment.approved" if show else "comment.hidden", comment, by)
    if show and before == Comment.State.WAITING and comment.author_id != by.pk:
        readers = [comment.author] if comment.page.is_visible_to(comment.author) else []
        _send("pages.comment_shown", comment, readers, by=by)
    return comment


@transaction.atomic
def delete_comment(comment_id: int, *, by: User) -> int:
    """Delete one's own comment for good, and return the page. Raises `NotTheirsError` for another's."""
    comment = Comment.objects.visible_to(by).filter(pk=comment_id, author=by).select_related("page").first()
    if comment is None:
        raise NotTheirsError(f"{by.username} wrote no comment {comment_id}.")
    _note("comment.deleted", comment, by)
    page_id: int = comment.page_id
    comment.delete()
    return page_id


def _note(verb: str, comment: Comment, by: User) -> None:
    data: dict[str, Any] = {"comment": comment.pk, "author": comment.author.username}
    record(Entry(verb=verb, by=by, target=f"page:{comment.page_id}", label=comment.page.title, data=data))
