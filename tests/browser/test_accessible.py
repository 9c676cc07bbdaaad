"""No page has a serious barrier: light and dark, on a desk and on a phone; nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PageReplacedError

from home.meetings.models import CalendarFeed, Meeting
from home.pages.models import FeedKey, NewsPage, NoticePage
from home.people.api import User, department_of
from tests.browser.cases import agree, open_slip, person, task_at
from workflows.dossiers.api import follow, write_remark

pytestmark = pytest.mark.django_db(transaction=True)

#: Who looks at it: an address, or a function that finds one.
PAGES: dict[str, tuple[str, str | Callable[[], str]]] = {
    "login": ("", "/login/"),
    "password-reset": ("", "/password-reset/"),
    "home": ("phuoc.dh", "/"),
    "inbox": ("phuoc.dh", "/inbox/"),
    "to-claim": ("bao.lg", "/inbox/?tab=claim"),
    "inbox-filters": ("phuoc.dh", "/inbox/?filters=1&q=ke+hoach"),
    "followed": ("bao.lg", "/inbox/?tab=follow"),
    "done": ("bao.lg", "/inbox/?tab=done"),
    "dispatch": ("huy.lq", "/dispatch/"),
    "task": ("phuoc.dh", lambda: f"/tasks/{_signing()}/"),
    "dossier": ("an.nv", lambda: f"/dossiers/{_dossier().pk}/"),
    "task-with-remarks": ("bao.lg", lambda: f"/tasks/{_waiting()}/"),
    "print": ("an.nv", lambda: f"/dossiers/{_dossier().pk}/print/"),
    "export": ("an.nv", lambda: f"/dossiers/{_dossier().pk}/export/"),
    "reports": ("huy.lq", "/reports/"),
    "report-list": ("huy.lq", "/reports/list/?cell=open"),
    "report-steps": ("phuoc.dh", "/reports/list/?cell=waiting"),
    "start": ("an.nv", "/dossiers/new/"),
    "new-dossier": ("an.nv", "/dossiers/new/trinh-ky/"),
    "dossiers": ("an.nv", "/dossiers/"),
    "news": ("an.nv", "/tin-tuc/"),
    "article": ("an.nv", lambda: NewsPage.objects.filter(audience="everyone").first().url),
    "article-comments": (
        "huy.lq",
        lambda: f"/news/{NewsPage.objects.get(slug='van-hanh-cong-so-dien-tu').pk}/talk/",
    ),
    "news-feeds": ("an.nv", lambda: _feeds("an.nv")),
    "notices": ("an.nv", "/thong-bao/"),
    "notice": ("an.nv", lambda: NoticePage.objects.filter(audience="everyone").first().url),
    "form": ("an.nv", "/dang-ky-tap-huan/"),
    "week": ("an.nv", "/meetings/"),
    "meeting": ("phuoc.dh", lambda: f"/meetings/{Meeting.objects.filter(office_wide=True).first().pk}/"),
    "new-meeting": ("son.nt", "/meetings/new/"),
    "cancel-meeting": (
        "huy.lq",
        lambda: f"/meetings/{Meeting.objects.filter(office_wide=True).first().pk}/cancel/",
    ),
    "subscribe": ("an.nv", lambda: _subscribed("an.nv")),
    "withdraw": ("an.nv", lambda: f"/dossiers/{_dossier().pk}/withdraw/"),
    "forward": ("phuoc.dh", lambda: f"/tasks/{_signing()}/forward/"),
    "people": ("an.nv", "/people/"),
    "department": (
        "an.nv",
        lambda: f"/departments/{department_of(User.objects.get(username='an.nv')).code}/",
    ),
    "person": ("an.nv", lambda: f"/people/{User.objects.get(username='ha.ltm').pk}/"),
    "chart": ("an.nv", "/people/chart/"),
    "working-groups": ("an.nv", "/working-groups/"),
    "working-group": ("an.nv", "/working-groups/cai-cach-hanh-chinh/"),
    "arrange-home": ("an.nv", "/my-page/arrange/"),
    "my-links": ("an.nv", "/my-page/links/"),
    "notifications": ("an.nv", "/notifications/"),
    "preferences": ("an.nv", "/notifications/preferences/"),
    "search": ("an.nv", "/search/?q=cong+tac"),
    "profile": ("an.nv", "/me/"),
    "away": ("an.nv", "/me/away/"),
    "nothing-here": ("an.nv", "/khong-co/"),
}
_CASE: dict[str, Any] = {}


def _dossier() -> Any:
    return _CASE["dossier"]


def _signing() -> int:
    return task_at(_dossier(), "sign_chief")


def _feeds(username: str) -> str:
    FeedKey.objects.get_or_create(user=User.objects.get(username=username))
    return "/news/feeds/"


def _subscribed(username: str) -> str:
    """Return the page of a calendar that is switched on, with the button that ends it."""
    CalendarFeed.objects.get_or_create(user=User.objects.get(username=username))
    return "/meetings/calendar/"


def _dossier_to_sign() -> Any:
    _CASE["dossier"] = open_slip("Kế hoạch công tác năm sau")
    return _CASE["dossier"]


def _waiting() -> int:
    return task_at(_CASE["waiting"], "opinion_finance")


@pytest.fixture(scope="module", autouse=True)
def _a_dossier_to_sign(site: Any) -> None:
    """Carry one dossier to the chief of office; another stays with the units."""
    _CASE["waiting"] = open_slip("Báo cáo tháng")
    for dossier in (_CASE["waiting"], _dossier_to_sign()):
        write_remark(dossier.pk, by=person("bao.lg"), text="@nhung.bth xem giúp.", audience="staff")
        write_remark(dossier.pk, by=person("bao.lg"), text="Đã đủ tệp.", audience="all")
        follow(dossier.pk, by=person("bao.lg"))
    for step, officer in (("opinion_finance", "bao.lg"), ("opinion_legal", "nhung.bth")):
        agree(_dossier(), step, officer)


@pytest.fixture(scope="module")
def axe() -> Axe:
    """Give the checker, read once."""
    return Axe()


def barriers(axe: Axe, page: Any) -> list[str]:
    """Return what hinders people, each with the first places."""
    found = _examined(axe, page)
    return [
        f"{rule['id']} ({rule['impact']}): " + "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        for rule in found.response["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]


def _examined(axe: Axe, page: Any, tries: int = 3) -> Any:
    """Examine the page once it stands; a click may still be replacing it under the checker's hands."""
    page.wait_for_load_state("load")
    try:
        return axe.run(page, options={"resultTypes": ["violations"], "rules": {"region": {"enabled": True}}})
    except PageReplacedError:
        if tries == 1:
            raise
    return _examined(axe, page, tries - 1)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out(visit: Callable[..., Any], axe: Axe, name: str) -> None:
    username, address = PAGES[name]
    path = address() if callable(address) else address
    page = visit(username)
    found = {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(path)
            found[width, scheme] = barriers(axe, page)
        found[width, "overflow"] = page.evaluate("document.scrollingElement.scrollWidth") > width
    assert {key: value for key, value in found.items() if value} == {}
