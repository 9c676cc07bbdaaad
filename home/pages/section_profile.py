"""The profile section `sections`: departments that publish by themselves, with their first news and notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.core.exceptions import ValidationError

from home.people.api import Department, User
from plugins.api.api import ProfileContext, ProfileSection, SectionError, Shape, profile_sections

from .department_sections import DepartmentSection
from .models import NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage
from .news_profile import add_echo, category_values
from .profile_sections import NewsRow, NoticeRow, add_dated, check_row, of_notice
from .sections import open_section

R = TypeVar("R", NewsRow, NoticeRow)


class SectionRow(Shape):
    """The section of one department. News and notices without a department are its own."""

    department: str
    editors: list[str] = []
    news: list[NewsRow] = []
    notices: list[NoticeRow] = []


class SectionsFile(Shape):
    """The file `sections.yaml`."""

    sections: list[SectionRow] = []


@profile_sections.register
class SectionsSection(ProfileSection):
    """Opens sections that are not there yet, and adds pages that are missing."""

    code = "sections"
    order = 52
    model = SectionsFile

    def check(self, data: SectionsFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that departments and people exist, and what the pages say."""
        for i, row in enumerate(data.sections):
            place = f"sections[{i}]"
            if message := context.unknown("department", row.department):
                yield f"{place}.department", message
            for j, name in enumerate(row.editors):
                if message := context.unknown("person", name):
                    yield f"{place}.editors[{j}]", message
            for key, pages in (("news", row.news), ("notices", row.notices)):
                for j, page in enumerate(pages):
                    yield from check_row(f"{place}.{key}[{j}]", page, context)

    def load(self, data: SectionsFile, context: ProfileContext) -> None:
        """Open the sections. Raises `SectionError` where there is no home page yet."""
        for i, row in enumerate(data.sections):
            department = Department.objects.get(code=row.department)
            is_new = not DepartmentSection.objects.filter(department=department).exists()
            try:
                section = open_section(department, by=None)
            except ValidationError as error:
                raise SectionError([(f"sections[{i}]", message) for message in error.messages]) from error
            context.count(str(DepartmentSection._meta.verbose_name_plural), "created" if is_new else "kept")
            section.editors.user_set.add(*User.objects.filter(username__in=row.editors))
            news, notices = (
                index.objects.child_of(section.page).get() for index in (NewsIndexPage, NoticeIndexPage)
            )
            for page in row.news:
                own = _own(page, row)
                added, is_new = add_dated(news, NewsPage, own, category_values(own), context)
                if is_new:
                    add_echo(added, own, context)
            for notice in row.notices:
                add_dated(notices, NoticePage, _own(notice, row), of_notice(notice, context), context)


def _own(page: R, row: SectionRow) -> R:
    """Return the page with a department: that of the section, unless it names another."""
    return page.model_copy(update={"department": page.department or row.department})
