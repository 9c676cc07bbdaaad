"""The thin link between viewflow's process and our dossier."""

from __future__ import annotations

from django.db import models
from viewflow.workflow.models import Process


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
