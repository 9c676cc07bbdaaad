"""The screens in a browser: accessible in both themes, usable on a phone and without JavaScript."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from tests.factories.pages import make_home, make_news, make_news_index, make_notice, make_notice_index
from tests.factories.people import DepartmentFactory, make_member

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = ["/", "/tin-tuc/", "/thong-bao/", "/search/?q=nghi", "/search/?q=khongco", "/khong-co-trang/"]


@pytest.fixture
def office(client):
    make_home(welcome="<p>Chào mừng <b>các đồng chí</b></p>")
    news = make_news_index(show_in_menus=True)
    department = DepartmentFactory(name="Phòng Hành chính – Tổ chức")
    for number in range(22):
        make_news(news, title=f"Tin số {number}", lead="Tóm tắt", department=department)
    text = "<h2>Thời gian</h2><p>Từ thứ Hai.</p>"
    body = [("text", text), ("call_out", {"tone": "warning", "title": "Lưu ý", "text": "<p>Khẩn</p>"})]
    make_notice_index(show_in_menus=True)
    make_notice(title="Nghỉ lễ Quốc khánh", urgency="express", number="15/TB-VP", body=body)
    client.force_login(make_member(department, last_name="Nguyễn Thị Thanh", first_name="Hương"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def log_in(page, live_server, session, theme="light"):
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
            {"name": "theme", "value": theme, "url": live_server.url},
        ]
    )


def grave(page):
    found = Axe().run(page).response["violations"]
    return [
        (problem["id"], problem["nodes"][0]["html"])
        for problem in found
        if problem["impact"] in {"serious", "critical"}
    ]


def wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_has_a_grave_accessibility_problem(page, live_server, office, theme):
    log_in(page, live_server, office, theme)
    for address in [*ADDRESSES, "/thong-bao/nghi-le-quoc-khanh/"]:
        page.goto(live_server.url + address)
        assert grave(page) == [], address
    page.click(".top-user summary")
    assert grave(page) == []


def test_every_screen_fits_a_small_phone(phone_page, live_server, office):
    log_in(phone_page, live_server, office)
    for address in [*ADDRESSES, "/thong-bao/nghi-le-quoc-khanh/"]:
        phone_page.goto(live_server.url + address)
        assert not wider_than_screen(phone_page), address
        assert grave(phone_page) == [], address


def test_the_menu_and_the_search_work_without_javascript(no_script_page, live_server, office):
    page = no_script_page
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, live_server, office)
    page.goto(live_server.url)
    assert not page.is_visible("#menu")
    page.click(".top-menu")
    page.click("#menu >> text=Thông báo")
    page.click("text=Nghỉ lễ Quốc khánh")
    expect(page.get_by_text("Từ thứ Hai.")).to_be_visible()
    page.click(".top-search-link")
    page.fill("#search-q", "nghi le")
    page.press("#search-q", "Enter")
    expect(page.locator("a:has-text('Nghỉ lễ Quốc khánh')").first).to_be_visible()


def test_one_searches_with_the_keyboard_alone(page, live_server, office):
    log_in(page, live_server, office)
    page.goto(live_server.url)
    box = page.locator("#top-search-q")
    options = page.get_by_role("option")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("nghi le")
    expect(options.first).to_contain_text("Nghỉ lễ Quốc khánh")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None
    count = options.count()
    page.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")  # what was typed
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert grave(page) == []
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)  # hidden: no longer there for anybody
    expect(box).to_have_value("nghi le")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thong-bao/nghi-le-quoc-khanh/")
    page.keyboard.press("/")
    page.keyboard.type("nghi le")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=nghi+le")
    expect(page.locator("main mark").first).to_be_visible()
    assert grave(page) == []
    page.locator("#search-q").focus()
    page.keyboard.type(" q")
    page.route("**/search/suggest/**", lambda route: route.abort())
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*qx*")
    expect(page.locator(".empty")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(page, live_server, office):
    log_in(page, live_server, office)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_theme_and_the_language_change_with_one_press(page, live_server, office):
    log_in(page, live_server, office)
    page.goto(live_server.url)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click(".shell-top button[name=theme][value=dark]")
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.click(".shell-top button[name=language][value=en]")
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "en"


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_blocked(page, live_server, office):
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    log_in(page, live_server, office)
    page.goto(live_server.url)
    page.goto(live_server.url + "/tin-tuc/")
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    assert errors == []
