"""The personal home page: panels from the registry."""

from __future__ import annotations

import pytest

from home.dashboard.api import Panel, panels
from tests.factories.pages import make_home, make_news, make_notice
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_panels(monkeypatch):
    """Leave out what other rooms and plugins add to the home page and the menu."""
    from home.base.api import menu
    from home.dashboard.api import panels

    for registry, kept in ((panels, {"notices", "news"}), (menu, {"home", "pages"})):
        entries = {code: registry.get(code) for code in registry.codes() if code in kept}
        monkeypatch.setattr(registry, "_entries", entries)


@pytest.fixture
def reader(client):
    make_home(welcome="<p>Chào mừng đến với cơ quan</p>")
    client.force_login(make_member(DepartmentFactory(), last_name="Nguyễn Văn", first_name="Đức"))
    return client


@pytest.fixture
def panel():
    added = []

    def register(**fields):
        defaults = {
            "code": f"test-{len(added)}",
            "label": "Việc cần làm",
            "template": "pages/panels/notices.html",
        }
        added.append(panels.register(Panel(**defaults | fields)))

    yield register
    for entry in added:
        panels.unregister(entry.code)


def test_the_home_page_greets_and_shows_notices_and_news(reader):
    make_notice(title="Nghỉ lễ")
    make_news(title="Khai trương")
    html = reader.get("/").content.decode()
    for text in (
        "Nguyễn Văn Đức",
        "Chào mừng đến với cơ quan",
        "Nghỉ lễ",
        "Khai trương",
        'href="/thong-bao/"',
    ):
        assert text in html


def test_a_panel_of_another_room_stands_in_its_column_and_order(reader, panel):
    panel(label="Sau", context=lambda request: {"articles": []}, order=2)
    panel(label="Trước", context=lambda request: {"articles": [], "more_url": "/viec/"}, order=1)
    panel(label="Bên cạnh", context=lambda request: {"articles": []}, column="side")
    response = reader.get("/")
    assert [drawn.label for drawn in response.context["panels"]["main"]] == ["Trước", "Sau"]
    assert [drawn.label for drawn in response.context["panels"]["side"]] == ["Bên cạnh"]
    assert 'href="/viec/"' in response.content.decode()


def test_a_panel_with_nothing_for_the_reader_is_left_out(reader, panel):
    panel(context=lambda request: None)
    assert reader.get("/").context["panels"] == {"main": [], "side": []}


def test_panels_are_asked_for_this_reader(reader, panel, client):
    seen = []
    panel(context=lambda request: seen.append(request.user))
    someone = UserFactory()
    client.force_login(someone)
    client.get("/")
    assert seen == [someone]


def test_an_office_without_anything_says_so(reader):
    assert 'class="empty"' in reader.get("/").content.decode()
