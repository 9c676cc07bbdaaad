"""The editor's own views: checks before publication, and what they find as a piece of the page."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.snippets.views.snippets import CreateView, EditView, HistoryView

from workflows.engine.api import impact
from workflows.steps.api import Finding

from .access import drafts_of
from .marks import Mark, errors_of, marks_of
from .models import FlowDraft
from .publishing import findings_before_publication, findings_of, is_outdated
from .reading import definition_of_draft

#: What is only done with a draft that passes the checks.
_CHECKED = ("publish", "submit", "restart-workflow")


class Checked:
    """Refuses to publish what the checks refuse, and asks where they doubt."""

    #: What the last check found, for the page.
    findings: list[Finding] | None = None
    asks = False

    def form_valid(self, form: Any) -> HttpResponse:
        """Check first when it is to be published or handed in; a mere draft may hold anything."""
        view: Any = self
        approves = view.action == "workflow-action" and view.workflow_action == "approve"
        if (view.action in _CHECKED or approves) and not self._passes(form):
            return view.form_invalid(form)
        return super().form_valid(form)  # type: ignore[misc]

    def _passes(self, form: Any) -> bool:
        draft = form.save(commit=False)
        self.findings = findings_before_publication(draft)
        wrong = [finding for finding in self.findings if finding.level == "error"]
        view: Any = self
        if wrong:
            for name, error in errors_of(draft, wrong).items():
                form.add_error(name if name in form.fields else None, error)
            view.produced_error_message = _("It cannot be published yet: see what is marked below.")
            return False
        self.asks = bool(self.findings) and view.request.POST.get("seen") != self.digest
        if self.asks:
            view.produced_error_message = _("The checks have doubts. Read them, then go on all the same.")
        return not self.asks

    @property
    def digest(self) -> str:
        """What names the findings that were seen."""
        text = "\n".join(map(str, self.findings or ()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the checks find."""
        view: Any = self
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        draft = view.form.instance if hasattr(view, "form") and view.form.is_bound else view.object
        context |= {
            "asks": self.asks,
            "refused": any(finding.level == "error" for finding in self.findings or ()),
            "action": getattr(view, "action", ""),
            "digest": self.digest if self.asks else "",
        }
        context["outdated"] = draft is not None and is_outdated(draft)
        if draft is not None and draft.title:
            found = self.findings if self.findings is not None else findings_of(draft)
            context["marks"] = marks_of(draft, found)
        if self.asks and getattr(view, "action", "") == "publish":
            context["impact"] = impact(definition_of_draft(draft), draft.type)
        return context


class DraftCreateView(Checked, CreateView):
    """A new dossier type."""


class DraftEditView(Checked, EditView):
    """A dossier type in the editor."""


class DraftHistoryView(HistoryView):
    """Who changed a dossier type, and when."""

    verbose_name_plural = gettext_lazy("changes")


@require_safe
def findings(request: HttpRequest, pk: Any) -> HttpResponse:
    """Return what the checks find in the latest revision, as a piece of the editor's page."""
    draft: FlowDraft = drafts_of(request.user).get(pk=pk).get_latest_revision_as_object()
    marks: list[Mark] = marks_of(draft, findings_of(draft))
    return render(request, "designer/admin/findings.html", {"marks": marks})
