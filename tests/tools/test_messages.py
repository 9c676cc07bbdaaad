"""Collecting, merging, checking and compiling translations."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from tools import messages

pytestmark = pytest.mark.once

TEMPLATE = """
{% load i18n %}
  <h1>{% translate "Inbox" %}</h1>
    {% blocktranslate count total=n trimmed %}
      {{ total }} task
      waits
    {% plural %}
      {{ total }} tasks wait
    {% endblocktranslate %}
 <p title='it"s {% translate "May" context "month" %}'>{# translate "not me" #}</p>
"""
MODULE = """
from django.utils.translation import gettext_lazy as _, pgettext
TITLE = _("Dossiers")
# Translators: the month
MONTH = pgettext("month", "May")
"""


@pytest.fixture
def project(tmp_path) -> Path:
    for name, text in {"home/people/models.py": MODULE, "site/templates/inbox/list.html": TEMPLATE}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def locale(tmp_path) -> Path:
    (tmp_path / "locale" / "vi" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "locale" / "vi" / "parts").mkdir()
    return tmp_path / "locale"


def write(locale: Path, name: str, **pairs: str) -> Path:
    path = locale / "vi" / name
    entries = "\n".join(f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in pairs.items())
    path.write_text(f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n{entries}')
    return path


def test_messages_of_modules_and_templates_are_found(project):
    catalog = messages.extracted(project)
    found = {(message.id, message.context) for message in catalog if message.id}
    assert found == {
        ("Inbox", None),
        ("Dossiers", None),
        ("May", "month"),
        (("%(total)s task waits", "%(total)s tasks wait"), None),
    }


def template_of(*words: str):
    catalog = messages.empty()
    for word in words:
        catalog.add(word)
    return catalog


def test_part_wins_over_catalogue_and_unused_words_go(locale):
    write(locale, "LC_MESSAGES/django.po", Inbox="Hộp cũ", Dossier="Hồ sơ", Gone="Bỏ")
    write(locale, "parts/inbox.po", Inbox="Hộp việc")
    catalog = messages.merged(template_of("Inbox", "Dossier", "New"), locale)
    assert {message.id: message.string or "" for message in catalog if message.id} == {
        "Inbox": "Hộp việc",
        "Dossier": "Hồ sơ",
        "New": "",
    }


def test_words_of_other_packages_are_kept(locale):
    write(locale, "parts/wagtail.po", **{"Explorer": "Cây trang", "Nobody says this": "Không ai"})
    if ("Explorer", None) not in messages.ids_of_other_packages():
        write(locale, "parts/wagtail.po", **{"Page": "Trang", "Nobody says this": "Không ai"})
    kept = [message for message in messages.merged(template_of(), locale) if message.id]
    assert len(kept) == 1
    assert kept[0].auto_comments == [messages.ELSEWHERE]


def test_merging_twice_changes_nothing(locale):
    write(locale, "parts/inbox.po", Inbox="Hộp việc")
    first = messages.as_text(messages.merged(template_of("Inbox", "New"), locale))
    messages.catalogue_path(locale).write_bytes(first)
    assert messages.as_text(messages.merged(template_of("Inbox", "New"), locale)) == first


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ({}, "not in the catalogue"),
        ({"Inbox": ""}, "without translation"),
        ({"Inbox": "Hộp", "Gone": "Bỏ"}, "no longer in the sources"),
    ],
)
def test_check_names_what_is_out_of_date(locale, entries, fault):
    write(locale, "LC_MESSAGES/django.po", **entries)
    assert any(fault in line for line in messages._faults(template_of("Inbox"), locale))


def test_check_sees_a_part_that_was_not_merged_and_a_fuzzy_word(locale):
    path = write(locale, "LC_MESSAGES/django.po", Inbox="Hộp")
    write(locale, "parts/inbox.po", Inbox="Hộp việc")
    assert any("translated otherwise" in line for line in messages._faults(template_of("Inbox"), locale))
    (locale / "vi" / "parts" / "inbox.po").unlink()
    path.write_text(path.read_text().replace('msgid "Inbox"', '#, fuzzy\nmsgid "Inbox"'))
    assert any("without translation" in line for line in messages._faults(template_of("Inbox"), locale))


def test_check_names_two_parts_that_contradict_each_other(locale):
    write(locale, "LC_MESSAGES/django.po", Inbox="Hộp việc")
    write(locale, "parts/inbox.po", Inbox="Hộp việc")
    write(locale, "parts/tasks.po", Inbox="Hộp thư")
    faults = list(messages._faults(template_of("Inbox"), locale))
    assert "translated otherwise in inbox.po and tasks.po: 'Inbox'" in faults


def test_check_is_silent_when_all_is_well(locale):
    write(locale, "LC_MESSAGES/django.po", Inbox="Hộp việc")
    assert list(messages._faults(template_of("Inbox"), locale)) == []


def test_check_refuses_a_translation_that_loses_a_placeholder(locale):
    write(locale, "LC_MESSAGES/django.po", **{"%(name)s left": "Đã đi %(nme)s"})
    template = messages.empty()
    template.add("%(name)s left", flags=["python-format"])
    assert any("left" in line for line in messages._faults(template, locale))


def test_compiled_words_are_read_by_gettext_and_written_only_when_needed(locale):
    write(locale, "LC_MESSAGES/django.po", Inbox="Hộp cũ", Dossier="Hồ sơ")
    part = write(locale, "parts/inbox.po", Inbox="Hộp việc")
    messages.compile_all(locale)
    target = locale / "vi" / "LC_MESSAGES" / "django.mo"
    with target.open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert (words.gettext("Inbox"), words.gettext("Dossier")) == ("Hộp việc", "Hồ sơ")
    before = target.stat().st_mtime_ns
    messages.compile_all(locale)
    assert target.stat().st_mtime_ns == before
    later = target.stat().st_mtime + 5
    os.utime(part, (later, later))
    messages.compile_all(locale)
    assert target.stat().st_mtime_ns != before
