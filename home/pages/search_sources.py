"""Pages, people, departments and working groups, in the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.base.api import Entry, Indexed, SearchSource, search_sources
from home.base.models import BasePage
from home.people.api import Department, Membership, Position, User, WorkingGroup
from plugins.api.api import PreparedFamily, example_keys

from .models import FormPage, NewsPage, NoticePage

#: The root and the home page are no finds.
_DEPTH = 2


def visible_pages(user: Any) -> QuerySet[Any]:
    """Return the pages that the reader may see now."""
    return BasePage.objects.visible_to(user)


def archived_pages(user: Any) -> QuerySet[Any]:
    """Return the expired pages that the reader could see before."""
    return BasePage.objects.archived_for(user)


def page_entry(page: BasePage) -> Entry | None:
    """Return what is found of a page; it stands as it was published last, or as a draft that nobody finds yet."""
    if page.depth <= _DEPTH:
        return None
    return Entry(
        title=page.title,
        text=page.search_text(),
        department_id=page.department_id,
        day=getattr(page, "published_on", None) or _day_of(page.first_published_at),
    )


def _day_of(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment is not None else None


def page_urls(user: Any, pks: Iterable[int]) -> Mapping[int, str]:
    """Return the addresses of pages, which change when a page above is renamed or moved. One query."""
    keys = list(pks)
    pages = _addresses.of(len(keys)).all(*keys) if keys else []
    return {page.pk: page.url or "" for page in pages}


_addresses: PreparedFamily[BasePage] = PreparedFamily(
    lambda _number, *keys: BasePage.objects.filter(pk__in=keys).order_by().only("pk", "url_path"),
    example_keys,
)


def _pages(code: str, label: Any, model: type[BasePage], icon: str, order: int) -> None:
    indexed = Indexed(
        model=model,
        visible_to=visible_pages,
        entry=page_entry,
        archived_for=archived_pages if model.keeps_archive else None,
        urls=page_urls,
    )
    search_sources.register(SearchSource(code=code, label=label, icon=icon, order=order, indexed=indexed))


_pages("notices", _("Notices"), NoticePage, "speakerphone", 10)
_pages("news", _("News"), NewsPage, "news", 11)
_pages("pages", _("Pages"), BasePage, "file-text", 12)
_pages("forms", _("Forms"), FormPage, "forms", 13)


def active_people(user: Any) -> QuerySet[Any]:
    """Return the colleagues: everybody may look everybody up."""
    return User.objects.active() if user.is_authenticated and user.is_active else User.objects.none()


def person_entry(person: Any) -> Entry:
    """Return what is found of a person: name, user name, places, phones, room, and what they write about their work."""
    places = Membership.objects.current().filter(user=person).select_related("position", "department")
    lines = [f"{place.position}, {place.department}" for place in places.order_by("-is_primary", "pk")]
    contact = [text for text in (person.phone, person.mobile, person.email, person.room) if text]
    department = next((place.department_id for place in places if place.is_primary), None)
    return Entry(
        title=person.get_full_name(),
        text=" · ".join([*lines, *contact, *filter(None, [person.about])]),
        more=" ".join([person.username, *("".join(filter(str.isdigit, text)) for text in contact[:2])]),
        url=reverse("person", args=[person.pk]),
        department_id=department,
    )


def _holders(**where: Any) -> list[Any]:
    return list(User.objects.filter(pk__in=Membership.objects.filter(**where).order_by().values("user")))


search_sources.register(
    SearchSource(
        code="people",
        label=pgettext_lazy("search", "People"),
        icon="user",
        order=20,
        indexed=Indexed(
            model=User,
            visible_to=active_people,
            entry=person_entry,
            fields=frozenset(
                {"first_name", "last_name", "username", "phone", "mobile", "email", "room", "about"}
            ),
            follows={
                Membership: lambda place: [place.user],
                Department: lambda unit: _holders(department=unit),
                Position: lambda position: _holders(position=position),
            },
        ),
    )
)


def active_departments(user: Any) -> QuerySet[Any]:
    """Return the departments of today: everybody may look them up."""
    units = Department.objects.filter(is_active=True)
    return units if user.is_authenticated and user.is_active else units.none()


def department_entry(unit: Any) -> Entry:
    """Return what is found of a department: name, code, tasks and how to reach it."""
    return Entry(
        title=unit.name,
        text=" · ".join(filter(None, [_plain(unit.duties), unit.phone, unit.email, unit.room])),
        more=unit.code,
        url=reverse("department", args=[unit.code]),
        department_id=unit.pk,
    )


def group_entry(group: Any) -> Entry:
    """Return what is found of a working group: name, mandate, decision."""
    return Entry(
        title=group.name,
        text=" · ".join(filter(None, [_plain(group.mandate), group.decision])),
        more=group.code,
        url=reverse("working_group", args=[group.code]),
        department_id=group.department_id,
        day=group.since,
    )


def _plain(rich: str) -> str:
    return " ".join(strip_tags(rich.replace("<", " <")).split())


search_sources.register(
    SearchSource(
        code="departments",
        label=_("Departments"),
        icon="building",
        order=30,
        indexed=Indexed(model=Department, visible_to=active_departments, entry=department_entry),
    )
)
search_sources.register(
    SearchSource(
        code="working-groups",
        label=_("Working groups"),
        icon="users-group",
        order=31,
        indexed=Indexed(model=WorkingGroup, visible_to=WorkingGroup.objects.visible_to, entry=group_entry),
    )
)
