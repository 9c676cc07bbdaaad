"""A dossier ends before its flow does: everything that is open is closed without a decision."""

from __future__ import annotations

from django.utils import timezone
from viewflow.workflow.status import PROCESS

from .models import DossierProcess


def cancel_process(process: DossierProcess) -> None:
    """Close all open tasks of a process and the process itself, within the turn that runs and for its reason."""
    open_tasks = process.task_set.filter(finished__isnull=True).select_related("owner")
    for task in open_tasks:
        task.process = process
        task.flow_task.activation_class(task).cancel()
    process.status, process.finished = PROCESS.CANCELED, timezone.now()
    process.save(update_fields=["status", "finished"])
