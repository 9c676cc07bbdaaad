"""News as RSS and Atom, with a secret key for each person: a feed holds what its owner may see, and no more.

The key stands in the query of the address, which neither our log of requests nor Django's log of errors writes down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from home.base.api import new_token, private_feed
from home.forms.api import clean_text
from home.office.api import office_of
from home.people.api import Department, User

from .articles import NewsPage
from .categories import NewsCategory
from .department_sections import DepartmentSection
from .feed_keys import FeedKey

#: How many pieces of news a feed holds.
SIZE = 30
KINDS: dict[str, Any] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


@dataclass(frozen=True)
class Scope:
    """What a feed is about: all news, those of a category, or those of a department."""

    condition: Q
    title: str


@login_not_required
@require_safe
def news_feed(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a feed program the newest news that the owner of the key may see; no login, so the key is the key.

    `?category=<code>` and `?department=<code>` narrow it. A key that is unknown, replaced or of somebody who has left
    is 404.
    """
    key = _known(request.GET.get("key", ""))
    held = FeedKey.objects.filter(key=key, user__is_active=True).select_related("user").first()
    if held is None or not key:
        raise Http404
    with translation.override(held.user.language):
        scope = _scope(request)
        news = list(NewsPage.listed(held.user).filter(scope.condition)[:SIZE])
        content = _written(kind, request, scope, news, held)
    return private_feed(request, content, KINDS[kind].content_type)


def _scope(request: HttpRequest) -> Scope:
    """Return what the address asks for; 404 for a category or a department that does not exist."""
    condition, names = Q(), [office_of(request).called()]
    code = request.GET.get("category", "")
    if code:
        category = NewsCategory.objects.filter(code=_known(code)).first()
        if category is None:
            raise Http404
        condition &= Q(category=category)
        names.append(category.name)
    code = request.GET.get("department", "")
    if code:
        department = Department.objects.filter(code=_known(code)).first()
        if department is None:
            raise Http404
        condition &= _of_department(department)
        names.append(department.name)
    return Scope(condition, " – ".join([*names, _("News")] if len(names) == 1 else names))


def _known(code: str) -> str:
    """Return a code that a database can look up."""
    return clean_text(code)[:100]


def _of_department(department: Department) -> Q:
    """Return the condition on news that a department answers for, or that stand in its section."""
    section = DepartmentSection.objects.filter(department=department).select_related("page").first()
    inside = Q(path__startswith=section.page.path) if section is not None else Q()
    return Q(department=department) | inside if section is not None else Q(department=department)


def _written(kind: str, request: HttpRequest, scope: Scope, news: list[Any], held: FeedKey) -> bytes:
    """Return the feed as XML. Its moment is that of the newest item, so that the same news give the same text."""
    site = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    feed = _Steady.of(
        kind,
        held.created_at,
        title=clean_text(scope.title),
        link=f"{site}/",
        description=_("What you may see; whoever knows this address reads it as well."),
        language=held.user.language,
        # Without the key: what a program shows of the feed may be passed on.
        feed_url=f"{site}{request.path}",
        feed_guid=f"{site}{request.path}",
    )
    for page in news:
        published = datetime.combine(page.published_on, time(), timezone.get_current_timezone())
        feed.add_item(
            title=clean_text(page.title),
            link=f"{site}{page.url}",
            description=clean_text(page.summary()),
            unique_id=f"urn:uuid:{page.translation_key}",
            unique_id_is_permalink=False,
            pubdate=(page.first_published_at or published).astimezone(UTC),
            updateddate=(page.last_published_at or published).astimezone(UTC),
            author_name=str(page.department or office_of(request).called()),
            categories=[page.category.name] if page.category else [],
        )
    return feed.writeString("utf-8").encode()


class _Steady:
    """Makes feeds that give the same text for the same news, also when there are none yet."""

    @staticmethod
    def of(kind: str, moment: datetime, **about: Any) -> SyndicationFeed:
        """Return a feed of a kind; without items it dates from `moment`."""
        base = KINDS[kind]

        class Feed(base):  # type: ignore[misc, valid-type]
            """The kind, with a date that does not move by itself."""

            def latest_post_date(self) -> datetime:
                dates = [item["updateddate"] for item in self.items]
                latest: datetime = max(dates) if dates else moment
                return latest

        return Feed(**about)


@login_required
@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's own feed addresses: all news, each category, each department that publishes."""
    owner: Any = request.user
    held = FeedKey.objects.filter(user=owner).first()
    groups = []
    if held is not None:
        sections = DepartmentSection.objects.select_related("department")
        departments = [one.department for one in sections]
        groups = [
            ("", [_addresses(held, _("All news"))]),
            (
                _("Categories"),
                [_addresses(held, row.name, category=row.code) for row in NewsCategory.objects.all()],
            ),
            (_("Departments"), [_addresses(held, row.name, department=row.code) for row in departments]),
        ]
    context = {"held": held, "groups": [(name, rows) for name, rows in groups if rows]}
    return render(request, "pages/feeds.html", context)


def _addresses(held: FeedKey, label: str, **narrowed: str) -> dict[str, str]:
    """Return one row of the list: both addresses of one feed."""
    site, query = settings.WAGTAILADMIN_BASE_URL.rstrip("/"), urlencode({**narrowed, "key": held.key})
    return {
        "label": label,
        "rss": f"{site}{reverse('news_rss')}?{query}",
        "atom": f"{site}{reverse('news_atom')}?{query}",
    }


@login_required
@require_POST
def feed_renew(request: HttpRequest) -> HttpResponse:
    """Make the reader new addresses; the old ones stop working at once."""
    owner: User = request.user  # type: ignore[assignment]
    FeedKey.objects.update_or_create(user=owner, defaults={"key": new_token(), "created_at": timezone.now()})
    messages.success(request, _("Your feed addresses are ready. Older ones no longer work."))
    return redirect("news_feeds")


@login_required
@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    """Switch the reader's feeds off."""
    owner: Any = request.user
    FeedKey.objects.filter(user=owner).delete()
    messages.success(request, _("Your feed addresses no longer work."))
    return redirect("news_feeds")
