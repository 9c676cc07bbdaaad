"""Paper templates in the admin: who keeps which, what is refused on saving, and the paper of sample data."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from home.audit.api import Entry
from tests.clamd import BAIT, clamd_of
from tests.factories.flows import make_office
from tests.factories.papers import letter_flow, lines_of, make_template, rezipped, upload, word
from tests.factories.people import UserFactory, browser
from workflows.dossiers.api import PaperTemplate, PaperTemplateVersion, content_of

LIST = "wagtailsnippets_dossiers_papertemplate"


@pytest.fixture
def office(db):
    return make_office()


@pytest.fixture
def admin(office):
    return browser(UserFactory(is_superuser=True, is_staff=True, first_name="Quản"))


@pytest.fixture
def keeper(office):
    """The browser of somebody of TC who keeps the templates of their department."""
    rights = Permission.objects.filter(codename__in=["access_admin", "change_papertemplate"])
    office.tc1.user_permissions.add(*rights)
    return browser(type(office.tc1).objects.get(pk=office.tc1.pk))


def fields(content=None, name="mau.docx", **values):
    sent = {
        "title": "Tờ trình",
        "title_en": "",
        "code": "to-trinh",
        "kind": "docx",
        "department": "",
        "is_active": "on",
        "note": "Bản đầu",
        **values,
    }
    if content is not None:
        sent["upload"] = SimpleUploadedFile(name, content)
    return sent


def errors(answer):
    return str(answer.context["form"].errors.get("upload", ""))


def test_an_infected_template_is_refused(admin, settings):
    content = word("{{ dossier.number }}") + BAIT
    with clamd_of(settings):
        answer = admin.post(reverse(f"{LIST}:add"), fields(content))
        assert "Bait.Test" in errors(answer)
    assert "mau.docx" in errors(admin.post(reverse(f"{LIST}:add"), fields(content)))
    assert not PaperTemplateVersion.objects.exists()


def test_a_template_is_made_with_its_first_file(admin):
    answer = admin.post(reverse(f"{LIST}:add"), fields(word("{{ dossier.number }}")))
    assert answer.status_code == 302
    version = PaperTemplateVersion.objects.get()
    assert (version.number, version.name, version.note, version.names) == (
        1,
        "mau.docx",
        "Bản đầu",
        ["dossier.number"],
    )
    assert version.uploaded_by.is_superuser
    assert (
        Entry.objects.filter(verb="template.saved", target=f"paper-template:{version.template_id}").count()
        == 1
    )
    page = admin.get(reverse(f"{LIST}:list"))
    assert "Tờ trình" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (word("{{ dosier.number }}"), "mau.docx", "dosier.number"),
        (b"x", "mau.docx", "Word"),
        (b"x", "mau.docm", ".docx"),
        (rezipped(word("x"), {"word/vbaProject.bin": b"x"}), "mau.docx", "macro"),
        (b"", "mau.docx", ""),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_stored(admin, content, name, words):
    answer = admin.post(reverse(f"{LIST}:add"), fields(content, name))
    assert answer.status_code == 200
    assert errors(answer)
    assert words in errors(answer)
    assert not PaperTemplate.objects.exists()


def test_a_template_needs_a_file(admin):
    assert errors(admin.post(reverse(f"{LIST}:add"), fields()))


def test_a_file_that_is_too_large_is_refused(admin, monkeypatch):
    monkeypatch.setattr("workflows.definitions.paper_admin.MAX_MB", 0)
    assert "0 MB" in errors(admin.post(reverse(f"{LIST}:add"), fields(word("x"))))


def test_another_file_becomes_the_next_version(admin):
    template = make_template()
    address = reverse(f"{LIST}:edit", args=[template.pk])
    sent = fields(word("Bản hai"), code="khac", kind="typst", note="Sửa quốc hiệu")
    assert admin.post(address, sent).status_code == 302
    template.refresh_from_db()
    assert (template.code, template.kind) == ("to-trinh", "docx")
    assert (template.newest.number, template.newest.note) == (2, "Sửa quốc hiệu")
    page = admin.get(address).content.decode()
    assert "Sửa quốc hiệu" in page
    for version in template.versions.all():
        assert reverse("paper_template_file", args=[version.pk]) in page
        assert reverse("paper_template_preview", args=[version.pk]) in page
    assert admin.post(address, fields(title="Tên mới")).status_code == 302
    template.refresh_from_db()
    assert (template.title, template.newest.number) == ("Tên mới", 2)


def test_the_file_can_be_fetched_as_it_was(admin):
    version = make_template().newest
    answer = admin.get(reverse("paper_template_file", args=[version.pk]))
    assert answer.content == content_of(version)
    assert answer["Content-Disposition"].startswith("attachment")
    version.file.storage.delete(version.file.name)
    assert admin.get(reverse("paper_template_file", args=[version.pk])).status_code == 404


def preview(client, version, code="trinh-ky"):
    return client.post(reverse("paper_template_preview", args=[version.pk]), {"type": code})


def test_a_preview_fills_in_sample_data(admin, office):
    template = make_template()
    office.publish(letter_flow())
    assert (
        "trinh-ky" in admin.get(reverse("paper_template_preview", args=[template.newest.pk])).content.decode()
    )
    answer = preview(admin, template.newest)
    assert answer["Content-Disposition"] == 'attachment; filename="to-trinh-1-trinh-ky.docx"'
    assert lines_of(answer.content)[1] == "Kính trình: Trích yếu – 12.500.000\u00a0₫"
    typst = make_template("pdf", kind="typst")
    text = PdfReader(io.BytesIO(preview(admin, typst.newest).content)).pages[0].extract_text()
    assert "12.500.000" in text


def test_a_preview_says_what_is_wrong_and_where(admin, office):
    template = make_template()
    office.publish(letter_flow())
    upload(template, word("Kính gửi: {{ answers.nobody }}"))
    answer = preview(admin, template.newest)
    assert answer.status_code == 422
    assert "nobody" in answer.content.decode()
    assert "Kính gửi" in answer.content.decode()
    assert preview(admin, template.newest, "khong-co").status_code == 422
    typst = make_template(
        "pdf", kind="typst", content=b'#let data = json("data.json")\n\n#data.answers.nobody'
    )
    words = preview(admin, typst.newest).content.decode()
    assert "nobody" in words
    assert "3" in words


def test_reading_writes_nothing(admin, office):
    template = make_template()
    office.publish(letter_flow())
    before = Entry.objects.count()
    admin.get(reverse("paper_template_file", args=[template.newest.pk]))
    preview(admin, template.newest)
    assert (Entry.objects.count(), PaperTemplateVersion.objects.count()) == (before, 1)


def addresses(template):
    version = template.newest
    found = [
        reverse(f"{LIST}:{name}", args=[template.pk])
        for name in ("edit", "inspect", "history", "usage", "delete")
    ]
    return [*found, *(reverse(f"paper_template_{name}", args=[version.pk]) for name in ("file", "preview"))]


def test_a_keeper_has_the_templates_of_the_department(keeper, office):
    own = make_template("cua-tc", title="Mẫu của TC", department=office.departments["TC"])
    other = make_template("cua-kt", title="Mẫu kín KT", department=office.departments["KT"])
    common = make_template("chung", title="Mẫu kín chung")
    listed = keeper.get(reverse(f"{LIST}:list")).content.decode()
    assert "Mẫu của TC" in listed
    assert "kín" not in listed
    for address in addresses(own)[:4] + addresses(own)[5:]:
        assert keeper.get(address).status_code == 200, address
    for template in (other, common):
        for address in addresses(template):
            answer = keeper.get(address)
            assert answer.status_code == 404, address
            assert "kín" not in answer.content.decode()
        assert keeper.get(addresses(template)[0]).status_code == 404
        sent = fields(word("Đã đổi"), code=template.code, department=office.departments["TC"].pk)
        assert keeper.post(addresses(template)[0], sent).status_code == 404
        assert template.versions.count() == 1


def test_a_keeper_makes_templates_for_the_own_department_only(keeper, office):
    for code, department in (("a", ""), ("b", office.departments["KT"].pk)):
        answer = keeper.post(reverse(f"{LIST}:add"), fields(word("x"), code=code, department=department))
        assert answer.context["form"].errors["department"]
    sent = fields(word("x"), department=office.departments["TC"].pk)
    assert keeper.post(reverse(f"{LIST}:add"), sent).status_code == 302
    assert PaperTemplate.objects.get().department.code == "TC"


def test_a_keeper_tries_the_types_of_the_own_department_only(keeper, office):
    own = make_template(department=office.departments["TC"])
    office.publish(letter_flow())
    office.publish(letter_flow() | {"code": "cua-tc", "department": "TC"})
    assert preview(keeper, own.newest).status_code == 422
    assert preview(keeper, own.newest, "cua-tc").status_code == 200


def test_without_the_right_there_is_nothing(office):
    template = make_template(department=office.departments["TC"])
    office.tc2.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = browser(office.tc2)
    for address in [*addresses(template), reverse(f"{LIST}:list"), reverse(f"{LIST}:add")]:
        assert client.get(address).status_code in (302, 404), address
    assert client.get(addresses(template)[5]).status_code == 404
    assert client.get(addresses(template)[6]).status_code == 404
    assert preview(client, template.newest).status_code == 404


def test_nobody_deletes(admin):
    template = make_template()
    admin.post(reverse(f"{LIST}:delete", args=[template.pk]))
    assert PaperTemplate.objects.filter(pk=template.pk).exists()
