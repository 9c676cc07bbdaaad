"""What people have to do on a dossier now."""

from __future__ import annotations

from django.db.models import QuerySet
from viewflow.workflow.models import Task

from workflows.dossiers.api import Dossier


def open_tasks_of(dossier: Dossier) -> QuerySet[Task]:
    """Return the tasks of people that a dossier waits for, the oldest first, with owner and process."""
    tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    return tasks.filter(flow_task_type="HUMAN").select_related("owner", "process").order_by("pk")
