"""Says keys and values of a definition's data in words, for lists of differences."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from home.forms.api import localized
from plugins.api.api import UnknownCodeError
from workflows.steps.api import Delay, ItemList, Rule, read_list, read_rule, steps, term_words

from .names import Names

#: A value that is longer is cut: the list of differences says what changed, not every word of it.
MAX_WORDS = 160


class Wording:
    """Words for one comparison; `names` knows what codes are called."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def change(self, name: str, key: str, old: Any, new: Any) -> str:
        """Say that something is different now: `Deadline of “…”: 2 working days → 3 working days`."""
        was, now = self.value(key, old), self.value(key, new)
        if was == now:
            # Two languages, or marks that do not show: say which text it is.
            was, now = self._raw(old), self._raw(new)
        return _("%(name)s: %(old)s → %(new)s") % {"name": name, "old": was, "new": now}

    def text(self, value: Any) -> str:
        """Return a text of the definition in the reader's language."""
        if isinstance(value, dict):
            return localized({str(key): str(words) for key, words in value.items()})
        return str(value or "")

    def title(self, step: Mapping[str, Any]) -> str:
        """Return what a step is called."""
        return self._short(self.text(step.get("title")) or str(step.get("id") or "?"))

    def label(self, field: Mapping[str, Any]) -> str:
        """Return what a question asks."""
        return self._short(self.text(field.get("label")) or str(field.get("key") or "?"))

    def branch(self, branch: Mapping[str, Any], index: int) -> str:
        """Return what a branch is called, else its condition, else its number."""
        words = self.text(branch.get("title")) or self.text(branch.get("label"))
        when = self.names.condition(str(branch.get("when") or ""))
        return self._short(words or when or (_("otherwise") if branch.get("otherwise") else str(index + 1)))

    def key(self, key: str) -> str:
        """Return what an option is called; one of a plugin keeps its name."""
        return str(_KEYS.get(key, key))

    def value(self, key: str, value: Any) -> str:
        """Say the value of an option."""
        if value is None or value in ("", [], {}):
            return _("none")
        special = self._special().get(key)
        return self._short(special(value) if special else self._plain(value))

    def _special(self) -> dict[str, Callable[[Any], str]]:
        return {
            "who": self._rule,
            "fallback": self._rule,
            "lead": self._rule,
            "to": self._rules_or_text,
            "of": self._list,
            "when": lambda value: self.names.condition(str(value)),
            "days": lambda value: self._term(value, None),
            "at_most": lambda value: self._term(value, None),
            "hours": lambda value: self._term(None, value),
            "department": lambda value: self.names.name("department", str(value)),
            "start": self._start,
            "subject": lambda value: self.names.name("question", str(value)),
            "until": lambda value: self.names.name("question", str(value)),
            "return_to": self._steps,
            "rule": self._agreement,
            "kind": self._kind,
            "remind": self._delays,
        }

    def _plain(self, value: Any) -> str:
        """Say a value that has no words of its own."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float):
            return number_format(value)
        if isinstance(value, str):
            return f"“{value}”"
        if isinstance(value, dict) and value.keys() <= {"vi", "en"}:
            return f"“{self.text(value)}”"
        if isinstance(value, list):
            return "; ".join(self._plain(one) for one in value)
        if isinstance(value, dict):
            return ", ".join(f"{self.key(str(key))} {self._plain(one)}" for key, one in value.items())
        return self._raw(value)

    def _raw(self, value: Any) -> str:
        return self._short(json.dumps(value, ensure_ascii=False, sort_keys=True))

    def _short(self, words: str) -> str:
        return Truncator(words).chars(MAX_WORDS)

    def _rule(self, value: Any) -> str:
        try:
            rule = read_rule(value)
        except ValidationError:
            return self._plain(value)
        return self.names.rule(rule) if isinstance(rule, Rule) else self._plain(value)

    def _rules_or_text(self, value: Any) -> str:
        return ", ".join(map(self._rule, value)) if isinstance(value, list) else self._plain(value)

    def _list(self, value: Any) -> str:
        try:
            found = read_list(value)
        except ValidationError:
            return self._plain(value)
        return self.names.items(found) if isinstance(found, ItemList) else self._plain(value)

    def _term(self, days: Any, hours: Any) -> str:
        return (
            term_words(days, hours) if isinstance(days or hours, int | float) else self._plain(days or hours)
        )

    def _start(self, value: Any) -> str:
        listed = value.get("departments") if isinstance(value, dict) else None
        if not isinstance(listed, list):
            return _("everyone") if value == "everyone" else self._plain(value)
        return ", ".join(self.names.name("department", str(code)) for code in listed)

    def _steps(self, value: Any) -> str:
        words = {"submitter": _("the submitter"), "any": _("any earlier step")}
        listed = value if isinstance(value, list) else [value]
        return ", ".join(words.get(step) or self.names.name("step", str(step)) for step in listed)

    def _agreement(self, value: Any) -> str:
        if not isinstance(value, dict):
            return {"all": _("all must agree"), "any": _("one is enough")}.get(str(value), str(value))
        words = {
            "quorum": _("at least %(needed)s must agree"),
            "weight": _("votes of weight %(needed)s must agree"),
            "share": _("%(needed)s %% must agree"),
        }
        return ", ".join(words[key] % {"needed": n} if key in words else str(n) for key, n in value.items())

    def _kind(self, value: Any) -> str:
        try:
            return str(steps.get(str(value)).title)
        except UnknownCodeError:
            return str(value)

    def _delays(self, value: Any) -> str:
        try:
            delays = [Delay.model_validate(one) for one in value]
        except (ValidationError, TypeError):
            return self._plain(value)
        return ", ".join(term_words(delay.days, delay.hours) for delay in delays)


#: The names of options.
_KEYS: dict[str, str | Promise] = {
    "code": gettext_lazy("code"),
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "department": gettext_lazy("department"),
    "register": gettext_lazy("register"),
    "pattern": gettext_lazy("pattern of the numbers"),
    "days": gettext_lazy("deadline"),
    "hours": gettext_lazy("deadline in hours"),
    "start": gettext_lazy("who may start"),
    "subject": gettext_lazy("question for the subject"),
    "help": gettext_lazy("help"),
    "kind": gettext_lazy("kind"),
    "who": gettext_lazy("who acts"),
    "fallback": gettext_lazy("who acts instead"),
    "recall": gettext_lazy("minutes to take a decision back"),
    "own_dossier": gettext_lazy("may act on their own dossier"),
    "remind": gettext_lazy("reminders"),
    "late": gettext_lazy("what happens when late"),
    "outcomes": gettext_lazy("outcomes"),
    "labels": gettext_lazy("words of the buttons"),
    "return_to": gettext_lazy("where a return may go"),
    "after_return": gettext_lazy("after a return"),
    "rule": gettext_lazy("how many must agree"),
    "veto": gettext_lazy("each may veto"),
    "if_lost": gettext_lazy("if too few agree"),
    "weight": gettext_lazy("weight"),
    "of": gettext_lazy("for whom"),
    "order": gettext_lazy("in which order"),
    "lead": gettext_lazy("who leads"),
    "when": gettext_lazy("condition"),
    "otherwise": gettext_lazy("otherwise"),
    "table": gettext_lazy("decision table"),
    "label": gettext_lazy("label"),
    "tone": gettext_lazy("tone"),
    "note_required": gettext_lazy("reason required"),
    "capacities": gettext_lazy("signing capacities"),
    "ask_again": gettext_lazy("questions that are asked again"),
    "values": gettext_lazy("calculated values"),
    "key": gettext_lazy("key of the answer"),
    "again": gettext_lazy("new number on every run"),
    "to": gettext_lazy("to whom"),
    "message": gettext_lazy("message"),
    "until": gettext_lazy("until the date"),
    "offset": gettext_lazy("days after the date"),
    "at_most": gettext_lazy("longest wait"),
    "type": gettext_lazy("dossier type"),
    "wait_for": gettext_lazy("waits for"),
    "submitter": gettext_lazy("submitter"),
    "answers": gettext_lazy("answers"),
    "with_parent": gettext_lazy("when this dossier ends"),
    "target": gettext_lazy("system"),
    "people": gettext_lazy("people can be named"),
    "due": gettext_lazy("due date"),
    "required": gettext_lazy("required"),
    "show_if": gettext_lazy("asked only if"),
    "require_if": gettext_lazy("required if"),
    "new_step": gettext_lazy("new step"),
    "default": gettext_lazy("default"),
    "prefill": gettext_lazy("filled in from the profile"),
    "unique": gettext_lazy("each answer once"),
    "calculation": gettext_lazy("calculation"),
    "choices": gettext_lazy("choices"),
    "min": gettext_lazy("smallest value"),
    "max": gettext_lazy("largest value"),
    "max_length": gettext_lazy("longest text"),
    "multiple": gettext_lazy("several"),
    "extensions": gettext_lazy("kinds of file"),
    "max_mb": gettext_lazy("size of files"),
}
