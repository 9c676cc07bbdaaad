"""A profile brings Typst templates along, and never puts an old text over a newer one."""

from __future__ import annotations

import pytest

from plugins.api.api import ProfileError, load_profile
from tests.factories.papers import upload
from workflows.dossiers.api import PaperTemplate, content_of

pytestmark = pytest.mark.django_db

TEXT = '#let data = json("data.json")\n= #data.dossier.subject\n'
YAML = """templates:
  - code: giay-moi
    title: Giấy mời
    source: |
      #let data = json("data.json")
      = #data.dossier.subject
"""


@pytest.fixture
def folder(tmp_path, settings):
    settings.PROFILE_DIRS = [tmp_path]
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "profile.yaml").write_text("title: Small\nversion: 1\n")
    return tmp_path / "small"


def test_a_text_becomes_a_template_once(folder):
    (folder / "paper_templates.yaml").write_text(YAML)
    load_profile("small")
    template = PaperTemplate.objects.get()
    assert (template.code, template.kind, template.gives) == ("giay-moi", "typst", "pdf")
    assert content_of(template.newest).decode() == TEXT
    upload(template, b"= New\n")
    context = load_profile("small")
    assert template.newest.number == 2
    assert [outcome for (_what, outcome) in context.counts] == ["kept"]
    (folder / "paper_templates.yaml").write_text(
        YAML.replace("= #", "== #").replace("Giấy mời", "Giấy mời họp")
    )
    load_profile("small")
    template.refresh_from_db()
    assert (template.newest.number, template.title) == (3, "Giấy mời họp")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (YAML.replace("dossier.subject", "dosier.subject"), "dosier.subject"),
        (YAML + YAML.partition("\n")[2], "giay-moi"),
        (YAML.replace("    title", "    department: KHONG\n    title"), "KHONG"),
        (YAML.replace("source", "sauce"), "source"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_kept(folder, text, words):
    (folder / "paper_templates.yaml").write_text(text)
    with pytest.raises(ProfileError, match=words):
        load_profile("small")
    assert not PaperTemplate.objects.exists()
