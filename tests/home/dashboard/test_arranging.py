"""The home page as each person arranges it: moved, hidden, kept, and never at somebody else's cost."""

from __future__ import annotations

import re

import pytest

from home.dashboard.api import Panel, panels
from home.dashboard.layout import layout_of, move, places, set_hidden
from home.dashboard.models import HomeLayout
from tests.counting import cost_of, listed
from tests.factories.pages import make_home
from tests.factories.people import UserFactory
from tests.threads import race

pytestmark = pytest.mark.django_db


def panel(code, order, column="main", context=lambda request: {"articles": []}):
    return Panel(
        code=code,
        label=f"Ô {code}",
        template="pages/panels/notices.html",
        context=context,
        order=order,
        column=column,
    )


@pytest.fixture(autouse=True)
def few_panels():
    """Leave three panels in the wide column and one beside it."""
    kept = [panel("a", 1), panel("b", 2), panel("c", 3), panel("s", 4, "side"), panels.get("my_links")]
    without = set(panels.codes()) - {"my_links"}
    with panels.override(*kept, without=without):
        yield


@pytest.fixture
def lan():
    return UserFactory()


def order(user, column="main"):
    return [
        place.panel.code for place in places(layout_of(user)) if place.column == column and not place.hidden
    ]


def test_panels_move_among_those_that_are_seen(client, lan):
    make_home()
    client.force_login(lan)
    assert order(lan) == ["a", "b", "c"]
    answer = client.post("/my-page/panels/c/", {"act": "up", "beside": "a"})
    assert answer.url == "/#panel-c"
    assert order(lan) == ["c", "a", "b"]
    client.post("/my-page/panels/c/", {"act": "down", "beside": "a"})
    assert order(lan) == ["a", "c", "b"]
    client.post("/my-page/panels/a/", {"act": "side"})
    assert (order(lan), order(lan, "side")) == (["c", "b"], ["s", "my_links", "a"])
    page = client.get("/")
    html = page.content.decode()
    wide, narrow = html.split('class="board-side"')
    assert re.findall(r'id="panel-(\w+)"', narrow) == ["s", "a"]
    assert "đã chuyển sang cột hẹp" in html
    assert re.findall(r'id="panel-(\w+)"', wide) == ["c", "b"]
    assert re.findall(r'name="beside" value="(\w+)"', wide) == ["b", "c"]  # c only goes down, b only up
    # Somebody else's page is as it was.
    assert order(UserFactory()) == ["a", "b", "c"]


def test_a_hidden_panel_is_not_even_asked_and_comes_back(client, lan):
    make_home()
    asked = []
    with panels.override(
        panel("a", 1, context=lambda request: asked.append(request.user) or {"articles": []})
    ):
        client.force_login(lan)
        assert client.post("/my-page/panels/a/", {"act": "hide"}).url == "/"
        html = client.get("/").content.decode()
        assert 'id="panel-a"' not in html and asked == []
        html = client.get("/my-page/arrange/").content.decode()
        assert 'id="panel-a"' in html and "đang ẩn" in html
        assert (
            client.post("/my-page/panels/a/", {"act": "show", "from": "list"}).url
            == "/my-page/arrange/#panel-a"
        )
        client.get("/")
        assert asked == [lan]


def test_a_new_panel_stands_where_its_room_puts_it_and_a_gone_one_keeps_its_place(lan):
    move(lan, "c", beside="a", after=False)
    set_hidden(lan, "b", hidden=True)
    with panels.override(panel("new", 2), without=["a"]):
        assert order(lan) == ["c", "new"]
        move(lan, "new", beside="c", after=False)
    assert order(lan) == ["c", "a"]
    with panels.override(panel("new", 2)):
        assert "new" in order(lan)


def test_everything_can_be_put_back_but_for_the_links(client, lan):
    client.force_login(lan)
    move(lan, "c", beside="a", after=False)
    HomeLayout.objects.filter(user=lan).update(links=[{"label": "Lịch", "url": "/meetings/"}])
    assert client.post("/my-page/arrange/reset/").url == "/my-page/arrange/"
    assert order(lan) == ["a", "b", "c"]
    assert layout_of(lan).links


@pytest.mark.parametrize(
    ("code", "sent", "status"),
    [
        ("none", {"act": "hide"}, 404),
        ("a", {}, 404),
        ("a", {"act": "explode"}, 404),
        ("a", {"act": "up", "beside": "none"}, 302),
        ("a", {"act": "up", "beside": "a"}, 302),
        ("a", {"act": "up"}, 302),
    ],
)
def test_what_makes_no_sense_changes_nothing(client, lan, code, sent, status):
    client.force_login(lan)
    assert client.post(f"/my-page/panels/{code}/", sent).status_code == status
    assert order(lan) == ["a", "b", "c"]
    assert client.get("/my-page/panels/a/").status_code == 405


@pytest.mark.parametrize("broken", [[["a", "nowhere"]], [["gone", "side"], ["b", "side"]]])
def test_an_arrangement_that_names_what_is_not_there_still_shows_every_panel(lan, broken):
    HomeLayout.objects.create(user=lan, places=broken)
    assert {place.panel.code for place in places(layout_of(lan))} == {"a", "b", "c", "s", "my_links"}


def test_own_links_stand_on_the_page_and_run_nothing(client, lan):
    make_home()
    client.force_login(lan)
    counts = {"links-TOTAL_FORMS": "2", "links-INITIAL_FORMS": "0"}
    good = counts | {"links-0-label": " Cổng  dịch vụ công ", "links-0-url": "https://dvc.example/a?b=1"}
    assert client.post("/my-page/links/", good).url == "/"
    html = client.get("/").content.decode()
    assert '<a href="https://dvc.example/a?b=1">Cổng dịch vụ công</a>' in html
    for url in (
        "javascript:alert(1)",
        "//evil.example/",
        "ftp://x/",
        "https://",
        "/\\evil.example",
        "x" * 600,
    ):
        answer = client.post("/my-page/links/", counts | {"links-0-label": "Xấu", "links-0-url": url})
        assert answer.status_code == 200 and "Xấu" in answer.content.decode(), url
    assert [link["label"] for link in layout_of(lan).links] == ["Cổng dịch vụ công"]
    assert client.post("/my-page/links/", {"links-TOTAL_FORMS": "x"}).status_code == 200
    gone = {"links-TOTAL_FORMS": "1", "links-INITIAL_FORMS": "1", "links-0-DELETE": "on"}
    client.post("/my-page/links/", gone | {"links-0-label": "Cổng", "links-0-url": "/"})
    assert layout_of(lan).links == []


def test_the_arrangement_costs_one_query(client, lan):
    make_home()
    client.force_login(lan)
    _page, before = cost_of(client, "/")
    for code in "abc":
        move(lan, code, beside="s", after=True)
    HomeLayout.objects.filter(user=lan).update(links=[{"label": str(n), "url": "/"} for n in range(30)])
    _page, after = cost_of(client, "/")
    assert len(after) == len(before), listed(after)
    assert sum("dashboard_homelayout" in sql for sql in after) == 1
    assert len(cost_of(client, "/my-page/arrange/")[1]) <= 8


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_lose_neither_change():
    lan = UserFactory()
    set_hidden(lan, "s", hidden=True)
    results = race(
        lambda: set_hidden(lan, "a", hidden=True),
        lambda: set_hidden(lan, "b", hidden=True),
    )
    assert results == [None, None]
    assert set(layout_of(lan).hidden) == {"s", "a", "b"}
