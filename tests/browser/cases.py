"""Dossiers that stand where a test begins, carried there by the engine."""

from __future__ import annotations

from typing import Any

from home.people.api import User
from workflows.dossiers.api import Dossier, DossierType
from workflows.engine.api import decide, open_dossier, open_tasks

ANSWERS = {
    "subject": "Công văn về lịch trực cuối năm",
    "document_kind": "letter",
    "urgent": False,
    "amount": 0,
    "summary": "Đề nghị ký ban hành.",
    "files": [],
}


def person(username: str) -> User:
    """Return somebody of the demo office."""
    return User.objects.get(username=username)


def open_slip(subject: str, by: str = "an.nv", **answers: Any) -> Dossier:
    """File a document for signature; three units are asked."""
    version = DossierType.objects.select_related("current").get(code="trinh-ky").current
    return open_dossier(version, by=person(by), answers={**ANSWERS, "subject": subject, **answers})


def task_at(dossier: Dossier, title: str) -> int:
    """Return the open task whose step has this id."""
    found = [task.pk for task in open_tasks(dossier) if f"n_{title}_" in task.node]
    assert len(found) == 1, [task.node for task in open_tasks(dossier)]
    return found[0]


def agree(dossier: Dossier, step: str, by: str) -> None:
    """Let somebody agree at a step."""
    decide(task_at(dossier, step), by=person(by), outcome="agree")
