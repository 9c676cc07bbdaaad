"""The thin link between viewflow's process and our dossier; what is kept beside viewflow's tasks."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from viewflow.workflow.models import Process, Task


class DossierProcess(Process):
    """A viewflow process that carries one dossier on one version of its flow.

    A multi-table child, because viewflow's own tables hold tasks by the parent's key.
    """

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="processes")
    version = models.ForeignKey("dossiers.FlowVersion", models.PROTECT, related_name="processes")

    class Meta:
        # viewflow adds "manage" when a Flow class is created, which here happens at run time, after post_migrate.
        default_permissions = ("add", "change", "delete", "view", "manage")

    def __str__(self) -> str:
        return f"{self.dossier_id} on {self.version_id}"


class Timer(models.Model):
    """Something that is due by the clock on an open task, or on the dossier itself: a reminder, an escalation.

    `code` says which (`remind:0`, `late:1`) and refers to the options of the step, or to those of the definition. It
    fires once: `fired_at` is set in the transaction of what it does. A timer of what is closed never fires.
    """

    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="timers")
    dossier = models.ForeignKey("dossiers.Dossier", models.CASCADE, null=True, related_name="timers")
    code = models.CharField(max_length=20)
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "code"], name="timer_once"),
            models.UniqueConstraint(fields=["dossier", "code"], name="timer_once_a_dossier"),
            models.CheckConstraint(
                condition=Q(task__isnull=False, dossier__isnull=True)
                | Q(task__isnull=True, dossier__isnull=False),
                name="timer_of_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["fire_at", "id"], name="timer_waiting", condition=Q(fired_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.code}"

    @property
    def place(self) -> str:
        """What it belongs to, in a few letters for logs."""
        return f"task {self.task_id}" if self.dossier_id is None else f"dossier {self.dossier_id}"


class Draft(models.Model):
    """What a person has typed for a task and not sent yet. It outlives the task: nothing typed is ever lost."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "by"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.by_id}"
