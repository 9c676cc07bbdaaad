"""A decision under a signing capacity (ký; ký thay, thừa lệnh, thừa ủy quyền)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from home.forms.api import FormSchema, Text
from home.people.api import AuthorityError, SigningAuthority, User, authorities_of, check_authority
from workflows.dossiers.api import Dossier

from ..editor import Option
from ..findings import Finding
from ..registry import Deed, LintScope, Outcome, RefusedError
from ..situation import Situation
from .approve import Decision, DecisionSpec

OutcomeCode = Literal["sign", "return", "reject"]
Capacity = Literal["self", "KT", "TL", "TUQ"]

_OUTCOMES = {
    "sign": Outcome("sign", gettext_lazy("Sign"), "positive", vote=True),
    "return": Outcome("return", gettext_lazy("Return"), "neutral", note_required=True),
    "reject": Outcome("reject", gettext_lazy("Reject"), "negative", vote=False, note_required=True),
}
SELF = "self"


class SignSpec(DecisionSpec):
    """Options: the outcomes, and in which capacities the step may be signed."""

    kind: Literal["sign"] = "sign"
    outcomes: list[OutcomeCode] = Field(default=["sign", "return", "reject"], min_length=1, max_length=3)
    labels: dict[OutcomeCode, Text] = Field(default_factory=dict)
    capacities: list[Capacity] = Field(default=["self", "KT", "TL", "TUQ"], min_length=1, max_length=4)

    editor: ClassVar[Mapping[str, Option]] = {
        "capacities": Option(
            gettext_lazy("In which capacity it may be signed"),
            choices={
                "self": gettext_lazy("In one's own name"),
                "KT": gettext_lazy("KT. (for the head)"),
                "TL": gettext_lazy("TL. (by order)"),
                "TUQ": gettext_lazy("TUQ. (by delegated authority)"),
            },
            order=33,
        )
    }


class Sign(Decision[SignSpec]):
    """Somebody signs for themselves, or in the capacity that an authority gives them (NĐ 30/2020/NĐ-CP, Điều 13)."""

    code = "sign"
    title = gettext_lazy("Sign off")
    help = gettext_lazy("One person signs, in their own name or in the capacity of an authority to sign.")
    icon = "signature"
    admin_icon = "edit"
    Spec = SignSpec
    usual = _OUTCOMES
    lacks = gettext_lazy("The step cannot sign.")

    def ask(self, spec: SignSpec, at: Situation, by: User) -> FormSchema | None:
        """Offer the capacities in which `by` may sign this dossier now; nothing when there is no choice."""
        choices = [{"value": str(row.pk), "label": _words(row)} for row in _usable(spec, at, by)]
        if SELF in spec.capacities:
            choices.insert(0, {"value": SELF, "label": _("In my own name")})
        if not choices or [choice["value"] for choice in choices] == [SELF]:
            return None
        field = {"key": "capacity", "kind": "choice", "label": _("I sign"), "required": True}
        return FormSchema.parse({"sections": [{"fields": [field | {"choices": choices}]}]})

    def take(self, spec: SignSpec, deed: Deed) -> None:
        """Check the capacity at the moment of the decision, and keep it with the task and in the audit trail."""
        if deed.outcome.code != "sign":
            return
        chosen = str(deed.extra.get("capacity") or (SELF if SELF in spec.capacities else ""))
        if not chosen:
            raise RefusedError(_("You hold no authority to sign here. Leave it to a colleague."), "capacity")
        if chosen == SELF:
            if SELF not in spec.capacities:
                raise RefusedError(_("This step is signed under an authority only."), "capacity")
            deed.task.data["signed"] = {"capacity": SELF}
            return
        _sign_for(_checked(spec, deed, chosen), deed)

    def lint(self, spec: SignSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse what no decision may have, and a capacity that is named twice."""
        yield from super().lint(spec, scope)
        if len(set(spec.capacities)) < len(spec.capacities):
            yield scope.finding("flows.E109", _("A capacity is named twice."), spec, at="capacities")


def matter_of(at: Situation) -> str:
    """Return the matter that authorities to sign are limited to: the code of the dossier's type."""
    return str(at.process.flow_class.definition.code)


def _usable(spec: SignSpec, at: Situation, by: User) -> list[SigningAuthority]:
    day = timezone.localdate(at.turn.at)
    rows = authorities_of(by, matter=matter_of(at), on=day)
    return [row for row in rows if row.capacity in spec.capacities and _passes(row, at, by)]


def _passes(row: SigningAuthority, at: Situation, by: User) -> bool:
    try:
        _check(row.pk, at, by)
    except AuthorityError:
        return False
    return not _is_own(row, at.dossier)


def _check(key: Any, at: Situation, by: User) -> SigningAuthority:
    day = timezone.localdate(at.turn.at)
    return check_authority(key, by, matter=matter_of(at), department=at.dossier.department, on=day)


def _checked(spec: SignSpec, deed: Deed, chosen: str) -> SigningAuthority:
    """Return the authority that was chosen. Raises `RefusedError` in the words of the rule that it breaks."""
    assert deed.turn.by is not None  # noqa: S101 - a person signs, never a timer
    try:
        authority = _check(chosen, deed.at, deed.turn.by)
    except AuthorityError as error:
        raise RefusedError(error.message, "capacity") from error
    if authority.capacity not in spec.capacities:
        message = _("This step is not signed as %(capacity)s.") % {"capacity": authority.capacity}
        raise RefusedError(message, "capacity")
    if _is_own(authority, deed.turn.dossier) and not spec.own_dossier:
        raise RefusedError(_("Nobody signs a dossier in the name of its submitter."), "capacity")
    return authority


def _is_own(authority: SigningAuthority, dossier: Dossier) -> bool:
    return authority.on_behalf_of_id == dossier.submitter_id


def _sign_for(authority: SigningAuthority, deed: Deed) -> None:
    stood_in_for = deed.turn.on_behalf_of
    deed.turn.on_behalf_of = authority.on_behalf_of
    signed = {
        "capacity": authority.capacity,
        "words": authority.words(),
        "authority": authority.pk,
        "on_behalf_of": authority.on_behalf_of_id,
        "document": authority.document,
    }
    if stood_in_for is not None:
        signed["stood_in_for"] = stood_in_for.pk
    deed.task.data["signed"] = signed
    deed.turn.log("task.signed", task=deed.task.pk, step=deed.task.flow_task.spec.id, **signed)


def _words(authority: SigningAuthority) -> str:
    return f"{authority.words()} ({authority.on_behalf_of})"
