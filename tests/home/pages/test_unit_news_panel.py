"""News and notices of one's own department, on the personal home page."""

from __future__ import annotations

import re

import pytest

from tests.factories.pages import make_home, make_news, make_notice
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, browser, make_member

pytestmark = pytest.mark.django_db


def panel(person):
    """Return the titles in the panel, the newest first; None without a panel."""
    html = browser(person).get("/").content.decode()
    if 'id="panel-unit_news"' not in html:
        return None
    card = html.split('id="panel-unit_news"')[1].split("</section>")[0]
    return re.findall(r'<a href="[^"]+">([^<]+)</a>', card.split("<ul")[1])


def test_it_holds_what_the_readers_own_departments_publish_for_them():
    make_home()
    finance, culture = DepartmentFactory(), DepartmentFactory()
    for day, (make, title, unit) in enumerate(
        [
            (make_news, "Tin cũ", finance),
            (make_notice, "Báo mới", finance),
            (make_news, "Tin văn hóa", culture),
        ]
    ):
        make(title=title, department=unit, published_on=f"2026-11-0{day + 1}")
    make_notice(title="Kín", department=finance, audience_departments=[culture])
    both = make_member(finance)
    assert panel(both) == ["Báo mới", "Tin cũ"]
    assert panel(make_member(culture)) == ["Tin văn hóa"]
    assert panel(UserFactory()) is None
    MembershipFactory(user=both, department=culture)
    assert panel(both) == ["Tin văn hóa", "Kín", "Báo mới", "Tin cũ"]
