"""The deploy gate names what would break."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from viewflow.workflow.models import Task

from tests.factories.flows import open_for, task_of
from workflows.definitions import stored
from workflows.dossiers.api import FlowVersion
from workflows.engine import compiled


@pytest.fixture
def running(office, version):
    return open_for(office, version)


def forget(version):
    """Behave like a fresh process."""
    compiled.__dict__.pop(version.class_name, None)
    stored._parsed.pop(version.class_name, None)


def test_sound_flows_pass(running, capsys):
    call_command("check_flows")
    assert "1 versions in use, 3 open steps" in capsys.readouterr().out


def test_a_missing_node_is_named(running):
    task = task_of(running, "op_tc")
    gone = f"engine/compiled.{running.version.class_name}.n_gone_"
    Task.objects.filter(pk=task.pk).update(flow_task=gone)
    with pytest.raises(CommandError, match="n_gone_: the step no longer exists"):
        call_command("check_flows")


def test_a_tampered_version_is_named(running):
    forget(running.version)
    changed = running.version.definition | {"days": 3}
    FlowVersion.objects.filter(pk=running.version_id).update(definition=changed)
    with pytest.raises(CommandError, match=r"trinh-ky, version 1: .*digest differs"):
        call_command("check_flows")
    forget(running.version)


def test_a_fresh_process_resolves_the_old_version(running):
    forget(running.version)
    from viewflow.workflow import fields

    fields.import_task_by_ref.cache_clear()
    fields.import_flow_by_ref.cache_clear()
    assert task_of(running, "op_tc").flow_task.spec.id == "op_tc"
