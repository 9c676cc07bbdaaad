"""`manage.py publish_type` checks and publishes a file."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories.flows import opinions, signature_flow
from workflows.dossiers.api import DossierType, FlowVersion


@pytest.fixture
def write(tmp_path):
    def write(raw):
        path = tmp_path / "type.yaml"
        path.write_text(raw if isinstance(raw, str) else json.dumps(raw, indent=1, ensure_ascii=False))
        return path

    return write


def test_a_sound_file_is_published(office, write, capsys):
    call_command("publish_type", write(signature_flow()), by="chief")
    assert "version 1 is current" in capsys.readouterr().out
    assert FlowVersion.objects.get().published_by == office.chief


def test_a_dry_run_stores_nothing(office, write, capsys):
    call_command("publish_type", write(signature_flow()), dry_run=True)
    assert "can be published" in capsys.readouterr().out
    assert not DossierType.objects.exists()


def test_an_unknown_key_names_file_line_place_and_known_keys(office, write):
    raw = signature_flow()
    raw["flow"]["steps"][2]["fallbak"] = {}
    with pytest.raises(CommandError) as caught:
        call_command("publish_type", write(raw))
    message = str(caught.value)
    assert "type.yaml: flow.steps[2].fallbak" in message
    assert "fallback" in message
    assert not DossierType.objects.exists()


def test_what_lint_finds_is_printed_and_refused(office, write, capsys):
    raw = signature_flow()
    raw["flow"]["steps"][0] = opinions(rule={"quorum": 9})
    with pytest.raises(CommandError, match="Nothing was published"):
        call_command("publish_type", write(raw))
    assert "error flows.E040 type.yaml: flow.steps[0].rule" in capsys.readouterr().out


@pytest.mark.parametrize("raw", ["", "a: [", "!!python/object/apply:os.system [ls]", "a: &x 1\nb: *x"])
def test_what_is_no_sound_yaml_is_refused(office, write, raw):
    with pytest.raises(CommandError):
        call_command("publish_type", write(raw))
    with pytest.raises(CommandError):
        call_command("publish_type", "/nowhere/type.yaml")
    with pytest.raises(CommandError):
        call_command("publish_type", write(signature_flow()), by="nobody")
