"""Answers go when their time is over, and stay when their form is deleted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from home.audit.api import Entry
from home.forms.api import AnswerSet, StoredFile, Submission
from home.forms.models import Letter, Receipts
from home.forms.retention import months_before
from plugins.api.api import jobs
from tests.factories.forms import StoredFileFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_months_are_those_of_the_calendar():
    def before(*day, months):
        return months_before(datetime(*day, tzinfo=UTC), months).date().isoformat()

    assert before(2026, 3, 31, months=1) == "2026-02-28"
    assert before(2026, 1, 15, months=13) == "2024-12-15"
    assert before(2024, 2, 29, months=12) == "2023-02-28"


def test_the_scheduler_deletes_old_answers_with_their_files(lan, django_capture_on_commit_callbacks):
    kept_set = AnswerSet.objects.create(source="page:1", title="Giữ")
    AnswerSet.objects.create(source="page:2", title="Xóa", retention_months=6)
    kept = SubmissionFactory(by=lan, source=kept_set.source)
    old, young = SubmissionFactory(by=lan, source="page:2"), SubmissionFactory(by=lan, source="page:2")
    long_ago = timezone.now() - timedelta(days=200)
    Submission.objects.filter(pk__in=[old.pk, kept.pk]).update(at=long_ago)
    stored = StoredFileFactory(holder_kind="submission", holder_id=str(old.pk))
    Letter.objects.create(submission=old, address="a@b.vn", subject="x", body="bí mật")
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            jobs.get("forms.retire").run()
    assert set(Submission.objects.all()) == {kept, young}
    assert not StoredFile.objects.exists() and not Letter.objects.exists()
    assert not stored.file.storage.exists(stored.file.name)
    entry = Entry.objects.get()
    assert (entry.verb, entry.data["answers"], entry.data["files"]) == ("answers.retired", 1, 1)


def test_what_a_dossier_refers_to_is_emptied_and_found_no_more(lan):
    from tests.factories.flows import make_office, open_for

    office = make_office()
    AnswerSet.objects.create(source="page:1", title="T", retention_months=1)
    answers = [SubmissionFactory(by=office.ann, answers={"a": "bí mật"}, words="bi mat") for _ in range(2)]
    dossier = open_for(office, office.publish(), by=office.ann)
    dossier.submission = answers[0]
    dossier.save(update_fields=["submission"])
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        jobs.get("forms.retire").run()
        jobs.get("forms.retire").run()
    left = Submission.objects.get(source="page:1")
    assert left == answers[0] and left.answers == {} and left.words == ""
    assert not Submission.objects.visible_to(office.ann).filter(pk=left.pk).exists()
    assert Entry.objects.filter(verb="answers.retired").count() == 1


@pytest.fixture
def archived(minh):
    found = AnswerSet.objects.create(source="page:1", title="Khảo sát cũ", archived_at=timezone.now())
    found.readers.add(minh)
    Receipts.objects.create(source="page:1", marks=["x"])
    answer = SubmissionFactory(source="page:1")
    StoredFileFactory(holder_kind="submission", holder_id=str(answer.pk))
    return found


def test_the_archive_is_purged_only_by_those_who_may_and_who_type_its_title(client, minh, lan, archived):
    address = reverse("answers_purge", args=[archived.pk])
    client.force_login(minh)
    assert client.post(address, {"title": "Khảo sát cũ"}).status_code == 404
    minh.user_permissions.add(Permission.objects.get(codename="delete_submission"))
    lan.user_permissions.add(Permission.objects.get(codename="delete_submission"))
    client.force_login(lan)  # may delete, but does not read these
    assert client.post(address, {"title": "Khảo sát cũ"}).status_code == 404
    client.force_login(minh)
    page = client.get(address)
    assert page.context["count"] == page.context["files"] == 1
    assert client.post(address, {"title": "khác"}).status_code == 422
    assert Submission.objects.exists()
    assert client.post(address, {"title": " khảo sát CŨ "}).status_code == 302
    assert not Submission.objects.exists() and not StoredFile.objects.exists()
    assert not AnswerSet.objects.exists() and not Receipts.objects.exists()
    assert Entry.objects.get(verb="answers.purged").data == {"answers": 1, "files": 1}


def test_answers_of_a_form_that_is_there_are_never_purged_as_a_whole(client, minh):
    live = AnswerSet.objects.create(source="page:1", title="T")
    live.readers.add(minh)
    minh.user_permissions.add(Permission.objects.get(codename="delete_submission"))
    client.force_login(minh)
    assert client.post(reverse("answers_purge", args=[live.pk]), {"title": "T"}).status_code == 404
