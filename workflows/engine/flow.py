"""The base of every compiled flow."""

from __future__ import annotations

from typing import Any, ClassVar

from viewflow.workflow.flow import Flow

from home.forms.api import FormSchema
from workflows.definitions.api import Definition
from workflows.steps.api import Path

from .lock import ProcessLock
from .models import DossierProcess

#: Constant: viewflow would compile an admin-typed title as a template.
_SUMMARY = "{{ process.pk }}"


class DossierFlow(Flow):
    """What all compiled flows share; subclasses add `definition`, `schema`, `paths` and the nodes."""

    process_class = DossierProcess
    lock_impl = ProcessLock()
    process_summary_template = _SUMMARY
    process_result_template = _SUMMARY

    definition: ClassVar[Definition]
    schema: ClassVar[FormSchema]
    #: The branches of parallel blocks around each step, the outermost first.
    paths: ClassVar[dict[str, Path]]

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """Refuse: the gate is `Dossier.objects.visible_to`, viewflow's views are not used."""
        return False

    def has_manage_permission(self, user: Any, obj: Any = None) -> bool:
        """Refuse, likewise."""
        return False
