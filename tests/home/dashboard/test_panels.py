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
    html = reader.get("/").content.decode()
    places = [html.index(f">{label}</h2>") for label in ("Trước", "Sau", "Bên cạnh")]
    assert places == sorted(places)
    assert places[1] < html.index('class="board-side"') < places[2]
    assert 'href="/viec/"' in html


def test_a_panel_with_nothing_for_the_reader_is_left_out(reader, panel):
    panel(context=lambda request: None)
    assert "Việc cần làm" not in reader.get("/").content.decode()


def test_panels_are_asked_for_this_reader(reader, panel, client):
    seen = []
    panel(context=lambda request: seen.append(request.user))
    someone = UserFactory()
    client.force_login(someone)
    client.get("/")
    assert seen == [someone]


def test_an_office_without_anything_says_so(reader):
    assert 'class="empty"' in reader.get("/").content.decode()


def test_a_panel_is_drawn_again_only_when_it_shows_something_else(reader, panel):
    drawn, shown = [], ["một"]
    panel(shows=lambda request: shown[0], context=lambda request: drawn.append(shown[0]) or {"articles": []})
    for _visit in range(2):
        assert "Việc cần làm" in reader.get("/").content.decode()
    assert drawn == ["một"]
    shown[0] = "hai"
    reader.get("/")
    assert drawn == ["một", "hai"]
    shown[0] = None
    assert "Việc cần làm" not in reader.get("/").content.decode()


def test_what_is_kept_for_an_audience_is_not_shown_to_another(client, reader):
    other = DepartmentFactory()
    make_notice(title="Chỉ đơn vị kia", audience_departments=[other])
    theirs = type(client)()
    theirs.force_login(make_member(other))
    for _turn in range(2):
        assert "Chỉ đơn vị kia" not in reader.get("/").content.decode()
        assert "Chỉ đơn vị kia" in theirs.get("/").content.decode()


def test_a_home_page_that_a_browser_has_is_not_sent_again(reader, panel):
    shown = [(("Quy chế", "/quy-che/"),)]
    panel(template="dashboard/panels/links.html", shows=lambda request: shown[0], context=lambda request: {})
    make_news(title="Khai trương")  # as long as nothing has ever changed, nothing is kept
    reader.get("/")
    etag = reader.get("/").headers["ETag"]
    assert reader.get("/", headers={"If-None-Match": etag}).status_code == 304
    shown[0] = (("Nội quy", "/noi-quy/"),)
    again = reader.get("/", headers={"If-None-Match": etag})
    assert "Nội quy" in again.content.decode()
