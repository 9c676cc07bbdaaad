"""How the options of a step are shown to the person who builds a flow: words, order, choosers.

A model of options (`StepSpec`, a rule, a part of either) says it in `editor`, by the name of the option; what it does
not say follows from the types. Nothing here depends on Wagtail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

Words = str | Promise

#: What a chooser can offer. `question` and `step` come from the page that is being edited.
SOURCES = (
    "department",
    "position",
    "person",
    "question",
    "step",
    "outcome",
    "register",
    "target",
    "template",
    "type",
)


@dataclass(frozen=True)
class Option:
    """One option of a step. All parts are optional.

    - `picks` names what a text is chosen from (`SOURCES`), `only` limits it to kinds (of questions, of steps), `extra`
      are fixed entries above it (value → words);
    - `choices` are the words of the values of a `Literal`, `either` those of the alternatives of a union;
    - `when` shows the option only while another option of the same part has one of these values (none: is empty);
    - `item` is how one entry of a list is called, `start` is the data of those that a new step begins with;
    - `more` puts it among the rarely needed ones, `hidden` keys are never typed;
    - `condition` says that the text is a condition, `expression` that it is CEL, `lines` that it has several lines,
      `plain` that it is a number, a text, yes or no, typed in one line.
    """

    label: Words = ""
    help: Words = ""
    picks: str = ""
    only: tuple[str, ...] = ()
    extra: Mapping[str, Words] = field(default_factory=dict)
    choices: Mapping[str, Words] = field(default_factory=dict)
    either: Mapping[str, Words] = field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    item: Words = ""
    start: tuple[Any, ...] = ()
    order: int = 50
    more: bool = False
    condition: bool = False
    lines: bool = False
    hidden: bool = False
    plain: bool = False
    expression: bool = False


def options_of(model: type[BaseModel]) -> dict[str, Option]:
    """Return what a model and its bases say about their options; the more special class wins."""
    found: dict[str, Option] = {}
    for base in reversed(model.__mro__):
        own: Any = vars(base).get("editor") or {}
        found |= own
    return found
