"""What the choosers of the editor offer, as the page holds it once: people, posts, departments, registers, words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from home.forms.api import field_kinds
from home.people.api import Department, Membership, Position, User, is_office_admin
from workflows.dossiers.api import PaperTemplate, Register
from workflows.steps.api import offered

from .access import own_departments, types_seen_by
from .models import FlowDraft

Entries = list[tuple[str, str]]


def lists_for(user: Any) -> dict[str, Any]:
    """Return the entries of every chooser for somebody who builds types; a fixed number of queries."""
    return {
        "department": _departments(),
        "position": [(post.code, post.name) for post in Position.objects.order_by("rank", "name")],
        "person": _people(),
        "register": [(code, code) for code in _registers(user)],
        "pattern": _patterns(),
        "target": [(name, name) for name in settings.WEBHOOKS],
        "template": _templates(user),
        "type": _types(user),
        "human": [kind.code for kind in offered() if kind.human],
        "outcomes": {kind.code: _outcomes(kind) for kind in offered() if kind.human},
        "help": _help(),
        "words": _words(),
        "add": _buttons(),
    }


def _departments() -> Entries:
    rows = Department.objects.filter(is_active=True).order_by("tree_order", "pk")
    return [(unit.code, f"{'— ' * unit.depth}{unit.name}") for unit in rows]


def _people() -> Entries:
    main = Membership.objects.current().filter(is_primary=True)
    units = dict(main.values_list("user_id", "department__name"))
    found = User.objects.active().order_by("sort_name", "pk")
    return [
        (person.username, " – ".join(filter(None, (str(person), units.get(person.pk))))) for person in found
    ]


def _registers(user: Any) -> list[str]:
    """Return the registers that numbers were taken from, and those that types in reach name."""
    used = Register.objects.values_list("code", flat=True)
    named = FlowDraft.objects.filter(department__in=own_departments(user)).values_list(
        "register_code", flat=True
    )
    return sorted({*used, *named} - {""})


def _patterns() -> Entries:
    """Return usual ways to write a number, each with an example."""
    usual = (
        "{number:02d}/{year}",
        "{number:03d}/{year}",
        "{number:02d}/{year}-TTr",
        "{number:02d}/ĐN-{year}",
    )
    return [(pattern, pattern.format(number=7, year=2026)) for pattern in usual]


def _types(user: Any) -> Entries:
    """Return the open types: of a department's administrator those that everybody may start, and their own."""
    return [(kind.code, str(kind)) for kind in types_seen_by(user).order_by("title", "pk")]


def _templates(user: Any) -> Entries:
    """Return the paper templates that are switched on: of a department's administrator the office's and their own."""
    found = PaperTemplate.objects.filter(is_active=True).order_by("title", "code")
    if not is_office_admin(user):
        found = found.filter(Q(department=None) | Q(department__in=own_departments(user)))
    return [(template.code, template.title) for template in found]


def _outcomes(kind: Any) -> Entries:
    """Return the usual outcomes of a kind of step."""
    return [(outcome.code, str(outcome.label)) for outcome in kind.outcomes(kind.Spec.model_construct())]


def _help() -> dict[str, dict[str, str]]:
    """Return one line about every kind of step and of question, by the list that it is added to and by its name."""
    of_steps = {str(kind.title): str(kind.help) for kind in offered()}
    of_questions = {str(kind.label): str(kind.describe) for kind in field_kinds}
    return {"flow": of_steps, "steps": of_steps, "questions": of_questions, "fields": of_questions}


def _buttons() -> dict[str, str]:
    """Return what buttons say that add something, by the name of the list."""
    step, question, branch = _("Add a step"), _("Add a question"), _("Add a branch")
    lists = {"flow": step, "steps": step, "questions": question, "fields": question, "branches": branch}
    return lists | {"form": _("Add a section"), "rows": _("Add a comparison")}


def _words() -> dict[str, str]:
    return {
        "choose": _("— choose —"),
        "removed": _("removed"),
        "unnamed": _("(without a name)"),
        "value": _("Value"),
        "approved": _("linked dossiers approved"),
        "closed": _("linked dossiers closed"),
        "error": _("Error"),
        "warning": _("Warning"),
    }
