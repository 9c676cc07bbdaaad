import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.cases import agree, open_slip, task_at
from tests.browser.test_accessible import barriers
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_look(visit, width):
    if width == 1280:
        UserFactory.create_batch(30)
    axe = Axe()
    page = visit("an.nv", width=width)
    page.goto("/me/away/")
    page.get_by_label("Lý do").fill("Đi công tác")
    page.get_by_label("Một phần họ tên").fill("the son")
    page.screenshot(path=f"/tmp/gaps/away-{width}-a.png", full_page=True)
    page.get_by_label("Một phần họ tên").press("Enter")
    page.wait_for_load_state("load")
    page.screenshot(path=f"/tmp/gaps/away-{width}-b.png", full_page=True)
    assert barriers(axe, page) == []
    expect(page.get_by_label("Lý do")).to_have_value("Đi công tác")
    page.get_by_label("Nguyễn Thế Sơn (son.nt)").check()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    d = open_slip("Báo cáo tháng")
    for step, person in (("opinion_finance", "bao.lg"), ("opinion_legal", "nhung.bth")):
        agree(d, step, person)
    page = visit("phuoc.dh", width=width, color_scheme="dark")
    page.goto(f"/tasks/{task_at(d, 'sign_chief')}/forward/")
    page.screenshot(path=f"/tmp/gaps/fwd-{width}-dark.png", full_page=True)
    assert barriers(axe, page) == []
    page = visit("huy.lq", width=width)
    page.goto("/admin/snippets/people/delegation/add/")
    page.screenshot(path=f"/tmp/gaps/admin-{width}.png", full_page=True)
    from home.meetings.models import Meeting

    page.goto(f"/meetings/{Meeting.objects.filter(office_wide=True).first().pk}/cancel/")
    page.screenshot(path=f"/tmp/gaps/cancel-{width}.png", full_page=True)
