"""Stars and comments below a piece of news: fetched after the page itself, which is kept for all its readers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.base.api import may_enter_admin
from home.forms.api import clean_text, keep_on_expiry, owner_token, posted

from .articles import NewsPage
from .commenting import (
    NotTheirsError,
    decide_comment,
    delete_comment,
    give_star,
    rule_of,
    write_comment,
)
from .discussion import MOST_LETTERS, Comment, CommentRule, Star, moderated_by
from .readership import count_reader

#: Comments on the news page itself, and on a page of their own.
FEW, PAGE_SIZE = 10, 30


class CommentForm(forms.Form):
    """What a comment consists of."""

    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Return plain text without control characters."""
        text = clean_text(self.cleaned_data["text"], lines=True)
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text


@login_required
@require_POST
def news_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the reader, once a day, and answer with stars and comments. The page itself asks this when it is open."""
    page = _page(request, pk)
    if page.live:
        count_reader(page, by=request.user)
    return render(request, "pages/talk/talk.html", talk_of(request, page, FEW))


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def news_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show stars and comments on a page of their own, and store a comment."""
    page = _page(request, pk)
    data, _files = posted(request)
    form = _bound(data) if data is not None else None
    if request.method == "POST" and form is not None and form.is_valid():
        answer = _write(request, page, form)
        if answer is not None:
            return answer
    context = talk_of(request, page, PAGE_SIZE, form)
    refused = request.method == "POST"
    return render(request, "pages/talk/page.html", context, status=422 if refused else 200)


def _bound(data: Any) -> CommentForm:
    """Return the form with what was sent; without a good key of its own it gets a new one."""
    form = CommentForm(data)
    if "key" in form.errors:
        data = data.copy()
        data["key"] = str(uuid4())
        form = CommentForm(data)
    return form


def _write(request: HttpRequest, page: NewsPage, form: CommentForm) -> HttpResponse | None:
    """Store the comment and lead to it; None when it was refused, which the form says."""
    by: Any = request.user
    sent = form.cleaned_data
    try:
        comment = write_comment(page.pk, by=by, text=sent["text"], key=sent["key"])
    except NotTheirsError:
        raise Http404 from None
    except ValidationError as error:
        form.add_error("text", error)
        return None
    if comment.state == Comment.State.SHOWN:
        messages.success(request, _("Your comment is there."))
    else:
        messages.success(request, _("Thank you. Your comment appears once it is approved."))
    return redirect("news_talk", pk=page.pk)


def talk_of(
    request: HttpRequest, page: NewsPage, size: int, form: CommentForm | None = None
) -> dict[str, Any]:
    """Return what is shown below a piece of news. Six queries at most, whatever the number of comments."""
    reader: Any = request.user
    rule = rule_of(page)
    stars = Star.objects.filter(page=page).aggregate(
        all=Count("pk"), mine=Count("pk", filter=Q(user=reader.pk))
    )
    rows = Comment.objects.visible_to(reader).filter(page=page).select_related("author")
    if rule == CommentRule.OFF:
        rows = rows.none()
    moderates = NewsPage.objects.filter(moderated_by(reader), pk=page.pk).exists()
    may_write = rule in (CommentRule.APPROVAL, CommentRule.AT_ONCE)
    return {
        "page": page,
        "stars": stars["all"],
        "has_star": bool(stars["mine"]),
        "rule": rule,
        # What somebody typed is shown again, also when comments were closed meanwhile.
        "form": form or (CommentForm(initial={"key": uuid4()}) if may_write else None),
        "owner": owner_token(reader),
        "moderates": moderates,
        "page_of": Paginator(rows.order_by("-at", "-pk"), size).get_page(request.GET.get("page")),
        "most_letters": MOST_LETTERS,
    }


@login_required
@require_POST
def news_star(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a star (`on=1`) or take it back; a script gets stars and comments, others their page."""
    by: Any = request.user
    try:
        give_star(pk, by=by, on=request.POST.get("on") == "1")
    except NotTheirsError:
        raise Http404 from None
    if request.headers.get("HX-Request"):
        return render(request, "pages/talk/talk.html", talk_of(request, _page(request, pk), FEW))
    return redirect("news_talk", pk=pk)


@login_required
@require_POST
def comment_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a comment (`show=1`) or hide it; for whoever looks after the page."""
    by: Any = request.user
    show = request.POST.get("show") == "1"
    try:
        comment = decide_comment(pk, by=by, show=show)
    except NotTheirsError:
        raise Http404 from None
    messages.success(request, _("The comment is shown.") if show else _("The comment is hidden."))
    if request.POST.get("back") == "list":
        return redirect("comment_list")
    return redirect("news_talk", pk=comment.page_id)


@login_required
@require_POST
def comment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own comment."""
    by: Any = request.user
    try:
        page_id = delete_comment(pk, by=by)
    except NotTheirsError:
        raise Http404 from None
    messages.success(request, _("Your comment is deleted."))
    return redirect("news_talk", pk=page_id)


@login_required
@require_safe
def comment_list(request: HttpRequest) -> HttpResponse:
    """List the comments that wait for the visitor's approval; 404 for whoever looks after no news and writes none."""
    reader: Any = request.user
    looked_after = NewsPage.objects.visible_to(reader).filter(moderated_by(reader))
    if not may_enter_admin(reader) and not looked_after.exists():
        raise Http404
    rows = Comment.objects.moderated_by(reader).filter(state=Comment.State.WAITING)
    ordered = rows.select_related("author", "page").order_by("at", "pk")
    page_of = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pages/talk/list.html", {"page_of": page_of})


def _page(request: HttpRequest, pk: int) -> NewsPage:
    """Return a piece of news that the visitor may read, in the archive perhaps; else 404."""
    page: NewsPage | None = NewsPage.objects.readable_by(request.user).filter(pk=pk).first()
    if page is None:
        raise Http404
    return page
