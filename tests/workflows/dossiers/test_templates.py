"""Templates are kept in versions that never change."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from home.audit.api import Entry
from tests.factories.papers import TYPST, make_template, upload, word
from workflows.dossiers.api import (
    PaperTemplate,
    check_template,
    content_of,
    file_name,
    save_template,
    unknown_places,
)
from workflows.dossiers.paper_names import DECISION, DOSSIER, KNOWN, MOMENT, unknown_names

pytestmark = pytest.mark.django_db


def test_a_file_becomes_the_next_version_and_the_same_again_none():
    template = make_template(content=word("một"))
    assert upload(template, word("hai"), note="Mẫu mới").number == 2
    assert upload(template, content_of(template.newest)).number == 2
    assert [row.number for row in template.versions.all()] == [2, 1]
    rows = Entry.objects.filter(target=f"paper-template:{template.pk}", verb="template.saved")
    assert [row.data.get("version") for row in rows.order_by("seq")] == [1, 2, None]


def test_the_file_lies_under_a_name_that_says_nothing():
    version = make_template("luong").newest
    assert "luong" not in version.file.name
    assert len(version.file.name.rpartition("/")[2]) == 32


def test_nothing_of_it_changes_or_goes():
    template = make_template()
    version = template.newest
    version.note = "khác"
    for act in (version.save, version.delete, template.delete):
        with pytest.raises(ValidationError):
            act()
    template.code = "khac"
    with pytest.raises(ValidationError):
        save_template(template, by=None)
    template.refresh_from_db()
    template.kind = "typst"
    with pytest.raises(ValidationError):
        save_template(template, by=None)


def test_what_cannot_be_stored_leaves_no_file(monkeypatch):
    template = make_template()
    storage = template.newest.file.storage

    def stored() -> set[str]:
        """Return all files; two of them may lie in one folder."""
        return {
            name
            for folder in storage.listdir("templates")[0]
            for name in storage.listdir(f"templates/{folder}")[1]
        }

    before = stored()
    monkeypatch.setattr("workflows.dossiers.paper_templates._saved", lambda *args, **values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upload(template, word("hai"))
    assert template.versions.count() == 1
    assert stored() == before


@pytest.mark.parametrize(
    ("kind", "name", "content", "words"),
    [
        ("docx", "a.doc", b"", ".docx"),
        ("docx", "a.docm", b"", ".docx"),
        ("typst", "a.docx", b"", ".typ"),
        ("docx", "a.docx", b"no", "Word"),
        ("docx", "a.docx", word("{{ dosier.number }}"), "dosier.number"),
        ("docx", "a.docx", word("{{ dossier.nomber }}"), "dossier.number"),
        ("docx", "a.docx", word("{{ unit.boss }}"), "unit.name"),
        ("typst", "a.typ", b"#data.dosier.number", "dosier.number"),
    ],
)
def test_what_no_dossier_could_fill_in_is_refused_with_the_known_names(kind, name, content, words):
    with pytest.raises(ValidationError, match=words):
        check_template(kind, name, content)


def test_a_changed_file_is_noticed():
    version = make_template().newest
    with version.file.open("rb+") as stream:
        stream.write(b"other")
    with pytest.raises(ValidationError):
        content_of(version)


def test_names_that_every_dossier_has():
    names = [f"dossier.{name}" for name in DOSSIER] + [
        "answers.anything",
        "steps.sign.at.words",
        "today",
        "decisions",
    ]
    assert unknown_names(names) == []
    assert set(KNOWN) >= {"dossier", "answers", "values", "decisions", "steps", "office", "today"}
    assert "at" in DECISION
    assert "words" in MOMENT


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        ("{title} {number}", "Tờ trình 01-2026-TTr"),
        ("  a/b\\c:{key}  ", "a-b-c"),
        ("..", "paper"),
        ("{key}", "paper"),
        ("x" * 300, "x" * 120),
        ("{long}", "đ" * 120),
        ("a\nb\tc\0", "a-b-c"),
    ],
)
def test_file_names(pattern, made):
    values = {"title": "Tờ trình", "number": "01/2026-TTr", "key": "", "long": "đ" * 500}
    assert file_name(pattern, values) == made


def test_file_names_are_no_language():
    assert unknown_places("{number.__class__} {0} {} {key}", ["key"]) == ["number.__class__", "0", ""]
    assert unknown_places("{number", []) is None
    assert unknown_places("{{number}}", []) is None
    assert file_name("{number.__class__}", {"number": "1"}) == "paper"


def test_who_keeps_which(office):
    from django.contrib.auth.models import Permission

    from tests.factories.people import UserFactory

    everybody = make_template("chung")
    own = make_template("cua-tc", department=office.departments["TC"])
    make_template("cua-kt", department=office.departments["KT"])
    admin = UserFactory(is_superuser=True)
    assert PaperTemplate.objects.kept_by(admin).count() == 3
    assert not PaperTemplate.objects.kept_by(office.tc1).exists()
    office.tc1.user_permissions.add(Permission.objects.get(codename="change_papertemplate"))
    keeper = type(office.tc1).objects.get(pk=office.tc1.pk)
    assert list(PaperTemplate.objects.kept_by(keeper)) == [own]
    assert everybody not in PaperTemplate.objects.kept_by(keeper)


def test_a_typst_template_can_be_kept():
    assert make_template(kind="typst", content=TYPST.encode()).newest.names == [
        "answers.amount",
        "dossier.number",
        "dossier.subject",
        "steps.sign.capacity",
        "steps.sign.name",
    ]
