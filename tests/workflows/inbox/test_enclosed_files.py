"""Files may go with a decision: they belong to the dossier, and nobody else's file can be taken along."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from home.audit.api import entries_for
from home.forms.api import StoredFile, store_upload
from tests.factories.flows import act, open_for, task_of
from workflows.engine.api import claim

PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def upload(name="y-kien.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_file_goes_with_an_opinion(office, dossier, client):
    task = claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    client.force_login(office.tc1)
    sent = {"outcome": "agree", "note": "Đồng ý", "with-files": upload()}
    assert client.post(f"/tasks/{task.pk}/", sent).status_code == 302
    [attachment] = dossier.attachments.all()
    assert (attachment.file.name, attachment.step, attachment.added_by) == ("y-kien.pdf", "op_tc", office.tc1)
    last = entries_for(dossier.target).last()
    assert last.data["files"] == ["y-kien.pdf"]
    client.force_login(office.ann)
    assert b"y-kien.pdf" in client.get(f"/dossiers/{dossier.pk}/").content
    assert client.get(attachment.file.url).status_code == 200
    client.force_login(office.outsider)
    assert client.get(attachment.file.url).status_code == 404


def test_a_refused_file_keeps_the_note_and_decides_nothing(office, dossier, client):
    task = claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    client.force_login(office.tc1)
    sent = {"outcome": "agree", "note": "Ý kiến dài", "with-files": upload("virus.exe", b"MZ")}
    response = client.post(f"/tasks/{task.pk}/", sent)
    assert response.status_code == 200
    assert "Ý kiến dài" in response.content.decode()
    assert "virus.exe" in response.content.decode()
    task.refresh_from_db()
    assert task.status == "ASSIGNED"


def test_a_missing_reason_keeps_the_file(office, dossier, client):
    task = claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    client.force_login(office.tc1)
    response = client.post(f"/tasks/{task.pk}/", {"outcome": "disagree", "with-files": upload()})
    assert response.status_code == 200
    assert b"y-kien.pdf" in response.content
    assert StoredFile.objects.get(name="y-kien.pdf").is_draft


def test_somebody_elses_draft_is_never_taken_along(office, dossier):
    foreign = store_upload(upload("mat.pdf"), by=office.kt1)
    act(dossier, "op_tc", office.tc1, "agree", files=[str(foreign.pk)])
    foreign.refresh_from_db()
    assert foreign.is_draft
    assert not dossier.attachments.exists()


def test_nothing_is_stored_for_people_who_may_not_act(office, dossier, client):
    task = task_of(dossier, "op_tc")
    client.force_login(office.ann)
    response = client.post(f"/tasks/{task.pk}/", {"outcome": "agree", "with-files": upload()})
    assert response.status_code == 409
    client.force_login(office.outsider)
    assert client.post(f"/tasks/{task.pk}/", {"outcome": "agree", "with-files": upload()}).status_code == 404
    assert not StoredFile.objects.exists()
