"""Dossiers that a step of another one opens: opened once, ended with it, and never in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from home.audit.api import Entry, record
from home.forms.api import missing_answers
from home.notifications.api import send
from home.people.api import Department, User, head_of
from workflows.definitions.api import Definition, definition_of
from workflows.dossiers.api import Dossier, DossierType, Errand, SubDossier
from workflows.steps.api import Finding, item_names, walk

from .addresses import dossier_url
from .clock import close_pause
from .closing import cancel_process
from .lock import exclusive, lock_process
from .models import DossierProcess
from .opening import open_dossier
from .turns import turn_of

#: How many dossiers may lie around one, each opened by the next.
MAX_DEPTH = 5
_DROPPED = (Dossier.State.WITHDRAWN, Dossier.State.REJECTED)


class SubDossierError(Exception):
    """A linked dossier cannot be opened; the message is kept with the errand."""


@dataclass(frozen=True)
class SubRow:
    """What the page of a dossier tells of a linked one, without giving access to it."""

    number: str
    type: DossierType
    state: str
    step: str
    child_id: int

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(Dossier.State(self.state).label)


def subs_of(dossier: Dossier) -> list[SubRow]:
    """Return the dossiers that steps of `dossier` have opened, in order; one query."""
    rows = SubDossier.objects.filter(parent=dossier).select_related("child__type").order_by("pk")
    return [SubRow(row.child.number, row.child.type, row.child.state, row.step, row.child_id) for row in rows]


def open_child(errand: Errand) -> dict[str, Any]:
    """Open the dossier of one item, unless it is open already or nobody wants it any more."""
    wanted: Mapping[str, Any] = errand.payload
    with exclusive():
        lock_process(Process.objects.filter(task=errand.task_id))
        task_id = errand.task_id or 0
        found = (
            SubDossier.objects.filter(task_id=task_id, item=wanted["item"]).select_related("child").first()
        )
        if found is not None:
            return {"number": found.child.number}
        if not _is_wanted(errand, task_id):
            return {"skipped": True}
        kind = _type_to_open(wanted["type"], errand.dossier)
        if kind.current is None:
            raise SubDossierError(_("The type has no published version."))
        _check_required(definition_of(kind.current), wanted["answers"])
        submitter, answers = _submitter(wanted, errand.dossier), dict(wanted["answers"])
        child = open_dossier(kind.current, by=submitter, answers=answers, by_itself=True)
        SubDossier.objects.create(
            parent=errand.dossier, child=child, step=errand.step, task_id=task_id, item=wanted["item"]
        )
        _tell_submitter(errand, child)
        record(_opened(errand, child))
    return {"number": child.number}


def _tell_submitter(errand: Errand, child: Dossier) -> None:
    """Tell whoever a dossier was opened for: they did not do it themselves."""
    with translation.override(child.submitter.language):
        words = _("It was opened in your name, because the dossier %(number)s asks for it.")
        message = words % {"number": errand.dossier.number}
    params = {"number": child.number, "subject": child.subject, "step": child.subject, "message": message}
    send("dossier.told", to=[child.submitter], params=params, url=dossier_url(child))


def _is_wanted(errand: Errand, task_id: int) -> bool:
    """Tell whether the step still wants the dossier, as things are under the lock."""
    if Task.objects.filter(pk=task_id, status=STATUS.CANCELED).exists():
        return False
    keeps = errand.payload.get("with_parent", "withdraw") == "keep"
    return keeps or not Dossier.objects.filter(pk=errand.dossier_id, state__in=_DROPPED).exists()


def _opened(errand: Errand, child: Dossier) -> Entry:
    dossier = errand.dossier
    data = {"step": errand.step, "child": child.number, "item": errand.payload["item"]}
    return Entry(verb="sub.opened", by=None, target=dossier.target, label=dossier.number, data=data)


def _type_to_open(code: str, parent: Dossier) -> DossierType:
    around = _types_around(parent)
    kind = DossierType.objects.filter(code=code, is_active=True).select_related("current").first()
    if kind is None:
        raise SubDossierError(_("No dossier type “%(code)s” is open for new dossiers.") % {"code": code})
    if kind.pk in around or len(around) > MAX_DEPTH:
        raise SubDossierError(_("Dossiers would open each other without end."))
    return kind


def _types_around(dossier: Dossier) -> list[int]:
    """Return the types of a dossier and of those that opened it, the innermost first."""
    found = [dossier.type_id]
    link = SubDossier.objects.filter(child=dossier.pk).select_related("parent").first()
    while link is not None and len(found) <= MAX_DEPTH:
        found.append(link.parent.type_id)
        link = SubDossier.objects.filter(child=link.parent_id).select_related("parent").first()
    return found


def _check_required(definition: Definition, answers: Mapping[str, Any]) -> None:
    missing = [field.key for field in missing_answers(definition.form, answers)]
    if missing:
        message = _("The form of “%(type)s” needs an answer to “%(key)s”.")
        raise SubDossierError(message % {"type": definition.code, "key": ", ".join(missing)})


def _submitter(wanted: Mapping[str, Any], parent: Dossier) -> User:
    """Return who submits: the head of the unit or the person of the item, or the submitter of the parent."""
    if wanted["submitter"] == "parent":
        person: User | None = parent.submitter
    else:
        sort, key = wanted["item"].split(":")
        if sort == "dept":
            unit = Department.objects.filter(pk=key).first()
            person = head_of(unit) if unit is not None else None
        else:
            person = User.objects.filter(pk=key).first()
    if person is None or not person.is_active:
        name = item_names([wanted["item"]]).get(wanted["item"], wanted["item"])
        raise SubDossierError(_("Nobody can submit for %(item)s: the post is vacant.") % {"item": name})
    return person


def end_children(errand: Errand) -> dict[str, Any]:
    """Withdraw the dossiers of a step, each in its own transaction; those that ended stay.

    Those of one of its runs (the task that the errand names), or all of them when the dossier ended without success.
    """
    links = SubDossier.objects.filter(parent=errand.dossier, step=errand.step, child__state__in=Dossier.OPEN)
    if errand.task_id is not None:
        links = SubDossier.objects.filter(task_id=errand.task_id, child__state__in=Dossier.OPEN)
    ended = [link.child_id for link in links.order_by("pk") if _end(link.child_id, errand.dossier)]
    return {"withdrawn": ended}


def _end(child_id: int, parent: Dossier) -> bool:
    with exclusive():
        lock_process(Process.objects.filter(dossierprocess__dossier=child_id).order_by("-pk"))
        rows = DossierProcess.objects.filter(dossier=child_id).select_related("dossier__submitter")
        process = rows.order_by("-pk").get()
        dossier = process.dossier
        if not dossier.is_open:
            return False
        with translation.override(dossier.submitter.language):
            words = _why_ended(parent) % {"number": parent.number}
        with turn_of(dossier, by=None) as turn:
            turn.note, turn.closing, turn.state = words, "withdrawn", Dossier.State.WITHDRAWN
            turn.notify("dossier.told", [dossier.submitter], step=dossier.subject, message=words)
            turn.log("dossier.withdrawn", note=words)
            close_pause(turn)
            cancel_process(process)
    return True


def _why_ended(parent: Dossier) -> str:
    """Say in the language at hand why a linked dossier is withdrawn."""
    if parent.state == Dossier.State.WITHDRAWN:
        return _("The dossier %(number)s, from which this one was opened, was withdrawn.")
    if parent.state == Dossier.State.REJECTED:
        return _("The dossier %(number)s, from which this one was opened, was rejected.")
    return _("The dossier %(number)s, for which this one was opened, no longer waits for it.")


def check_circles(definition: Definition) -> Iterator[Finding]:
    """Yield a finding for every step that opens its own type, directly or through others."""
    for spec, place, _depth in walk(definition.flow.steps):
        code = getattr(spec, "type", "") if spec.kind == "sub_dossier" else ""
        if code and _leads_to(code, definition.code):
            message = _("Dossiers of the type “%(code)s” would open each other without end.") % {"code": code}
            yield Finding("flows.E133", message, f"{place}.type", spec.id)


def _leads_to(code: str, goal: str) -> bool:
    """Return whether the type `code` opens the type `goal`, directly or through current versions of others."""
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            rows = DossierType.objects.filter(code=here, current__isnull=False)
            raw = rows.values_list("current__definition", flat=True).first()
            waiting += _opened_by((raw or {}).get("flow", {}).get("steps", []))
    return False


def _opened_by(specs: list[Any]) -> list[str]:
    """Return the types that stored steps open, nested ones too."""
    found: list[str] = []
    for spec in specs:
        if spec.get("kind") == "sub_dossier":
            found.append(spec["type"])
        for branch in spec.get("branches", []):
            found += _opened_by(branch.get("steps", []))
    return found
