"""A register number on the way (cấp số)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from home.forms.api import Field as Question
from home.forms.api import Label, field_kinds
from workflows.dossiers.api import (
    Dossier,
    RegisterEntry,
    check_pattern,
    register_name,
    take_number,
    void_number,
)

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..lists import item_names
from ..nodes import Act
from ..order import hold_in_order
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import StepSpec


class NumberSpec(StepSpec):
    """Options: the register, how a number is written, and the answer that it becomes."""

    kind: Literal["number"] = "number"
    register_: str = Field(alias="register", min_length=1, max_length=40)
    pattern: str = Field(min_length=3, max_length=60)
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    label: Label
    #: Whether a second run voids the number and takes a new one; otherwise the dossier keeps the one it has.
    again: bool = False

    editor: ClassVar[Mapping[str, Option]] = {
        "register_": Option(gettext_lazy("Register"), picks="register", order=30),
        "pattern": Option(
            gettext_lazy("How a number is written"),
            gettext_lazy("{number:02d}/{year}-TTr becomes 07/2026-TTr."),
            order=31,
        ),
        "key": Option(hidden=True, order=0),
        "label": Option(gettext_lazy("Name of the number"), gettext_lazy("It becomes an answer."), order=32),
        "again": Option(
            gettext_lazy("Take a new number when the step runs again"),
            gettext_lazy("Otherwise the dossier keeps the one that it has."),
            order=60,
            more=True,
        ),
    }


class Number(Step[NumberSpec]):
    """Takes the next number of a register (without gaps, Nghị định 30/2020/NĐ-CP, Điều 15) and goes on at once."""

    code = "number"
    title = gettext_lazy("Register number")
    help = gettext_lazy("Takes the next number of a register; it becomes an answer.")
    icon = "hash"
    admin_icon = "list-ol"
    Spec = NumberSpec

    def brief(self, spec: NumberSpec, say: Say) -> str:
        """Say the register and how its numbers are written."""
        return f"{spec.register_}: {spec.pattern}"

    def build(self, spec: NumberSpec, graph: Graph, after: str) -> str:
        """Add one node that runs at once."""

        def run(activation: Activation) -> None:
            _number(spec, Situation.of(activation))

        return graph.add(node_name(spec.id), Act(run).Next(ref(after)), spec)

    def provides(self, spec: NumberSpec) -> Sequence[Question]:
        """Return the number as a text."""
        raw = {"key": spec.key, "kind": "text", "label": spec.label, "required": True}
        return [field_kinds.get("text").Options.model_validate(raw)]

    def lint(self, spec: NumberSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a pattern that cannot be used."""
        if fault := check_pattern(spec.pattern):
            message = _("The number pattern cannot be used: %(fault)s.") % {"fault": fault}
            yield scope.finding("flows.E108", message, spec, at="pattern")


def holder_of(dossier: Dossier, step: str, items: Sequence[str] = ()) -> str:
    """Return the name under which a register knows the number that a step took.

    Inside *each* blocks every unit or person has a number of its own: `dossier:5:issue:dept:3/user:7`.
    """
    return ":".join(filter(None, (dossier.target, step, "/".join(items))))


def _number(spec: NumberSpec, at: Situation) -> None:
    turn, dossier = at.turn, at.dossier
    holder = holder_of(dossier, spec.id, at.items)
    held = _held(spec, holder=holder).first()
    if held is not None and not spec.again:
        turn.log("number.kept", step=spec.id, title=spec.title, symbol=held.symbol)
        return
    if held is not None:
        reason = turn.note or _("The step “%(step)s” ran again.") % {"step": spec.id}
        void_number(held, reason=reason)
        turn.log("number.voided", step=spec.id, title=spec.title, symbol=held.symbol, note=reason)
    hold_in_order(at)
    entry = take_number(register=spec.register_, pattern=spec.pattern, holder=holder, moment=turn.at)
    turn.irrevocable = True
    answer = _all_numbers(spec, dossier) if at.items else entry.symbol
    dossier.answers = dossier.answers | {spec.key: answer}
    turn.log(
        "number.taken",
        step=spec.id,
        title=spec.title,
        symbol=entry.symbol,
        item="/".join(at.items),
        changed=[spec.key],
    )


def _held(spec: NumberSpec, **holder: str) -> QuerySet[RegisterEntry]:
    register = register_name(spec.register_)
    return RegisterEntry.objects.filter(register=register, voided_at__isnull=True, **holder)


def _all_numbers(spec: NumberSpec, dossier: Dossier) -> str:
    """Return the numbers that the step has taken for each so far, as in `Phòng TC: 01/2026-QĐ; Phòng KT: …`."""
    prefix = holder_of(dossier, spec.id) + ":"
    entries = list(_held(spec, holder__startswith=prefix).order_by("year", "number"))
    around = [entry.holder.removeprefix(prefix).split("/") for entry in entries]
    names = item_names(item for items in around for item in items)
    lines = [" – ".join(names.get(item, item) for item in items) for items in around]
    return "; ".join(f"{line}: {entry.symbol}" for line, entry in zip(lines, entries, strict=True))
