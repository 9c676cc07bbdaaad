"""News and notices, and the sections that list them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When, prefetch_related_objects
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.images import get_image_model_string
from wagtail.images.models import Rendition
from wagtail.search import index

from home.base.models import BasePage, BasePageQuerySet

from .body import PageFrame, PageWithBody
from .department_sections import known_sections
from .discussion import CommentRule, Discussion
from .filters import ArticleFilter, NewsFilter, NoticeFilter
from .news_panels import lead_panel, related_panel
from .notice_form import NoticeForm, reading_panels
from .readership import most_read
from .related import related_to
from .urgency import Urgency

#: The sizes in which lists show images, and the lead story; fetched for a whole list at once.
THUMBNAIL = "fill-320x200"
LEAD_PICTURE = "fill-960x540"
PAGE_SIZE = 20
#: Depth of the sections right below the home page.
OFFICE_DEPTH = 3


class Article(PageWithBody):
    """What news and notices share: they are dated and listed newest first."""

    published_on = models.DateField(_("date"), default=timezone.localdate, db_index=True)

    keeps_archive = True

    class Meta:
        abstract = True

    @classmethod
    def listed(cls, user: Any, *, archived: bool = False) -> BasePageQuerySet:
        """Return what `user` may see (or could see before it expired), newest first, with what lists show."""
        pages = cls.objects.archived_for(user) if archived else cls.objects.visible_to(user)
        return pages.select_related("department").order_by("-published_on", "-first_published_at", "-pk")


class NewsPage(Article):
    """One piece of news (tin)."""

    image = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Shown above the text and in lists."),
    )

    category = models.ForeignKey(
        "pages.NewsCategory",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("category"),
    )
    is_lead = models.BooleanField(
        _("lead story"),
        default=False,
        help_text=_("The newest lead story stands large on top of the list."),
    )
    discussion = models.CharField(
        pgettext_lazy("news", "comments"),
        max_length=10,
        choices=Discussion.choices,
        default=Discussion.OPEN,
        help_text=_("Whether they appear at once is set on the section. Official notices have none."),
    )

    content_panels = [
        *BasePage.content_panels,
        "published_on",
        lead_panel(),
        "lead",
        "image",
        "body",
        "discussion",
        related_panel(),
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("published_on")]
    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/news_page.html"
    front_icon = "news"
    is_same_for_audience = True

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        indexes = [
            models.Index(fields=["-published_on"], condition=Q(is_lead=True), name="news_lead_stories"),
        ]

    @classmethod
    def listed(cls, user: Any, *, archived: bool = False) -> BasePageQuerySet:
        """Return what `user` may see, newest first, images and thumbnails included."""
        found = super().listed(user, archived=archived).select_related("department", "image", "category")
        return found.prefetch_related(cls.thumbnails())

    @staticmethod
    def thumbnails() -> Prefetch[str, Any, str]:
        """Return what fetches the images of a list in the sizes of lists. One query."""
        sizes = Rendition.objects.filter(filter_spec__in=[THUMBNAIL, LEAD_PICTURE])
        return Prefetch("image__renditions", queryset=sizes, to_attr="prefetched_renditions")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add related news. Stars and comments are the reader's own and fetched by themselves (`comment_views.py`)."""
        context = super().get_context(request, *args, **kwargs)
        context["others"] = related_to(self, request.user) if self.path else []
        context["has_talk"] = self.live and not getattr(request, "is_preview", False)
        return context


class NoticePage(Article):
    """One notice (thông báo)."""

    number = models.CharField(
        _("number and symbol"), max_length=60, blank=True, help_text=_("For example 15/TB-VP.")
    )
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency.choices, default=Urgency.NORMAL)
    pinned_until = models.DateField(
        _("pinned until"),
        null=True,
        blank=True,
        help_text=_("Stands on top of the list to the end of this day."),
    )

    must_read = models.BooleanField(
        _("must be read"),
        default=False,
        help_text=_("Everybody in the audience is asked to press “Read and understood”."),
    )
    read_until = models.DateField(
        _("to be confirmed by"),
        null=True,
        blank=True,
        help_text=_("Whoever has not confirmed by the day before is reminded."),
    )
    #: Grows when an edit is to be confirmed again; receipts count for their round only.
    reading_round = models.PositiveIntegerField(default=1, editable=False)

    base_form_class = NoticeForm
    content_panels = [
        *BasePage.content_panels,
        "number",
        "published_on",
        "urgency",
        "pinned_until",
        "lead",
        "body",
        reading_panels(),
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("published_on"), index.FilterField("urgency")]
    parent_page_types = ["pages.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/notice_page.html"
    front_icon = "speakerphone"

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    @classmethod
    def listed(cls, user: Any, *, archived: bool = False) -> BasePageQuerySet:
        """Return what `user` may see: pinned notices first, then newest first."""
        pinned = Case(When(pinned_until__gte=timezone.localdate(), then=Value(0)), default=Value(1))
        found = super().listed(user, archived=archived)
        return found.order_by(pinned, "-published_on", "-first_published_at", "-pk")

    @staticmethod
    def deadline_first() -> OrderBy:
        """Return the order in which notices press: those with a deadline first, the nearest on top."""
        return F("read_until").asc(nulls_last=True)

    def with_content_json(self, content: dict[str, Any]) -> NoticePage:
        """Return the notice as a revision holds it; a round that has begun is never taken back."""
        page: NoticePage = super().with_content_json(content)
        page.reading_round = max(page.reading_round, self.reading_round)
        return page

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the reader is asked for (`reading_views.py`)."""
        from .reading_frame import reading_frame

        return super().get_context(request, *args, **kwargs) | reading_frame(request, self)

    def search_text(self) -> str:
        """Return number, lead and body."""
        return f"{self.number} {super().search_text()}"

    @property
    def is_pinned(self) -> bool:
        """Tell whether the notice stands on top today."""
        return self.pinned_until is not None and self.pinned_until >= timezone.localdate()

    @property
    def is_overdue(self) -> bool:
        """Tell whether the deadline is over."""
        return self.read_until is not None and self.read_until < timezone.localdate()

    @property
    def urgency_tone(self) -> str:
        """Return the colour of the urgency badge, empty for normal notices."""
        return {"urgent": "orange", "very_urgent": "orange", "express": "red"}.get(self.urgency, "")


class ArticleIndex(PageFrame):
    """A section that lists its articles: filters, pages of twenty, newest first."""

    intro = models.TextField(_("introduction"), blank=True, max_length=600)

    article_model: ClassVar[type[Article]]
    filter_class: ClassVar[type[ArticleFilter]] = ArticleFilter

    content_panels = [*BasePage.content_panels, "intro"]
    show_in_menus_default = True

    class Meta:
        abstract = True

    def search_text(self) -> str:
        """Return the introduction."""
        return self.intro

    def summary(self) -> str:
        """Return the introduction."""
        return self.intro

    def articles(self, user: Any, *, archived: bool = False) -> BasePageQuerySet:
        """Return the articles of this section that `user` may see, in the order of the list.

        A section right below the home page is one of the office: it lists what departments publish in theirs, too.
        """
        below = Q(path__startswith=self.path)
        if self.depth == OFFICE_DEPTH:
            for path in sorted({section.path for section in known_sections(user)}):
                below |= Q(path__startswith=path)
        return self.article_model.listed(user, archived=archived).filter(below)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the filter and one page of the list. Page numbers that do not exist give the nearest page."""
        context = super().get_context(request, *args, **kwargs)
        archived = request.GET.get("archive") == "1"
        articles = (
            self.articles(request.user, archived=archived) if self.path else self.article_model.objects.none()
        )
        chosen = self.filter_class(request.GET, queryset=articles, request=request)
        context["filter"] = chosen
        context["archived"] = archived
        context["is_filtered"] = any(request.GET.get(name) for name in chosen.filters)
        rows = self.below_the_top(chosen.qs, request, context)
        context["page_of"] = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        return context

    def below_the_top(
        self, rows: BasePageQuerySet, request: HttpRequest, context: dict[str, Any]
    ) -> BasePageQuerySet:
        """Return what the list holds; a section may put something on top of it, into the context."""
        return rows


class NewsIndexPage(ArticleIndex):
    """The news section."""

    comment_rule = models.CharField(
        pgettext_lazy("news", "comments"),
        max_length=10,
        choices=CommentRule.choices,
        default=CommentRule.APPROVAL,
        help_text=_("What becomes of the comments on news of this section."),
    )

    article_model = NewsPage
    filter_class = NewsFilter
    content_panels = [*ArticleIndex.content_panels, "comment_rule"]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.NewsPage"]
    template = "pages/news_index_page.html"
    front_icon = "news"
    is_same_for_audience = True

    class Meta:
        verbose_name = _("news section")
        verbose_name_plural = _("news sections")

    def below_the_top(
        self, rows: BasePageQuerySet, request: HttpRequest, context: dict[str, Any]
    ) -> BasePageQuerySet:
        """Put the newest lead story on top of the first page, and what is read most beside the whole list."""
        if context["is_filtered"] or context["archived"]:
            return rows
        plain = rows.prefetch_related(None)
        story = plain.filter(is_lead=True).first()
        if request.GET.get("page", "1") == "1":
            context["story"] = story
            context["most_read"] = most_read(request.user)
        return plain.exclude(pk=story.pk) if story is not None else plain

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the images of the lead story and of the list, in one query for both."""
        context = super().get_context(request, *args, **kwargs)
        story = context.get("story")
        shown = [*([story] if story is not None else []), *context["page_of"].object_list]
        prefetch_related_objects(shown, NewsPage.thumbnails())
        return context


class NoticeIndexPage(ArticleIndex):
    """The notice section."""

    article_model = NoticePage
    filter_class = NoticeFilter
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.NoticePage"]
    template = "pages/notice_index_page.html"
    front_icon = "speakerphone"

    class Meta:
        verbose_name = _("notice section")
        verbose_name_plural = _("notice sections")
