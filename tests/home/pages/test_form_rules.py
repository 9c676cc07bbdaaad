"""What a form page can be told to do: limits, changes, anonymity, thanks and mail, handlers."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from home.audit.api import Entry
from home.forms.api import AnswerSet, StoredFile, Submission, fill, fill_html
from home.forms.letters import MAX_ATTEMPTS, post_due
from home.forms.models import Letter
from home.notifications.api import Notification
from tests.factories.forms import field, make_form_page, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return get_user_model().objects.create_user(
        "lan", "lan@example.vn", last_name="Nguyễn", first_name="<Lan>"
    )


@pytest.fixture
def logged_in(client, lan):
    client.force_login(lan)
    return client


def address(page):
    return reverse("form_page", args=[page.pk])


def handling(code, **options):
    return json.dumps([{"type": code, "value": options, "id": str(uuid.uuid4())}])


# --- how often --------------------------------------------------------------------------------------------------


def test_a_full_form_says_so_and_keeps_what_was_typed(logged_in):
    page = make_form_page(quota=1)
    assert logged_in.post(address(page), {"a": "x"}).status_code == 302
    shown = logged_in.get(page.url).content.decode()
    assert '<form class="card"' not in shown and "đã nhận đủ" in shown
    late = logged_in.post(address(page), {"a": "viết sẵn"})
    assert late.status_code == 409 and "viết sẵn" in late.content.decode()
    assert Submission.objects.count() == 1


def test_who_has_answered_once_is_led_to_their_answer(logged_in):
    page, key = make_form_page(once=True), str(uuid.uuid4())
    first = logged_in.post(address(page), {"a": "x", "_key": key})
    assert logged_in.post(address(page), {"a": "x", "_key": key})["Location"] == first["Location"]
    shown = logged_in.get(page.url).content.decode()
    assert reverse("submission", args=[Submission.objects.get().pk]) in shown
    assert '<form class="card"' not in shown
    assert logged_in.post(address(page), {"a": "y"}).status_code == 409


# --- changing ---------------------------------------------------------------------------------------------------


def test_an_answer_is_changed_until_the_form_closes(
    logged_in, lan, client, django_capture_on_commit_callbacks
):
    now = timezone.now()
    page = make_form_page(
        field(required=True), field("f", "file"), changeable=True, closes_at=now + timedelta(hours=1)
    )
    logged_in.post(address(page), {"a": "cũ", "f": pdf("cũ.pdf")})
    found = Submission.objects.get()
    old = StoredFile.objects.get()
    change = reverse("form_change", args=[page.pk, found.pk])
    form = logged_in.get(change).context["form"]
    assert form.initial["a"] == "cũ" and "cũ.pdf" in str(form["f"])
    assert logged_in.post(change, {"a": "", "_seen": "0"}).status_code == 200
    data = {"a": "mới", "_seen": "0", "f-kept": [str(old.pk)], "f-remove": [str(old.pk)]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = logged_in.post(change, {**data, "f": pdf("mới.pdf")})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.answers["a"], found.answers["f"][0]["name"], found.edits) == ("mới", "mới.pdf", 1)
    assert [stored.name for stored in StoredFile.objects.all()] == ["mới.pdf"]
    assert not old.file.storage.exists(old.file.name)
    entry = Entry.objects.get(verb="answer.changed")
    assert entry.data["questions"] == ["a", "f"] and "mới" not in str(entry.data)
    # from another window that shows the old state; and the same once more
    kept = {"f-kept": [found.answers["f"][0]["id"]]}
    assert logged_in.post(change, {"a": "khác", "_seen": "0", **kept}).status_code == 409
    assert logged_in.post(change, {"a": "mới", "_seen": "0", **kept}).status_code == 302
    with time_machine.travel(now + timedelta(hours=2)):
        client.force_login(lan)
        assert client.post(change, {"a": "muộn", "_seen": "1", **kept}).status_code == 409
    found.refresh_from_db()
    assert found.answers["a"] == "mới" and found.edits == 1


def test_only_the_giver_changes_an_answer_and_only_where_the_form_allows_it(logged_in, client):
    page, fixed = make_form_page(changeable=True), make_form_page(title="Khác")
    for one in (page, fixed):
        logged_in.post(address(one), {"a": "x"})
    mine = {one.source: one for one in Submission.objects.all()}
    assert logged_in.get(reverse("form_change", args=[fixed.pk, mine[fixed.source].pk])).status_code == 404
    assert logged_in.get(reverse("form_change", args=[page.pk, mine[fixed.source].pk])).status_code == 404
    client.force_login(get_user_model().objects.create_user("minh"))
    change = reverse("form_change", args=[page.pk, mine[page.source].pk])
    for method in (client.get, client.post):
        assert method(change, {"a": "trộm", "_seen": "0"}).status_code == 404
    assert Submission.objects.filter(answers__a="trộm").count() == 0


# --- anonymous --------------------------------------------------------------------------------------------------


def test_an_anonymous_answer_leads_to_thanks_that_name_no_answer(logged_in, lan):
    page = make_form_page(anonymous=True, once=True, thanks="<p>Cảm ơn đã trả lời {form}</p>")
    assert "ẩn danh" in logged_in.get(page.url).content.decode()
    data = {"a": "bí mật", "_key": str(uuid.uuid4())}
    first, again = logged_in.post(address(page), data), logged_in.post(address(page), data)
    sent = reverse("form_sent_anonymous", args=[page.pk])
    assert first["Location"] == again["Location"] == sent
    assert "Cảm ơn đã trả lời Đăng ký" in logged_in.get(sent).content.decode()
    found = Submission.objects.get()
    assert found.by is None
    assert logged_in.get(reverse("submission", args=[found.pk])).status_code == 404
    assert logged_in.post(address(page), {"a": "nữa"}).status_code == 409
    assert not Entry.objects.exists() and not Notification.objects.exists() and not Letter.objects.exists()
    named = make_form_page(title="Có tên")
    assert logged_in.get(reverse("form_sent_anonymous", args=[named.pk])).status_code == 404


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"anonymous": True, "changeable": True}, {"changeable"}),
        ({"anonymous": True, "confirm_by_mail": True, "mail_body": "x"}, {"confirm_by_mail"}),
        ({"anonymous": True, "tell_readers": "notice"}, {"tell_readers"}),
        ({"anonymous": True, "thanks": "<p>{name}</p>"}, {"thanks"}),
        (
            {
                "anonymous": True,
                "changeable": True,
                "handling": handling("mail", addresses="a@b.vn", subject="x", body=""),
            },
            {"anonymous", "changeable"},
        ),
        (
            {"handling": handling("mail", addresses="a@b.vn khong-phai", subject="{lạ}", body="")},
            {"handling"},
        ),
        ({"handling": handling("dossier", type="khong-co", pairs=[])}, {"handling"}),
        ({"thanks": "<p>{Câu hỏi a} {câu HỎI A} {lạ}</p>"}, {"thanks"}),
        ({"confirm_by_mail": True}, {"mail_body"}),
        ({"anonymous": True, "once": True, "quota": 5}, set()),
    ],
)
def test_what_cannot_go_together_is_refused_beside_its_field(values, fields):
    page = make_form_page()
    for name, value in values.items():
        setattr(page, name, value)
    try:
        page.clean()
    except ValidationError as error:
        assert set(error.message_dict) == fields
    else:
        assert not fields


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_words_in_braces_are_replaced_once_and_never_run():
    values = {"name": "{form} <b>&", "form": "F"}
    assert fill("{name} {form} {lạ} {{form}}", values) == "{form} <b>& F {lạ} {F}"
    rich = fill_html('<p title="{form}">{name}&amp;{ form }</p>', values)
    assert rich == '<p title="{form}">{form} &lt;b&gt;&amp;&amp;F</p>'
    assert fill("{name.__class__} {0} %(name)s {{ name }}", values).startswith(
        "{name.__class__} {0} %(name)s"
    )


def test_thanks_and_mail_hold_what_was_answered(logged_in, lan, django_capture_on_commit_callbacks):
    page = make_form_page(
        field(label="Biển số xe"),
        thanks="<p>{name}: {biển số xe}</p>",
        confirm_by_mail=True,
        mail_subject="Đã nhận {form}",
        mail_body="Chào {name},\n{answers}\n{link}",
    )
    with django_capture_on_commit_callbacks(execute=True):
        sent = logged_in.post(address(page), {"a": "<script>{form}"})
    content = logged_in.get(sent["Location"]).content.decode()
    assert "&lt;script&gt;{form}" in content and "&lt;Lan&gt;" in content and "<script>{" not in content
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["lan@example.vn"], "Đã nhận Đăng ký")
    link = reverse("submission", args=[Submission.objects.get().pk])
    assert "Biển số xe: <script>{form}" in letter.body and link in letter.body
    assert not Letter.objects.exists()


@pytest.mark.parametrize("telling", ["notice", "content"])
def test_readers_are_told_with_or_without_the_answer(logged_in, telling, django_capture_on_commit_callbacks):
    reader = get_user_model().objects.create_user("doc", "doc@example.vn", last_name="Đọc")
    page = make_form_page(tell_readers=telling)
    page.readers.set([reader])
    page.save()
    with django_capture_on_commit_callbacks(execute=True):
        logged_in.post(address(page), {"a": "nội dung riêng"})
    bells = list(Notification.objects.filter(kind="forms.answered"))
    [letter] = mail.outbox
    assert letter.to == ["doc@example.vn"]
    assert ("nội dung riêng" in letter.body) == (telling == "content")
    assert [bell.recipient for bell in bells] == ([reader] if telling == "notice" else [])
    assert "nội dung riêng" not in str([bell.params for bell in bells])


def test_each_answer_is_mailed_and_waits_while_the_server_is_down(
    logged_in, monkeypatch, django_capture_on_commit_callbacks
):
    options = {
        "addresses": "vanthu@example.vn\nphong@example.vn",
        "subject": "{form} \r\nBcc: x@y.vn",
        "body": "{answers}",
    }
    page = make_form_page(handling=handling("mail", **options))
    page.clean()
    monkeypatch.setattr("home.forms.letters.EmailMessage.send", lambda _mail: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        logged_in.post(address(page), {"a": "x"})
    assert Submission.objects.get().handler == "mail"
    waiting = list(Letter.objects.all())
    assert [letter.attempts for letter in waiting] == [1, 1] and "ZeroDivisionError" in waiting[0].last_error
    assert post_due() == 0  # not due again yet
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert post_due() == 2
    assert {letter.to[0] for letter in mail.outbox} == {"vanthu@example.vn", "phong@example.vn"}
    assert "\n" not in mail.outbox[0].subject and mail.outbox[0].subject.startswith("Đăng ký")
    Letter.objects.create(
        submission=Submission.objects.get(), address="a@b.vn", subject="x", body="x", attempts=MAX_ATTEMPTS
    )
    assert post_due() == 0


# --- the archive ------------------------------------------------------------------------------------------------


def test_answers_of_a_page_that_goes_with_its_parent_are_archived(logged_in, lan):
    from tests.factories.pages import make_page

    parent = make_page(title="Mục")
    page = make_form_page(owner=lan, retention_months=7)
    page.move(parent, pos="last-child")
    logged_in.post(address(page), {"a": "còn đây"})
    parent.refresh_from_db()
    parent.delete()
    found = AnswerSet.objects.get()
    assert found.archived_at and found.retention_months == 7
    listed = reverse("answer_sets")
    assert "Đăng ký" not in logged_in.get(listed).content.decode().split("<main")[1].split("nav-tabs")[0]
    archive = logged_in.get(f"{listed}?archived").content.decode()
    assert reverse("answer_list", args=[found.pk]) in archive
    assert "còn đây" in logged_in.get(reverse("answer_list", args=[found.pk])).content.decode()
