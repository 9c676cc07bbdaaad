"""A file that takes the place of another leaves it readable as an earlier version, wherever files are shown."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from home.forms.api import StoredFile
from tests.factories.flows import FORM, approve, definition, open_for, task_of
from workflows.inbox.answers import readable_definition
from workflows.inbox.files import files_of

PDF = b"%PDF-1.4 "
DRAFT = {"key": "files", "kind": "file", "label": "Dự thảo", "multiple": True}
REPLY = {"key": "reply", "kind": "file", "label": "Văn bản trả lời", "required": True}


@pytest.fixture
def version(office):
    """A form with a file, a step that asks for another, and a head who sends both back."""
    form = {"sections": [{"fields": [*FORM["sections"][0]["fields"], DRAFT]}]}
    fill = {
        "id": "fill",
        "kind": "data_entry",
        "title": "Soạn thảo",
        "who": {"user": "tc1"},
        "fallback": {"position": "chief", "department": "VP"},
        "fields": [REPLY],
    }
    sign = approve("sign", {"user": "chair"}, outcomes=["approve", "return"], return_to=["submitter", "fill"])
    return office.publish(definition(fill, sign, form=form))


def upload(text: str, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + text.encode(), "application/pdf")


def send(client, dossier, step, outcome, **fields):
    """Answer a step as its page does."""
    url = f"/tasks/{task_of(dossier, step).pk}/"
    page = client.get(url)
    form = page.context["form"]
    key = {"_key": form.key} if form else {}
    answer = client.post(url, {"outcome": outcome, **key, **fields})
    assert answer.status_code == 302, (
        step,
        answer.context["attempt"].error,
        answer.context["form"] and answer.context["form"].errors,
    )
    dossier.refresh_from_db()


@pytest.fixture
def dossier(office, version, as_user):
    """A dossier whose reply was written three times, and whose draft was put in when it came back."""
    found = open_for(office, version)
    officer, chair, submitter = as_user(office.tc1), as_user(office.chair), as_user(office.ann)
    for number in (1, 2, 3):
        send(officer, found, "fill", "complete", reply=upload(f"tra loi {number}", "tra-loi.pdf"))
        if number < 3:
            send(chair, found, "sign", "return", note="Sửa lại", **{"to-return": "fill"})
    send(chair, found, "sign", "return", note="Nộp dự thảo", **{"to-return": "rework"})
    texts = {"subject": "Tờ trình", "amount": "1"}
    send(submitter, found, "rework", "resubmit", files=upload("du thao 1", "du-thao.pdf"), **texts)
    return found


def test_each_replaced_file_is_an_earlier_version_the_newest_first(office, dossier):
    groups = {group.title: group for group in files_of(dossier, readable_definition(dossier))}
    reply, draft = groups["Văn bản trả lời"], groups["Dự thảo"]

    def texts(rows) -> list[str]:
        return [row.file.file.read().removeprefix(PDF).decode() for row in rows]

    assert (texts(reply.now), texts(reply.earlier)) == (["tra loi 3"], ["tra loi 2", "tra loi 1"])
    assert reply.earlier[0].replaced_at > reply.earlier[1].replaced_at > reply.earlier[1].at
    assert [row.by for row in (*reply.now, *reply.earlier)] == [office.tc1] * 3
    assert (texts(draft.now), draft.earlier) == (["du thao 1"], [])


def test_the_page_shows_earlier_versions_and_only_readers_of_the_dossier_get_them(office, dossier, as_user):
    page = as_user(office.ann).get(f"/dossiers/{dossier.pk}/").content.decode()
    assert "2 bản trước" in page
    [oldest] = StoredFile.objects.filter(name="tra-loi.pdf").order_by("uploaded_at")[:1]
    shown = f"/dossiers/{dossier.pk}/files/{oldest.pk}/"
    assert oldest.url in page and shown in page
    for address in (oldest.url, shown):
        answer = as_user(office.ann).get(address)
        assert b"".join(answer.streaming_content) == PDF + b"tra loi 1"
        assert as_user(office.outsider).get(address).status_code == 404


def test_print_and_archive_tell_which_file_was_replaced_and_when(office, dossier, as_user):
    client = as_user(office.ann)
    assert client.get(f"/dossiers/{dossier.pk}/print/").content.decode().count("được thay lúc") == 2
    answer = client.post(f"/dossiers/{dossier.pk}/export/", {"zip": "1"})
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        rows = [
            row for row in json.loads(archive.read("manifest.json"))["files"] if row["name"] == "tra-loi.pdf"
        ]
        read = {archive.read(row["path"]).removeprefix(PDF): row["replaced_at"] is None for row in rows}
    assert read == {b"tra loi 3": True, b"tra loi 2": False, b"tra loi 1": False}
