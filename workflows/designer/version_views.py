"""The versions of a type: who published which, when and why, what changed, and back into the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from home.forms.api import SchemaError
from workflows.definitions.api import (
    DamagedVersionError,
    Definition,
    Difference,
    definition_of,
    differences,
)
from workflows.dossiers.api import Dossier, DossierType, FlowVersion
from workflows.engine.api import Impact, impact

from .access import DraftPolicy
from .in_hand import in_hand
from .models import FlowDraft
from .reading import definition_of_draft, draft_from
from .tryout_views import address, draft_of

#: Versions on one page; each is compared with the one before it.
PAGE = 20


@dataclass(frozen=True)
class VersionRow:
    """One version as the list shows it. `changes` is None when one of both cannot be read."""

    version: FlowVersion
    changes: list[Difference] | None
    running: int
    is_current: bool
    is_first: bool


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the versions of a draft's type, the newest first, and what publishing the draft would mean."""
    draft = draft_of(request, pk)
    context: dict[str, Any] = {
        "draft": draft,
        "header_title": str(draft),
        "header_icon": "history",
        "breadcrumbs_items": [
            {"url": address("list"), "label": _("Dossier types")},
            {"url": address("edit", draft.pk), "label": str(draft)},
            {"url": "", "label": _("Versions") + f": {draft}"},
        ],
        "may_publish": may_publish(request.user, draft),
    }
    if draft.type is not None:
        page = Paginator(draft.type.versions.order_by("-number"), PAGE).get_page(request.GET.get("p"))
        context |= {"page": page, "rows": _rows(draft.type, page)} | _of_draft(draft, request.user)
    return render(request, "designer/versions.html", context)


def may_publish(user: Any, draft: FlowDraft) -> bool:
    """Tell whether somebody may publish this draft; whoever may, may move its dossiers."""
    return DraftPolicy(FlowDraft).user_has_permission_for_instance(user, "publish", draft)


def _of_draft(draft: FlowDraft, user: Any) -> dict[str, Any]:
    """Return what the draft in hand would change, and for which dossiers; nothing for one that is incomplete."""
    hand = in_hand(draft, user)
    current = draft.type.current if draft.type is not None else None
    try:
        new = definition_of_draft(hand.draft)
        old = definition_of(current) if current is not None else None
    except (SchemaError, DamagedVersionError):
        return {"hand": hand}
    changes = differences(old, new) if old is not None else []
    found: Impact = impact(new, draft.type)
    return {"hand": hand, "changes": changes, "impact": found if changes else Impact()}


def _rows(kind: DossierType, page: Any) -> list[VersionRow]:
    """Return the rows of one page; a few queries, whatever the number of versions."""
    shown = list(page.object_list.select_related("published_by", "type"))
    before = FlowVersion.objects.filter(type=kind, number__lt=shown[-1].number).order_by("-number")
    chain: list[FlowVersion | None] = [*shown, before.select_related("type").first()]
    open_ones = Dossier.objects.filter(version__in=shown, state__in=Dossier.OPEN).order_by()
    running = dict(open_ones.values_list("version").annotate(Count("pk")))
    return [
        VersionRow(
            version,
            _changes(older, version),
            running.get(version.pk, 0),
            version.pk == kind.current_id,
            older is None,
        )
        for version, older in zip(shown, chain[1:], strict=True)
    ]


def _changes(older: FlowVersion | None, version: FlowVersion) -> list[Difference] | None:
    if older is None:
        return []
    one, other = _read(older), _read(version)
    return differences(one, other) if one is not None and other is not None else None


def _read(version: FlowVersion) -> Definition | None:
    try:
        return definition_of(version)
    except DamagedVersionError:
        return None


def version_of(draft: FlowDraft, number: int) -> FlowVersion:
    """Return a version of a draft's type. Raises `Http404`."""
    found = FlowVersion.objects.filter(type=draft.type_id, number=number).select_related("type").first()
    if draft.type_id is None or found is None:
        raise Http404
    return found


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make what a version says the draft again, as a new revision; nothing is published, nothing is lost."""
    draft = draft_of(request, pk)
    version = version_of(draft, number)
    if draft.locked and draft.locked_by_id != request.user.pk:
        messages.error(request, _("The draft is locked."))
        return redirect(address("versions", draft.pk))
    try:
        restored = draft_from(definition_of(version), draft.get_latest_revision_as_object())
    except (SchemaError, DamagedVersionError) as error:
        messages.error(request, _("This version cannot become a draft: %(reason)s") % {"reason": error})
        return redirect(address("versions", draft.pk))
    with transaction.atomic():
        restored.save_revision(user=request.user, log_action=True)
    text = _("The draft is as version %(number)s was. Look at it, then publish it.")
    messages.success(request, text % {"number": number})
    return redirect(address("edit", draft.pk))
