"""Stars and comments on news: who may, how often, who approves, who is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.audit.api import entries_for
from home.notifications.api import Notification
from home.pages.commenting import NotTheirsError, decide_comment, delete_comment, give_star, write_comment
from home.pages.models import Comment, NewsIndexPage, Star
from home.pages.sections import open_section, set_part
from tests.factories.pages import make_home, make_news, make_news_index, make_notice
from tests.factories.people import DepartmentFactory, UserFactory, browser, make_member

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập"


def say(page, person, text="Rất hay", state="waiting"):
    """Store a comment as if it had been sent."""
    return Comment.objects.create(page=page, author=person, text=text, state=state, key=uuid4())


@pytest.fixture
def finance():
    make_home()
    make_news_index()
    return DepartmentFactory(name="Phòng Tài chính", code="TC")


@pytest.fixture
def reader():
    return make_member(DepartmentFactory(name="Phòng Văn hóa"))


@pytest.fixture
def section(finance):
    """Return the section of the department; its head approves."""
    head = make_member(finance, role="head")
    opened = open_section(finance, by=UserFactory(is_superuser=True))
    opened.head = head
    return opened


@pytest.fixture
def page(section, finance):
    """Return news of the section, written by one of its editors."""
    editor = make_member(finance)
    set_part(section, editor, "editor", by=section.head)
    return make_news(
        NewsIndexPage.objects.descendant_of(section.page).get(), title="Tin của phòng", owner=editor
    )


def rule(page, value):
    NewsIndexPage.objects.filter(pk=page.get_parent().pk).update(comment_rule=value)


def test_a_star_is_one_for_each_person_and_taken_back(page, reader):
    client, address = browser(reader), reverse("news_star", args=[page.pk])
    for _press in range(2):
        assert client.post(address, {"on": "1"}).url == reverse("news_talk", args=[page.pk])
    assert Star.objects.count() == 1
    answer = client.post(address, {"on": "0"}, headers={"HX-Request": "true"})
    assert 'id="talk"' in answer.content.decode() and not Star.objects.exists()
    hidden = make_news(title=SECRET, audience_departments=[page.department])
    assert client.post(reverse("news_star", args=[hidden.pk]), {"on": "1"}).status_code == 404
    with pytest.raises(NotTheirsError):
        give_star(hidden.pk, by=reader, on=True)
    assert not Star.objects.exists()


def test_a_comment_waits_and_its_author_is_told_when_it_is_approved(page, reader, section):
    client, talk = browser(reader), reverse("news_talk", args=[page.pk])
    key = str(uuid4())
    for _press in range(2):  # a double click
        sent = client.post(talk, {"text": "<b>Rất</b>\r\nhay\u202e", "key": key})
        assert sent.url == talk
    comment = Comment.objects.get()
    assert (comment.text, comment.state) == ("<b>Rất</b>\nhay", "waiting")
    shown = client.get(talk).content.decode()
    assert "&lt;b&gt;Rất&lt;/b&gt;<br>hay" in shown and "chờ duyệt" in shown
    other = browser(make_member(DepartmentFactory()))
    assert "Rất" not in other.get(talk).content.decode()
    told = Notification.objects.filter(kind="pages.comment_waiting")
    assert {row.recipient for row in told} == {page.owner, section.head}
    decide = reverse("comment_decide", args=[comment.pk])
    for stranger in (client, other):
        assert stranger.post(decide, {"show": "1"}).status_code == 404
        assert stranger.get(reverse("comment_list")).status_code == 404
    chief = browser(section.head)
    assert "Rất" in chief.get(reverse("comment_list")).content.decode()
    for _press in range(2):
        assert chief.post(decide, {"show": "1", "back": "list"}).url == reverse("comment_list")
    assert "Rất" in other.get(talk).content.decode()
    assert "Rất" in other.post(reverse("news_visit", args=[page.pk])).content.decode()
    [told] = Notification.objects.filter(recipient=reader)
    assert (told.kind, told.url) == ("pages.comment_shown", f"{talk}#comment-{comment.pk}")
    browser(page.owner).post(decide, {"show": "0"})  # editors look after what they wrote
    assert "Rất" not in other.get(talk).content.decode()
    assert [entry.verb for entry in entries_for(f"page:{page.pk}")][-2:] in (
        ["comment.approved", "comment.hidden"],
        ["comment.hidden", "comment.approved"],
    )


def test_what_the_section_and_the_editor_chose_holds(page, reader, section):
    client, talk = browser(reader), reverse("news_talk", args=[page.pk])

    def send(text="Hay"):
        return client.post(talk, {"text": text, "key": uuid4()})

    rule(page, "at_once")
    assert send().status_code == 302
    assert Comment.objects.get().state == "shown"
    assert Notification.objects.get(kind="pages.comment").recipient == page.owner
    page.discussion = "closed"
    page.save()
    refused = send("Giữ lại câu này")
    assert refused.status_code == 422 and "Bình luận của tin này đã đóng" in refused.content.decode()
    rule(page, "off")
    assert send().status_code == 422
    shown = client.get(talk).content.decode()
    assert "Hay" not in shown and "Hữu ích" in shown
    assert Comment.objects.count() == 1


def test_what_is_too_long_too_much_or_empty_is_refused_and_kept(page, reader):
    client, talk = browser(reader), reverse("news_talk", args=[page.pk])
    rule(page, "at_once")
    for text in ("", "\u200b \u202e", "đ" * 2001):
        answer = client.post(talk, {"text": text, "key": uuid4()})
        assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode(), text[:5]
    assert client.post(talk, {"text": "Hay", "key": "x"}).status_code == 302  # a broken key costs nothing
    for _more in range(4):
        write_comment(page.pk, by=reader, text="Hay", key=uuid4())
    answer = client.post(talk, {"text": "Câu thứ sáu", "key": uuid4()})
    assert answer.status_code == 422 and "Câu thứ sáu" in answer.content.decode()
    Comment.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert client.post(talk, {"text": "Câu thứ sáu", "key": uuid4()}).status_code == 302
    assert Comment.objects.count() == 6


def test_only_the_author_deletes_and_strangers_learn_nothing(page, reader, finance):
    mine = say(page, reader)
    hidden = make_news(title=SECRET, audience_departments=[finance])
    inside = say(hidden, make_member(finance), state="shown")
    client = browser(reader)
    with pytest.raises(NotTheirsError):
        delete_comment(inside.pk, by=reader)
    with pytest.raises(NotTheirsError):
        decide_comment(inside.pk, by=reader, show=False)
    with pytest.raises(NotTheirsError):
        write_comment(hidden.pk, by=reader, text="Hay", key=uuid4())
    for name, key in (
        ("news_talk", hidden.pk),
        ("comment_delete", inside.pk),
        ("comment_decide", inside.pk),
    ):
        address = reverse(name, args=[key])
        assert client.post(address, {"text": "x", "key": uuid4(), "show": "0"}).status_code == 404
    assert client.get(reverse("news_talk", args=[hidden.pk])).status_code == 404
    assert browser(make_member(finance)).get(reverse("news_talk", args=[hidden.pk])).status_code == 200
    assert client.post(reverse("comment_delete", args=[mine.pk])).status_code == 302
    assert list(Comment.objects.all()) == [inside]
    assert [entry.verb for entry in entries_for(f"page:{page.pk}")] == ["comment.deleted"]


def test_official_notices_have_neither_stars_nor_comments(reader):
    notice = make_notice()
    client = browser(reader)
    assert "hx-post" not in client.get(notice.url).content.decode()
    for name in ("news_star", "news_talk", "news_visit"):
        assert client.post(reverse(name, args=[notice.pk]), {"on": "1"}).status_code == 404


def test_what_is_in_the_archive_can_be_read_and_nothing_more(page, reader):
    say(page, reader, state="shown", text="Ngày trước")
    page.expired, page.live = True, False
    page.save()
    client, talk = browser(reader), reverse("news_talk", args=[page.pk])
    assert "Ngày trước" in client.get(talk).content.decode()
    assert client.post(talk, {"text": "Hay", "key": uuid4()}).status_code == 404
    assert client.post(reverse("news_star", args=[page.pk]), {"on": "1"}).status_code == 404


def test_a_comment_survives_the_end_of_the_session(page, reader):
    from home.forms.api import owner_token

    client, talk = Client(), reverse("news_talk", args=[page.pk])
    data = {"text": "Viết dở", "key": uuid4(), "_owner": owner_token(reader)}
    assert client.post(talk, data).status_code == 302
    client.force_login(reader)
    assert "Viết dở" in client.get(talk).content.decode()
    assert not Comment.objects.exists()


def test_a_section_without_a_rule_says_no(page, reader):
    rule(page, "")
    with pytest.raises(ValidationError):
        write_comment(page.pk, by=reader, text="Hay", key=uuid4())
