"""The deploy gate: every version in use compiles, every open task has its node, every paper its template."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from viewflow.workflow.models import Task

from workflows.dossiers.api import DossierType, FlowVersion
from workflows.engine import compiled
from workflows.engine.models import DossierProcess
from workflows.engine.papers import faults_of_papers

#: A report names this many faults; one is enough to stop a deployment.
SHOWN = 50


class Command(BaseCommand):
    """Compile what runs; a node that is gone would make viewflow show a silent "obsolete" task."""

    help = "Check that every version with open tasks compiles and that every open task has its step."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise CommandError (exit code 1) that names each fault."""
        nodes = _open_nodes()
        versions = _versions_in_use()
        faults = [fault for version in versions if (fault := _does_not_compile(version))]
        faults += [fault for node in nodes if (fault := _is_gone(node))]
        faults += [fault for version in versions for fault in _papers_of(version)]
        if faults:
            raise CommandError("\n".join(faults[:SHOWN]))
        self.stdout.write(f"{len(versions)} versions in use, {len(nodes)} open steps: all is well.")


def _open_nodes() -> list[str]:
    """Return the references of all nodes with open tasks, read raw: viewflow's field hides what it cannot find."""
    tasks = Task.objects.filter(finished__isnull=True, flow_task__startswith="engine/compiled.")
    return sorted(
        tasks.annotate(node=Cast("flow_task", CharField()))
        .order_by()
        .values_list("node", flat=True)
        .distinct()
    )


def _versions_in_use() -> list[FlowVersion]:
    running = Q(pk__in=DossierProcess.objects.filter(status="NEW").values("version"))
    offered = Q(pk__in=DossierType.objects.filter(is_active=True, current__isnull=False).values("current"))
    return list(FlowVersion.objects.filter(running | offered).select_related("type").order_by("pk"))


def _does_not_compile(version: FlowVersion) -> str:
    try:
        getattr(compiled, version.class_name)
    except (RuntimeError, AttributeError) as error:
        return f"{version.type.code}, version {version.number}: {error}"
    return ""


def _papers_of(version: FlowVersion) -> list[str]:
    """Return what keeps its papers from being made; that a version cannot be read is told elsewhere."""
    try:
        return faults_of_papers(version)
    except RuntimeError:
        return []


def _is_gone(reference: str) -> str:
    class_name, node = reference.removeprefix("engine/compiled.").split(".")
    try:
        flow = getattr(compiled, class_name)
    except (RuntimeError, AttributeError) as error:
        return f"{reference}: {error}"
    if flow.instance.node(node, no_obsolete=True) is None:
        return f"{reference}: the step no longer exists"
    return ""
