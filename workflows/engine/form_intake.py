"""Answers of a form page become a dossier: which type, and which question answers which of the type's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from home.forms.api import Field, FormSchema, RefusedSubmissionError, Submission, kind_of, localized
from home.people.api import User, fold
from workflows.definitions.api import Definition, definition_of
from workflows.dossiers.api import Dossier, DossierType

from .errors import BusyError, FaultError, InvalidActError, NotVisibleError
from .opening import open_dossier, version_to_start

#: Kinds that any answer can be written into, as people read it.
TEXTS = frozenset({"text", "long_text"})
#: Kinds whose answers are checked once more by the question of the type: its limits may be others.
CHECKED = frozenset({"text", "long_text", "number", "money", "date", "email", "phone"})
_NUMBERS = frozenset({"number", "money"})


@dataclass(frozen=True)
class Pair:
    """One question of the type (`target`) and the question of the form that answers it."""

    target: Field
    source: Field


def _startable() -> QuerySet[DossierType]:
    return DossierType.objects.filter(is_active=True, current__isnull=False).select_related("current")


def type_choices() -> list[tuple[str, str]]:
    """Return the dossier types that can be started, for a chooser."""
    return [(kind.code, str(kind)) for kind in _startable()]


def question_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the questions of all these types, by type."""
    return [
        (
            str(kind),
            [
                (f"{kind.code}/{field.key}", localized(field.label))
                for field in definition_of(kind.current).form.fields()
            ],
        )
        for kind in _startable()
        if kind.current
    ]


def intake_blocks() -> dict[str, blocks.Block]:
    """Return the blocks with which an administrator chooses the type and pairs questions."""
    pair = blocks.StructBlock(
        [
            (
                "target",
                blocks.ChoiceBlock(choices=question_choices, label=gettext_lazy("Question of the type")),
            ),
            (
                "source",
                blocks.CharBlock(
                    label=gettext_lazy("is answered by this question of the form"),
                    max_length=300,
                    help_text=gettext_lazy("Its words, as they stand in the form."),
                ),
            ),
        ]
    )
    return {
        "type": blocks.ChoiceBlock(choices=type_choices, label=gettext_lazy("Dossier type")),
        "pairs": blocks.ListBlock(
            pair,
            default=[],
            required=False,
            label=gettext_lazy("Questions with other words"),
            help_text=gettext_lazy(
                "Questions with the same words find each other by themselves; name only those that differ."
            ),
        ),
    }


def read_intake(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as plain data: `type`, and `pairs` of (key of the type's question, words)."""
    kind = str(value.get("type") or "")
    pairs = {}
    for row in value.get("pairs") or ():
        owner, _slash, key = str(row.get("target") or "").partition("/")
        if owner == kind:
            pairs[key] = str(row.get("source") or "")
    return {"type": kind, "pairs": pairs}


def _definition(code: str) -> Definition | None:
    kind = _startable().filter(code=code).first()
    return definition_of(kind.current) if kind and kind.current else None


def _pairs(form: FormSchema, target: FormSchema, named: Mapping[str, str]) -> Iterator[Pair]:
    """Yield which question answers which: those named, then those with the same words or the same key."""
    by_words = {fold(localized(field.label)): field for field in form.fields()}
    by_key = {field.key: field for field in form.fields()}
    for field in target.fields():
        words = named.get(field.key) or localized(field.label)
        source = by_words.get(fold(words)) or (None if field.key in named else by_key.get(field.key))
        if source is not None:
            yield Pair(field, source)


def check_intake(options: Mapping[str, Any], form: FormSchema) -> Iterable[str]:
    """Yield what is wrong with the options of a form page, one sentence each."""
    definition = _definition(options["type"])
    if definition is None:
        yield _("This dossier type cannot be started; choose another one.")
        return
    words = {fold(localized(field.label)) for field in form.fields()}
    for name in options["pairs"].values():
        if fold(name) not in words:
            yield _("The form has no question “%(question)s”.") % {"question": name}
    pairs = {pair.target.key: pair for pair in _pairs(form, definition.form, options["pairs"])}
    for field in definition.form.fields():
        label = localized(field.label)
        pair = pairs.get(field.key)
        if pair is None and field.required:
            yield _("The type asks “%(question)s”, which nothing in this form answers.") % {"question": label}
        elif pair is not None and not _fits(pair):
            known = {"question": label, "source": localized(pair.source.label)}
            yield _("“%(source)s” is of another kind than “%(question)s” of the type.") % known
        elif pair is not None and field.required and not pair.source.required:
            known = {"question": label, "source": localized(pair.source.label)}
            yield _("“%(source)s” must be required, because the type requires “%(question)s”.") % known


def _fits(pair: Pair) -> bool:
    one, other = pair.source.kind, pair.target.kind
    return one == other or other in TEXTS or {one, other} <= _NUMBERS


def _answer(pair: Pair, raw: Any) -> Any:
    """Return the answer as the type's question holds it, or None."""
    if raw is None:
        return None
    if pair.target.kind in TEXTS and pair.source.kind not in TEXTS:
        return kind_of(pair.source).display(raw, pair.source) or None
    if pair.target.kind == "choice":
        return _choice(pair, raw)
    return raw


def _choice(pair: Pair, raw: Any) -> Any:
    """Lead chosen values to those of the type's question that have the same value or the same words."""
    offered = {choice.value: choice.value for choice in pair.target.choices}  # type: ignore[attr-defined]
    words = {fold(localized(c.label)): c.value for c in pair.target.choices}  # type: ignore[attr-defined]
    labels = {c.value: fold(localized(c.label)) for c in pair.source.choices}  # type: ignore[attr-defined]
    given = raw if isinstance(raw, list) else [raw]
    found = [offered.get(value) or words.get(labels.get(value, "")) for value in given]
    kept = [value for value in found if value]
    if pair.target.several:  # type: ignore[attr-defined]
        return kept or None
    return kept[0] if kept else None


def answers_for(submission: Submission, target: FormSchema, named: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers to the type's questions. Raises `RefusedSubmissionError` naming what does not fit."""
    form = submission.schema.parsed
    found = {
        pair.target.key: _answer(pair, submission.answers.get(pair.source.key))
        for pair in _pairs(form, target, named)
    }
    mistakes = []
    for field in target.fields():
        raw = found.get(field.key)
        if raw in (None, "", []):
            if field.required:
                mistakes.append(f"{localized(field.label)}: {_('Please answer this question.')}")
        elif field.kind in CHECKED:
            mistakes += _mistakes(field, raw)
    if mistakes:
        raise RefusedSubmissionError(
            _("The dossier cannot be opened: %(reasons)s") % {"reasons": " ".join(mistakes)}
        )
    return {key: raw for key, raw in found.items() if raw is not None}


def _mistakes(field: Field, raw: Any) -> Iterator[str]:
    kind = kind_of(field)
    try:
        kind.form_field(field).clean(str(kind.from_json(raw, field)))
    except forms.ValidationError as error:
        for message in error.messages:
            yield f"{localized(field.label)}: {message}"


def refusal_of_intake(user: User, options: Mapping[str, Any]) -> str:
    """Return why a person cannot open such a dossier; empty when they can."""
    try:
        version_to_start(options["type"], user)
    except NotVisibleError:
        return _("You cannot start this kind of dossier.")
    return ""


def open_from_form(submission: Submission, options: Mapping[str, Any]) -> Dossier:
    """Open the dossier of a submitted form page. Raises `RefusedSubmissionError` in words for the person."""
    by = submission.by
    if by is None:
        raise ValueError("A dossier needs a submitter.")
    try:
        version = version_to_start(options["type"], by)
        answers = answers_for(submission, definition_of(version).form, options["pairs"])
        return open_dossier(version, by=by, answers=answers, submission=submission)
    except NotVisibleError:
        raise RefusedSubmissionError(_("You cannot start this kind of dossier.")) from None
    except (InvalidActError, FaultError) as error:
        raise RefusedSubmissionError(error.message) from error
    except BusyError:
        raise RefusedSubmissionError(
            _("The office is very busy at this moment. Nothing is lost; please send it again.")
        ) from None
