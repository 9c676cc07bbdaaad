"""Step by step, with a draft that any device resumes, and sent once."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from home.forms.api import FormSchema, fill_in, freeze, keep_on_expiry, submit
from home.forms.draft_models import FormDraft
from home.forms.drafts import purge_form_drafts
from home.forms.files import DRAFT_LIFE
from home.forms.models import StoredFile, Submission
from tests.factories.forms import field, pdf

DEFINITION = {
    "sections": [
        {
            "title": "Thời gian",
            "fields": [field("days", "number", places=0, required=True), field("f", "file")],
        },
        {
            "title": "Lý do",
            "new_step": True,
            "show_if": {"rows": [{"field": "days", "op": "gt", "value": "5"}]},
            "fields": [field("reason", required=True)],
        },
        {
            "title": "Bàn giao",
            "new_step": True,
            "fields": [field("to", required=True, unique=True, default="Phòng TH")],
        },
    ]
}
SCHEMA = {"now": FormSchema.parse(DEFINITION)}
SHOWN = {}


@keep_on_expiry
def form_view(request):
    filling = fill_in(request, SCHEMA["now"], user=request.user, source="s")
    SHOWN["filling"] = filling
    if filling.response is not None:
        return filling.response
    if not filling.is_sent:
        return HttpResponse(
            "|".join(str(form_field) for s in filling.form.sections for form_field in s.fields)
        )
    answers, key = filling.form.answers(), filling.form.key
    sent = submit(
        freeze(SCHEMA["now"]), by=request.user, answers=answers, handler="counting", source="s", key=key
    )
    filling.discard()
    return HttpResponse(sent.result_url)


urlpatterns = [path("fill/", form_view), path("", include("settings.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.usefixtures("counting")]
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def schema_of_today():
    SCHEMA["now"] = FormSchema.parse(DEFINITION)


@pytest.fixture
def device(lan):
    def new():
        client = Client()
        client.force_login(lan)
        return client

    return new


def post(client, step, go, **data):
    return client.post("/fill/", {"_step": str(step), "_go": go, "_key": KEY, **data})


def shown():
    filling = SHOWN["filling"]
    return filling.step, [step.title for step in filling.steps], [m.href for m in filling.form.summary]


def test_steps_are_walked_and_those_that_ask_nothing_are_left_out(device):
    client = device()
    client.get("/fill/")
    assert shown() == (0, ["Thời gian", "Bàn giao"], [])
    assert post(client, 0, "next", days="").status_code == 200
    assert shown() == (0, ["Thời gian", "Bàn giao"], ["#id_days"])
    assert post(client, 0, "next", days="3", f=pdf())["Location"] == "/fill/?step=3"
    # What a later step begins with is there, until it has been asked.
    assert 'value="Phòng TH"' in client.get("/fill/?step=3").content.decode()
    assert shown()[0] == 2 and not SHOWN["filling"].is_resumed
    assert post(client, 2, "back", to="")["Location"] == "/fill/?step=1"
    assert "Phòng TH" not in client.get("/fill/?step=3").content.decode()
    page = client.get("/fill/?step=1").content.decode()
    assert 'value="3"' in page and str(StoredFile.objects.get().pk) in page
    kept = {"f-kept": str(StoredFile.objects.get().pk)}
    assert post(client, 0, "next", days="9", **kept)["Location"] == "/fill/?step=2"
    client.get("/fill/?step=2")
    assert shown() == (1, ["Thời gian", "Lý do", "Bàn giao"], [])
    # Sent too early: the summary leads to the step with the mistake, which is shown.
    assert post(client, 2, "send", to="Minh").status_code == 200
    assert shown()[0] == 1 and shown()[2] == ["#id_reason"]
    post(client, 1, "next", reason="Việc riêng")
    assert post(client, 2, "send", to="Minh").content == b"/result/%d/" % Submission.objects.get().pk
    answers = Submission.objects.get().answers
    assert (answers["days"], answers["reason"], answers["to"]) == (9, "Việc riêng", "Minh")
    assert answers["f"][0]["name"] == "tệp.pdf" and not FormDraft.objects.exists()


def test_a_double_click_at_the_end_sends_once_and_leads_to_the_result(device, counting):
    client = device()
    post(client, 0, "next", days="1")
    first = post(client, 2, "send", to="Minh")
    again = post(client, 2, "send", to="Minh")
    assert again["Location"] == first.content.decode() and Submission.objects.count() == 1


def test_an_answer_that_may_be_given_once_is_refused_to_the_next(device, minh):
    post(device(), 0, "next", days="1")
    post(device(), 2, "send", to="Minh")
    other = Client()
    other.force_login(minh)
    response = other.post("/fill/", {"days": "1", "to": "MINH", "_key": ""})
    assert response.status_code == 200 and list(SHOWN["filling"].form.errors) == ["to"]
    assert Submission.objects.count() == 1


def test_a_draft_is_resumed_on_another_device_with_what_was_wrong_in_it(device, minh):
    client = device()
    assert post(client, 0, "save", days="mấy ngày", f=pdf()).status_code == 302
    old = timezone.now() - DRAFT_LIFE
    StoredFile.objects.update(uploaded_at=old)
    told = client.post(
        "/fill/",
        {"_step": "0", "_go": "save", "_key": KEY, "days": "mấy", "f-kept": str(StoredFile.objects.get().pk)},
        headers={"Accept": "application/json"},
    )
    assert told.json()["hidden"] == ["reason"] and told.json()["saved"]
    assert StoredFile.objects.get().uploaded_at > old  # lives as long as the draft
    page = device().get("/fill/").content.decode()
    filling = SHOWN["filling"]
    assert 'value="mấy"' in page and str(StoredFile.objects.get().pk) in page
    assert filling.saved_at and filling.form.key == KEY and not filling.form.summary
    device().get("/fill/?step=1&check=1")
    assert shown()[2] == ["#id_days"]
    other = Client()
    other.force_login(minh)
    assert "mấy" not in other.get("/fill/").content.decode()
    assert post(client, 0, "discard").status_code == 302
    assert 'value="mấy"' not in client.get("/fill/").content.decode() and not FormDraft.objects.exists()


def test_looking_stores_nothing_and_tells_how_the_form_stands(device):
    client = device()
    told = client.post("/fill/", {"_go": "look", "_step": "0", "days": "9"})
    assert told.json() == {
        "hidden": [],
        "required": [],
        "closed": [],
        "without": {},
        "worked": {},
        "saved": "",
    }
    assert not FormDraft.objects.exists()


def test_a_form_that_changed_keeps_what_still_fits_and_says_what_is_gone(device):
    client = device()
    post(client, 0, "save", days="4", f=pdf())
    changed = json.loads(json.dumps(DEFINITION))
    changed["sections"][0]["fields"][0] = field("days", "text", label="Mấy ngày")
    SCHEMA["now"] = FormSchema.parse(changed)
    page = client.get("/fill/").content.decode()
    assert SHOWN["filling"].lost == ["Câu hỏi days"]
    assert 'value="4"' not in page and str(StoredFile.objects.get().pk) in page


def test_old_drafts_are_purged(device):
    post(device(), 0, "save", days="4")
    assert purge_form_drafts() == 0
    FormDraft.objects.update(saved_at=timezone.now() - DRAFT_LIFE - timezone.timedelta(hours=1))
    assert purge_form_drafts() == 1


def test_a_session_that_ends_on_a_later_step_loses_nothing(device, lan):
    client = device()
    post(client, 0, "next", days="9")
    client.get("/fill/?step=2")
    owner = SHOWN["filling"].form.owner_token
    client.logout()
    sent = client.post("/fill/", {"_step": "1", "_go": "next", "reason": "dài dòng", "_owner": owner})
    assert "next=/fill/" in sent["Location"]
    client.force_login(lan)
    assert "dài dòng" in client.get("/fill/").content.decode()
    assert shown()[0] == 1


@pytest.mark.parametrize(
    "data",
    [
        {"_step": "99", "_go": "next", "days": "1"},
        {"_step": "-1", "_go": "back"},
        {"_step": "²", "_go": "step-²"},
        {"_step": "0", "_go": "step-999", "days": "x" * 50_000},
        {"_step": "0", "_go": "nonsense\0"},
        {"_step": "0", "_go": "save", "days": "\0\u202e", "f-kept": "x", "f-remove": "\0"},
    ],
)
def test_forged_steps_and_buttons_are_no_error(device, data):
    client = device()
    assert client.post("/fill/", data).status_code in (200, 302)
    for query in ("?step=0", "?step=²", "?step=99999999", "?step=2&check=1"):
        assert client.get(f"/fill/{query}").status_code == 200
