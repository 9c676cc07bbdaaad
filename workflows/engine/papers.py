"""Papers of dossiers: made once for each errand, attached, and the flow that waited for them goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from home.audit.api import Entry, record
from home.forms.api import StoredFile, discard, store_made
from workflows.definitions.api import definition_of
from workflows.dossiers.api import (
    Attachment,
    Errand,
    FlowVersion,
    Paper,
    PaperTemplateVersion,
    content_of,
    press,
)
from workflows.steps.api import PaperSpec, walk

from .lock import exclusive, lock_process
from .waking import wake_now


class PaperError(Exception):
    """A paper cannot be made; the message is kept with the errand."""


def make_paper(errand: Errand) -> dict[str, Any]:
    """Make the paper of an errand, unless it is made already or nobody wants it any more.

    The template is filled in outside of any transaction. What it tells was fixed when the step ran.
    """
    made = Paper.objects.filter(errand=errand.key).first()
    if made is None:
        if _is_unwanted(errand):
            return {"skipped": True}
        version = _version(errand.payload)
        content = press(version.template.kind, _template_of(version), errand.payload["data"])
        made = _store(errand, version, content)
    wake_now(errand.task_id or 0)
    return {"paper": made.pk, "number": made.number}


def faults_of_papers(version: FlowVersion) -> list[str]:
    """Return what keeps the papers of a flow version from being made: templates and files that are gone.

    One query for each step of papers. Raises `DamagedVersionError`.
    """
    found = []
    for spec, _place, _depth in walk(definition_of(version).flow.steps):
        if isinstance(spec, PaperSpec):
            try:
                _template_of(_version({"template": spec.template, "version": spec.version}))
            except PaperError as error:
                found.append(f"{version.type.code}, version {version.number}, step {spec.id}: {error}")
    return found


def _is_unwanted(errand: Errand) -> bool:
    """Return whether the step that waits for the paper was closed: the dossier was rejected, or has gone back."""
    return Task.objects.filter(pk=errand.task_id, status=STATUS.CANCELED).exists()


def _version(wanted: Mapping[str, Any]) -> PaperTemplateVersion:
    rows = PaperTemplateVersion.objects.select_related("template")
    found = rows.filter(template__code=wanted["template"], number=wanted["version"]).first()
    if found is None:
        message = _("The paper template “%(code)s” has no version %(version)s.")
        raise PaperError(message % {"code": wanted["template"], "version": wanted["version"]})
    return found


def _template_of(version: PaperTemplateVersion) -> bytes:
    try:
        return content_of(version)
    except ValidationError as error:
        raise PaperError(" ".join(error.messages)) from error


def _store(errand: Errand, version: PaperTemplateVersion, content: bytes) -> Paper:
    """Attach the paper under the lock of its dossier, once; the file of a failed attempt is removed."""
    kept: list[StoredFile] = []
    try:
        with exclusive():
            lock_process(Process.objects.filter(dossierprocess__dossier=errand.dossier_id).order_by("-pk"))
            made = Paper.objects.filter(errand=errand.key).first()
            return made if made is not None else _attach(errand, version, content, kept)
    except BaseException:
        for stored in kept:
            discard(stored)
        raise


def _attach(errand: Errand, version: PaperTemplateVersion, content: bytes, kept: list[StoredFile]) -> Paper:
    wanted, dossier = errand.payload, errand.dossier
    same = Paper.objects.filter(dossier=dossier, step=errand.step, item=wanted["item"])
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    name = wanted["name"] if number == 1 or wanted["replace"] else f"{wanted['name']} ({number})"
    stored = store_made(
        content, name=f"{name}.{version.template.gives}", holder_kind="dossier", holder_id=dossier.pk
    )
    kept.append(stored)
    if wanted["replace"]:
        same.filter(replaced_at__isnull=True).update(replaced_at=timezone.now())
    paper = Paper.objects.create(
        dossier=dossier,
        attachment=Attachment.objects.create(dossier=dossier, file=stored, step=errand.step),
        template_version=version,
        step=errand.step,
        item=wanted["item"],
        number=number,
        errand=errand.key,
        task_id=errand.task_id,
    )
    # The paper is there: what it told needs to be kept in no second place.
    Errand.objects.filter(pk=errand.pk).update(payload={**wanted, "data": {}})
    record(_made(errand, paper, stored))
    return paper


def _made(errand: Errand, paper: Paper, stored: StoredFile) -> Entry:
    version = paper.template_version
    data = {
        "step": errand.step,
        "files": [stored.name],
        "number": paper.number,
        "template": version.template.code,
        "version": version.number,
        "sha256": stored.sha256,
    }
    return Entry(
        verb="paper.made", by=None, target=errand.dossier.target, label=errand.dossier.number, data=data
    )
