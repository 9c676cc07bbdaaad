"""What the beat remembers: each run of each job, and its own pulse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class JobRun(models.Model):
    """One due moment of one job: whoever inserts the row runs it, so it runs once with many beats."""

    class State(models.TextChoices):
        """How it went."""

        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    code = models.CharField(_("job"), max_length=80)
    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        app_label = "plugins"
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-due_at", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "due_at"], name="job_run_once")]

    def __str__(self) -> str:
        return f"{self.code} {timezone.localtime(self.due_at):%d/%m/%Y %H:%M}"

    def label(self) -> str | _StrPromise:
        """Return the job's name in the active language, or its code when it is gone."""
        from .jobs import jobs

        return (jobs.get(self.code).label if self.code in jobs else "") or self.code  # type: ignore[return-value]

    label.short_description = _("job")  # type: ignore[attr-defined]


class Pulse(models.Model):
    """When a background process last showed that it is alive."""

    code = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "plugins"
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return f"{self.code} {self.at}"
