"""What writers and approvers are told of a page on its way through a workflow: by the bell and its outbox.

Wagtail would send mails of its own within the request: in the language of its admin, past everybody's wishes, and lost
while the mail server is down.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import AbstractGroupApprovalTask, CommentReply, PageSubscription
from wagtail.signals import (
    task_approved,
    task_cancelled,
    task_rejected,
    task_submitted,
    workflow_approved,
    workflow_rejected,
)

from home.base.models import BasePage
from home.notifications.api import Notification, send
from home.people.api import User

REVIEW, APPROVED, SENT_BACK = "pages.review", "pages.approved", "pages.sent_back"
REMARK = "pages.remark"


def connect() -> None:
    """Tell by the bell from now on, in the place of Wagtail's own mails (`home.base.admin_mails` has silenced them)."""
    task_submitted.connect(_submitted, dispatch_uid="review_submitted")
    workflow_approved.connect(_approved, dispatch_uid="review_approved")
    workflow_rejected.connect(_sent_back, dispatch_uid="review_sent_back")
    for signal in (task_approved, task_rejected, task_cancelled):
        signal.connect(_settled, dispatch_uid="review_settled")


def _submitted(sender: type[Any], instance: Any, user: Any = None, **kwargs: Any) -> None:
    """Ask those who may approve, but not whoever submitted it."""
    task = instance.task.specific
    if not isinstance(task, AbstractGroupApprovalTask):
        return
    people = User.objects.active().filter(groups__in=task.groups.all()).distinct()
    asked = [person for person in people if user is None or person.pk != user.pk]
    _tell(REVIEW, instance.workflow_state, asked, by=user, key=_key(instance))


def _settled(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Take the question back from those who have not looked at it: somebody has decided."""
    asked = Notification.objects.filter(key=_key(instance), kind=REVIEW, read_at__isnull=True)
    asked.update(read_at=timezone.now())


def _approved(sender: type[Any], instance: Any, user: Any = None, **kwargs: Any) -> None:
    _answer(APPROVED, instance, user)


def _sent_back(sender: type[Any], instance: Any, user: Any = None, **kwargs: Any) -> None:
    _answer(SENT_BACK, instance, user)


def _answer(kind: str, state: Any, by: Any) -> None:
    """Tell whoever submitted what was decided, with the comment of the one who decided."""
    writer = state.requested_by
    if writer is None or (by is not None and writer.pk == by.pk):
        return
    decided = state.task_states.order_by("-finished_at", "-pk").first()
    comment = decided.specific.get_comment() if decided is not None else ""
    key = f"{kind}:{decided.pk if decided is not None else state.pk}"
    _tell(kind, state, [writer], by=by, key=key, comment=comment)


def _tell(kind: str, state: Any, to: Iterable[Any], *, by: Any, key: str, comment: str = "") -> None:
    thing = state.content_object
    is_page = isinstance(thing, BasePage)
    params = {
        "page": thing.pk if is_page else None,
        "title": thing.get_admin_display_title() if is_page else str(thing),
        "author": str(by or ""),
        "comment": comment[:1000],
    }
    send(kind, to=to, params=params, url=_address(kind, thing), by=by, key=key)


def _address(kind: str, thing: Any) -> str:
    if not isinstance(thing, BasePage):
        return str(AdminURLFinder().get_edit_url(thing) or "")
    if kind == APPROVED:
        return reverse("page_by_key", args=[thing.pk])
    return reverse("wagtailadmin_pages:edit", args=[thing.pk])


def _key(task_state: Any) -> str:
    return f"{REVIEW}:{task_state.pk}"


def tell_of_remarks(page: BasePage, changes: dict[str, Any], *, by: User) -> int:
    """Tell those who follow the remarks of editors on a page, or take part in them, what is new; return how many.

    `changes` is what Wagtail's form of the page found out.
    """
    new = [
        *changes["new_comments"],
        *(reply for _remark, replies in changes["new_replies"] for reply in replies),
    ]
    ended = changes["resolved_comments"]
    if not new and not ended:
        return 0
    threads = [*ended, *(remark for remark, _replies in changes["new_replies"])]
    following = PageSubscription.objects.filter(page=page.pk, comment_notifications=True)
    taking_part = CommentReply.objects.filter(comment__in=[remark.pk for remark in threads])
    keys = {*following.values_list("user_id", flat=True), *taking_part.values_list("user_id", flat=True)}
    keys |= {remark.user_id for remark in threads}
    people = User.objects.active().filter(pk__in=keys - {by.pk})
    params = {
        "page": page.pk,
        "title": page.get_admin_display_title(),
        "author": str(by),
        "comment": "\n".join(row.text for row in new)[:1000],
    }
    return send(
        REMARK, to=people, params=params, url=reverse("wagtailadmin_pages:edit", args=[page.pk]), by=by
    )
