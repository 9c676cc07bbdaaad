"""The wizard of the first run: who may use it, what it keeps, and that it opens the office once or not at all."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from home.audit.api import Entry
from home.office.api import Office
from home.pages.models import HomePage, NewsIndexPage
from home.people.api import Department, User
from home.setup import opening
from home.setup.demo import demo_names, remove_demo
from home.setup.door import current_token
from home.setup.models import SetupDraft
from home.setup.opening import OpeningError, open_office
from tests.factories.people import UserFactory
from tests.home.office.test_office import picture

pytestmark = pytest.mark.django_db

HEAD = "Tên đăng nhập,Họ và tên đệm,Tên,Thư điện tử\n"
PERSON = {"last_name": "Lê Thị", "first_name": "Quản", "username": "quan.lt", "email": "quan.lt@xa.example"}
SECRET = "Mot-mat-khau-dai-2026"
STEPS = ("office", "looks", "people", "administrator", "extras", "review")


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("nhan-su.csv", (HEAD + text).encode(), "text/csv")


@pytest.fixture
def browser(client) -> Client:
    """Give a browser that has used the token."""
    answer = client.post("/setup/", {"token": current_token()})
    assert answer.status_code == 302
    return client


def answer_all(browser: Client, **changed: Any) -> None:
    sent = {
        "office": {"name": "UBND xã Sao Băng", "name_en": "Sao Bang", "language": "vi"},
        "looks": {"colour": "#a61c28", "logo": picture()},
        "people": {"file": csv("an.nv,Nguyễn Văn,An,an.nv@xa.example\n")},
        "administrator": {**PERSON, "password": SECRET, "again": SECRET},
        "extras": {},
        **changed,
    }
    for step in STEPS[:-1]:
        answer = browser.post(f"/setup/{step}/", sent[step])
        assert answer.status_code == 302, (step, answer.context and answer.context["form"].errors)


def test_only_who_reads_the_console_gets_in(client):
    out = StringIO()
    call_command("setup_token", stdout=out)
    token = out.getvalue().split()[-1]
    assert client.get("/login/").url == "/setup/"
    stranger = Client()
    for address in [f"/setup/{step}/" for step in STEPS]:
        assert stranger.get(address).url == "/setup/"
        assert stranger.post(address, {"name": "x", "language": "vi"}).url == "/setup/"
    assert stranger.get("/setup/logo.png").status_code == 404
    assert stranger.get("/setup/nhan-su.xlsx").status_code == 404
    for wrong in ("", "x", "0" * 40, "\0", "đ" * 5000):
        assert stranger.post("/setup/", {"token": wrong}).status_code == 403
    assert client.post("/setup/", {"token": f" {token.upper()}\n"}).url == "/setup/"
    assert client.get("/setup/").url == "/setup/office/"
    assert client.get("/setup/nhan-su.xlsx").status_code == 200
    # A token opens once, and the next one takes the wizard over.
    assert stranger.post("/setup/", {"token": token}).status_code == 403
    assert stranger.post("/setup/", {"token": current_token()}).status_code == 302
    assert client.post("/setup/office/", {"name": "x", "language": "vi"}).url == "/setup/"
    assert not User.objects.exists()
    assert SetupDraft.objects.get().answers == {}


def test_it_is_gone_as_soon_as_anybody_is_there(browser):
    answer_all(browser)
    UserFactory()
    for client in (browser, Client()):
        for address in [
            "/setup/",
            "/setup/logo.png",
            "/setup/nhan-su.xlsx",
            *(f"/setup/{s}/" for s in STEPS),
        ]:
            assert client.get(address).status_code == 404, address
            assert client.post(address, {}).status_code in (404, 405), address
    assert Client().get("/login/").status_code == 200
    with pytest.raises(CommandError):
        call_command("setup_token")
    call_command("setup_token", "--if-needed")
    assert not Office.objects.exists()


def test_wrong_answers_stay_on_their_step_and_nothing_is_lost(browser):
    assert browser.get("/setup/extras/").url == "/setup/office/"
    assert browser.post("/setup/office/", {"name": "", "language": "fr"}).status_code == 422
    browser.post("/setup/office/", {"name": "Sở Mẫu", "language": "vi"})
    svg = SimpleUploadedFile("logo.svg", b"<svg><script>1</script></svg>", "image/svg+xml")
    answer = browser.post("/setup/looks/", {"colour": "#ffd24d", "logo": svg})
    assert set(answer.context["form"].errors) == {"colour", "logo"}
    browser.post("/setup/looks/", {"colour": "#1d5aa8"})
    bad = browser.post(
        "/setup/people/", {"file": csv("tot.nv,Lê,Tốt,tot@xa.example\nsai ten,Trần,Sai,khong\n")}
    )
    assert bad.status_code == 422
    assert {problem.row for problem in bad.context["problems"]} == {3}
    assert browser.post("/setup/people/", {}).status_code == 422
    assert browser.post("/setup/people/", {"skip": "1"}).url == "/setup/administrator/"
    weak = browser.post("/setup/administrator/", {**PERSON, "password": "quan.lt", "again": "khac"})
    assert set(weak.context["form"].errors) == {"password", "again"}
    assert browser.get("/setup/office/").context["form"].initial["name"] == "Sở Mẫu"
    assert not User.objects.exists()


def test_all_of_it_comes_true_at_once(browser, django_capture_on_commit_callbacks):
    answer_all(browser)
    assert browser.get("/setup/logo.png").status_code == 200
    # Back, and on without typing the password again.
    assert browser.post("/setup/administrator/", {**PERSON, "first_name": "Quân"}).status_code == 302
    draft = SetupDraft.objects.get()
    assert SECRET not in str(draft.answers)
    assert "UBND xã Sao Băng" in browser.get("/setup/review/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post("/setup/review/").url == "/"
    person = User.objects.get(username="quan.lt")
    assert (person.first_name, person.is_superuser, person.check_password(SECRET)) == ("Quân", True, True)
    assert set(User.objects.values_list("username", flat=True)) == {"quan.lt", "an.nv"}
    office = Office.objects.get()
    assert (office.name, office.colour, bool(office.logo)) == ("UBND xã Sao Băng", "#a61c28", True)
    assert HomePage.objects.get().title == "Trang chủ"
    assert NewsIndexPage.objects.get().slug == "tin-tuc"
    assert Entry.objects.get(verb="office.set_up").by == person
    assert not SetupDraft.objects.exists()
    assert not draft.people.storage.exists(draft.people.name)
    page = browser.get("/")
    assert page.status_code == 200
    assert "Quân" in page.content.decode()
    assert browser.post("/setup/review/").status_code == 404


def test_a_failure_leaves_an_empty_office_and_a_second_press_does_nothing(browser, monkeypatch):
    answer_all(browser, office={"name": "Office", "name_en": "", "language": "en"})
    draft = SetupDraft.objects.get()

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise OpeningError("people", "Hỏng rồi")

    with monkeypatch.context() as patch:
        patch.setattr("home.setup.opening.record", broken)
        answer = browser.post("/setup/review/", follow=True)
        assert "Hỏng rồi" in answer.content.decode()
    assert not (User.objects.exists() or Office.objects.exists() or HomePage.objects.exists())
    open_office(draft)
    assert User.objects.get(username="an.nv").language == "en"
    assert browser.post("/setup/review/").status_code == 404
    assert User.objects.filter(is_superuser=True).count() == 1


def test_what_does_not_fit_the_office_is_told_before_it_is_opened(browser, settings):
    answer_all(browser)
    answer = browser.post("/setup/extras/", {"plugins": ["leave"]})
    assert answer.status_code == 422
    assert "Nghỉ phép" in answer.content.decode()
    assert browser.post("/setup/extras/", {"plugins": ["no-such"]}).status_code == 422
    # The invented office never takes codes that are ours: an.nv stands in it too.
    answer = browser.post("/setup/extras/", {"demo": "on"})
    assert answer.status_code == 422
    assert "an.nv" in answer.content.decode()
    assert not (User.objects.exists() or Department.objects.exists())


def test_an_invented_office_and_plugins_come_along_when_chosen(browser, settings, tmp_path, monkeypatch):
    """What is loaded as a demo is known as one, and its own pages stand beside those of the office."""
    for name, text in (
        ("demo/profile.yaml", "{title: Thử, version: 1, demo: true}"),
        ("demo/people.yaml", "departments: [{code: A, name: Phòng A}]"),
        ("demo/pages.yaml", "news: [{slug: tin-thu, title: Tin thử}]"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    settings.PROFILE_DIRS = [*settings.PROFILE_DIRS, tmp_path]
    answer_all(browser, extras={"demo": "on"}, people={"skip": "1"})
    loaded: list[str] = []
    real = opening._load

    def load(name: str, **options: Any) -> None:
        loaded.append(name)
        real(name, **options)

    monkeypatch.setattr(opening, "_load", load)
    assert browser.post("/setup/review/").url == "/"
    assert loaded == ["office-vi", "demo"]
    assert Department.objects.get().code == "A"
    assert demo_names() == ["demo"]
    remove_demo("demo", by=User.objects.get(is_superuser=True))
    assert not Department.objects.exists()
    assert HomePage.objects.exists()
