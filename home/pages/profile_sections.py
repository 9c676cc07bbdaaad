"""The profile section `pages`: the page tree with its first texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from pydantic import Field
from wagtail.models import Site
from wagtail.rich_text import RichText

from home.base.models import BasePage
from home.forms.api import Submission, check_schema, stream_of
from home.office.api import office_name
from home.people.api import Department, User
from plugins.api.api import ProfileContext, ProfileSection, Removal, Shape, profile_sections

from .models import (
    FormPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NoticeIndexPage,
    NoticePage,
    StandardPage,
    Urgency,
)
from .moderation import ensure_moderation
from .news_profile import (
    CategoryRow,
    CommentRow,
    add_echo,
    category_values,
    check_categories,
    load_categories,
)

Slug = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=200)

#: `{+5}` in a text is the day five days after the profile was first loaded.
DAY = re.compile(r"\{([+-]\d{1,4})\}")


class HomeRow(Shape):
    """The home page."""

    title: str
    intro: str = ""


class IndexRow(Shape):
    """A section that lists news or notices."""

    title: str
    slug: str = Slug
    intro: str = ""


class PageRow(Shape):
    """What every page has. Without `audience` everyone sees it."""

    slug: str = Slug
    title: str
    department: str = ""
    audience: list[str] = []
    author: str = ""
    lead: str = Field(default="", max_length=600)
    body: str = ""


class NewsRow(PageRow):
    """A piece of news, published `days_ago` days before the profile was first loaded."""

    days_ago: int = Field(default=0, ge=0, le=3650)
    category: str = ""
    lead_story: bool = False
    readers: int = Field(default=0, ge=0, le=100_000)
    comments: list[CommentRow] = []


class NoticeRow(PageRow):
    """A notice; pinned to the end of the day that lies `pinned_days` ahead.

    With `confirm_days` it must be read, and confirmed by the end of the day that lies so many days ahead.
    """

    days_ago: int = Field(default=0, ge=0, le=3650)
    number: str = ""
    urgency: str = "normal"
    pinned_days: int | None = Field(default=None, ge=0, le=365)
    confirm_days: int | None = Field(default=None, ge=0, le=365)


class FormRow(PageRow):
    """A form page: `form` is what `home.forms` reads; it closes at the end of the day `open_days` ahead.

    The other keys are the settings of the page.
    """

    form: dict[str, Any]
    thanks: str = ""
    open_days: int | None = Field(default=None, ge=0, le=365)
    readers: list[str] = []
    quota: int | None = Field(default=None, ge=1)
    once: bool = False
    changeable: bool = False
    anonymous: bool = False
    retention_months: int | None = Field(default=None, ge=1, le=600)


class PagesFile(Shape):
    """One file of the folder `pages`."""

    home: HomeRow | None = None
    news_index: IndexRow | None = None
    notice_index: IndexRow | None = None
    categories: list[CategoryRow] = []
    standard: list[PageRow] = []
    news: list[NewsRow] = []
    notices: list[NoticeRow] = []
    forms: list[FormRow] = []


@profile_sections.register
class PagesSection(ProfileSection):
    """Makes pages that are not there yet; a page that exists belongs to its editors and is left alone."""

    code = "pages"
    order = 50
    model = PagesFile
    records = (
        "pages.homepage",
        "pages.newsindexpage",
        "pages.noticeindexpage",
        "pages.newspage",
        "pages.noticepage",
        "pages.standardpage",
        "pages.formpage",
        "pages.newscategory",
        "pages.comment",
        "wagtailcore.collection",
        "wagtailcore.workflow",
        "wagtailcore.groupapprovaltask",
        "auth.group",
    )
    bookkeeping = (
        "wagtailcore.revision",
        "wagtailcore.pagelogentry",
        "wagtailcore.modellogentry",
        "wagtailcore.referenceindex",
        "wagtailcore.pagesubscription",
        "wagtailcore.workflowpage.page",
        "wagtailcore.workflowtask.workflow",
        "wagtailcore.grouppagepermission.page",
        "wagtailcore.groupcollectionpermission.collection",
        "wagtailadmin.editingsession",
        "wagtailadmin.formstate",
        "pages.departmentsection.page",
        "pages.noticereceipt.notice",
        "pages.newsreaders",
        "pages.newsvisit",
        "pages.star",
        "pages.relatednews.page",
        "pages.feedkey",
        "base.findable",
        "base.pagefile",
        "wagtailredirects.redirect",
        "notifications.notification",
        "notifications.preference",
        "notifications.readerrhythm",
        "dashboard.homelayout",
        "forms.stash",
        "forms.formdraft",
    )

    def remove(self, removal: Removal) -> None:
        """Remove what nothing stands on; a form that people of one's own have answered stays."""
        for thing in removal.things(*self.records):
            form = FormPage.objects.filter(pk=thing.key).first() if thing.kind == "pages.formpage" else None
            if form is not None and _answered(form, removal):
                removal.keep(str(FormPage._meta.verbose_name_plural), "used", form)
            else:
                removal.remove(thing)

    def check(self, data: PagesFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that departments and authors exist, that addresses are unique, and notices have an urgency."""
        yield from check_categories(data.categories)
        for key in ("standard", "news", "notices", "forms"):
            rows = getattr(data, key)
            slugs = [row.slug for row in rows]
            for i, row in enumerate(rows):
                place = f"{key}[{i}]"
                if row.slug in slugs[:i]:
                    yield f"{place}.slug", _("“%(code)s” stands here twice.") % {"code": row.slug}
                yield from check_row(place, row, context)

    def load(self, data: PagesFile, context: ProfileContext) -> None:
        """Write the pages of one file."""
        home = _home(data.home, context)
        load_categories(data.categories, context)
        for model, row in ((NewsIndexPage, data.news_index), (NoticeIndexPage, data.notice_index)):
            if row:
                values = {"title": row.title, "intro": row.intro, "show_in_menus": True}
                _add(home, model, row.slug, values, context)
        for page in data.standard:
            _add(home, StandardPage, page.slug, _values(page, context), context, author=page.author)
        for news in data.news:
            extra = category_values(news)
            page, is_new = add_dated(_index(home, NewsIndexPage), NewsPage, news, extra, context)
            if is_new:
                add_echo(page, news, context)
        for notice in data.notices:
            add_dated(_index(home, NoticeIndexPage), NoticePage, notice, of_notice(notice, context), context)
        for form in data.forms:
            _add_form(home, form, context)
        ensure_moderation()


def _answered(form: FormPage, removal: Removal) -> bool:
    """Tell whether anybody but the demo's own people has answered a form."""
    invented = [int(key) for key in removal.keys("people.user")]
    return bool(Submission.objects.filter(source=form.source).exclude(by__in=invented).exists())


def of_notice(notice: NoticeRow, context: ProfileContext) -> dict[str, Any]:
    """Return the fields that a notice has besides those of every article."""
    days, confirm = notice.pinned_days, notice.confirm_days
    return {
        "number": notice.number,
        "urgency": notice.urgency,
        "pinned_until": None if days is None else context.day(days),
        "must_read": confirm is not None,
        "read_until": None if confirm is None else context.day(confirm),
    }


def check_row(place: str, row: PageRow, context: ProfileContext) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one page, as pairs of place and sentence."""
    named = [("department", row.department, f"{place}.department")] if row.department else []
    named += [("department", code, f"{place}.audience[{i}]") for i, code in enumerate(row.audience)]
    named += [("person", row.author, f"{place}.author")] if row.author else []
    said = row.comments if isinstance(row, NewsRow) else []
    named += [("person", one.author, f"{place}.comments[{i}].author") for i, one in enumerate(said)]
    for kind, code, where in named:
        if message := context.unknown(kind, code):
            yield where, message
    if isinstance(row, FormRow):
        for i, code in enumerate(row.readers):
            if message := context.unknown("person", code):
                yield f"{place}.readers[{i}]", message
        for problem in check_schema(row.form):
            known = f" {_('Known: %s.') % ', '.join(problem.known)}" if problem.known else ""
            yield f"{place}.form.{problem.place}", f"{problem.message}{known}"
    if isinstance(row, NoticeRow) and row.urgency not in Urgency.values:
        message = _("Unknown value %(value)r. Known values: %(known)s.")
        yield f"{place}.urgency", message % {"value": row.urgency, "known": ", ".join(Urgency.values)}


def _home(row: HomeRow | None, context: ProfileContext) -> HomePage:
    """Return the home page; the first time it takes the place of the page that Wagtail ships."""
    home = HomePage.objects.first()
    if home is not None:
        if row:
            context.count(str(HomePage._meta.verbose_name_plural), "kept")
        return home
    title = row.title if row else office_name()
    welcome = rich_text(row.intro, context) if row else ""
    root = BasePage.objects.filter(depth=1).order_by("path")[0]
    home, _is_new = _add(root, HomePage, "trang-chu", {"title": title, "welcome": welcome}, context)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page_id": home.pk, "site_name": office_name()},
        create_defaults={
            "root_page_id": home.pk,
            "hostname": "localhost",
            "site_name": office_name(),
        },
    )
    Site.clear_site_root_paths_cache()
    for shipped in BasePage.objects.filter(depth=2, numchild=0).exclude(pk=home.pk):
        if shipped.specific_class is BasePage:
            shipped.delete()
    return home


def _index(home: HomePage, model: type[Any]) -> Any:
    """Return the first section of a kind below the home page, made with its usual name if there is none."""
    found = model.objects.descendant_of(home).order_by("path").first()
    if found is None:
        title, slug = {NewsIndexPage: ("Tin tức", "tin-tuc"), NoticeIndexPage: ("Thông báo", "thong-bao")}[
            model
        ]
        found = model(title=title, slug=slug, show_in_menus=True)
        home.add_child(instance=found)
    return found


def _values(row: PageRow, context: ProfileContext) -> dict[str, Any]:
    """Return the fields that every page with a body has."""
    departments = Department.objects.filter(code__in=row.audience)
    everyone, some = BasePage.Audience.EVERYONE, BasePage.Audience.LIMITED
    return {
        "title": row.title,
        "lead": _dated(row.lead, context),
        "body": [("text", RichText(rich_text(row.body, context)))] if row.body else [],
        "department": Department.objects.filter(code=row.department).first(),
        "audience": some if row.audience else everyone,
        "audience_departments": list(departments),
    }


def add_dated(
    parent: BasePage,
    model: type[Any],
    row: NewsRow | NoticeRow,
    extra: dict[str, Any],
    context: ProfileContext,
) -> tuple[Any, bool]:
    """Add an article that was published so many days ago; one that is there stays as it is. Return it, and whether
    it is new.
    """
    values = _values(row, context) | extra | {"published_on": context.day(-row.days_ago)}
    page, is_new = _add(parent, model, row.slug, values, context, author=row.author)
    if is_new:
        moment = context.moment(-row.days_ago, time(8, 0))
        model.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)
    return page, is_new


def _add_form(home: HomePage, row: FormRow, context: ProfileContext) -> None:
    """Add a form page with its questions and the people who may read the answers."""
    page_values = _values(row, context)
    del page_values["lead"], page_values["body"]
    closing = None if row.open_days is None else context.moment(row.open_days, time(17, 0))
    values = {
        "intro": rich_text(row.body, context),
        "thanks": rich_text(row.thanks, context),
        "sections": json.dumps(stream_of(row.form)),
        "closes_at": closing,
        "quota": row.quota,
        "once": row.once,
        "changeable": row.changeable,
        "anonymous": row.anonymous,
        "retention_months": row.retention_months,
        "readers": list(User.objects.filter(username__in=row.readers)),
    }
    _add(home, FormPage, row.slug, page_values | values, context, author=row.author)


def _add(
    parent: BasePage,
    model: type[Any],
    slug: str,
    values: dict[str, Any],
    context: ProfileContext,
    *,
    author: str = "",
) -> tuple[Any, bool]:
    """Return the page with this address below `parent`, and whether it was made (and published) now."""
    found = model.objects.child_of(parent).filter(slug=slug).first()
    what = str(model._meta.verbose_name_plural)
    if found is not None:
        context.count(what, "kept")
        return found, False
    owner = User.objects.filter(username=author).first()
    page = model(slug=slug, owner=owner, **values)
    BasePage.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision(user=owner).publish(user=owner, skip_permission_checks=True)
    context.count(what, "created")
    return page, True


def _dated(text: str, context: ProfileContext) -> str:
    return DAY.sub(lambda match: f"{context.day(int(match[1])):%d/%m/%Y}", text)


def rich_text(text: str, context: ProfileContext) -> str:
    """Turn plain paragraphs into HTML: blank lines part them, `## ` makes a heading, `- ` a list."""
    return "".join(_paragraphs(_dated(text, context)))


def _paragraphs(text: str) -> Iterable[str]:
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [escape(line.strip()) for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("## "):
            yield f"<h2>{lines[0][3:]}</h2>"
            lines = lines[1:]
        if lines and all(line.startswith("- ") for line in lines):
            yield "<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>"
        elif lines:
            yield f"<p>{' '.join(lines)}</p>"


from .section_profile import SectionsSection as SectionsSection  # noqa: E402  (it builds on what stands above)
