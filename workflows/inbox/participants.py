"""Who takes part in the blocks of a dossier that ask several: what pages show, and whom they offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import localized
from home.people.api import LIMIT, Chooser, Option, User, departments_like, fold, people_options
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier
from workflows.engine.api import OpenRound, Participant, open_rounds
from workflows.steps.api import BlockSpec, item_names

#: What a list of participants says, and the colour of it.
_STATES: dict[str, tuple[str | Promise, str]] = {
    "waiting": (gettext_lazy("their turn comes"), "secondary"),
    "open": (gettext_lazy("is asked now"), "blue"),
    "done": (gettext_lazy("has answered"), "green"),
    "removed": (gettext_lazy("taken out"), "secondary"),
}


#: Shows whom to choose from, for what is searched for and who is chosen.
Offer = Callable[[str, str], Chooser]


@dataclass(frozen=True)
class Row:
    """One participant as the page shows it."""

    item: str
    name: str
    is_unit: bool
    state: str
    words: str | Promise
    tone: str

    @property
    def is_removable(self) -> bool:
        """Whether they may still be taken out, as far as the page can tell."""
        return self.state in ("waiting", "open")


@dataclass(frozen=True)
class RunningBlock:
    """One round of a block that runs now; `leads` tells whether the reader may change who takes part.

    `around` names the units or persons in whose branch of another block it runs.
    """

    step_id: str
    title: str
    rows: list[Row]
    leads: bool
    key: int
    around: str = ""


def blocks_of(dossier: Dossier, definition: Definition | None, reader: User) -> list[RunningBlock]:
    """Return the blocks that run now, in the order of the definition; nothing is read when the dossier is in none."""
    if definition is None or not dossier.is_open:
        return []
    found = []
    here = {block for step in dossier.open_steps for block, _branch in definition.paths.get(step, ())}
    for spec in definition.steps_by_id.values():
        if spec.id in here:
            title = localized(spec.title)
            for one in open_rounds(dossier, spec.id, reader):
                leads = one.leads and not dossier.is_paused
                rows = _rows(one.participants)
                found.append(RunningBlock(spec.id, title, rows, leads, one.key, around_words(one)))
    return found


def around_words(one: OpenRound) -> str:
    """Say in whose branch of other blocks a round runs, the outermost first; empty outside of one."""
    names = item_names(one.around)
    return " – ".join(names.get(item, item) for item in one.around)


def asks_several(definition: Definition | None, block: str) -> bool:
    """Return whether a definition has such a block, running or not."""
    return isinstance(definition.steps_by_id.get(block) if definition else None, BlockSpec)


def removable(people: Iterable[Participant]) -> Offer:
    """Return whom the page offers to take out; a unit has the value `dept:3`, a person `user:5`."""
    rows = [row for row in _rows(people) if row.is_removable]

    def offer(query: str, chosen: str) -> Chooser:
        words = fold(query).split()
        found = [row for row in rows if row.item == chosen or all(word in fold(row.name) for word in words)]
        units = [Option(row.item, row.name) for row in found if row.is_unit]
        persons = [Option(row.item, row.name) for row in found if not row.is_unit]
        groups = _groups(units, persons)
        return Chooser("to", groups, len(found), len(rows) > LIMIT, query=query, chosen=chosen)

    return offer


def addable(people: Iterable[Participant]) -> Offer:
    """Return the active units and people who do not take part yet; a constant number of queries."""
    taking_part = {person.item for person in people if person.state != "removed"}
    keys = [int(item.removeprefix("user:")) for item in taking_part if item.startswith("user:")]
    others = User.objects.active().exclude(pk__in=keys)

    def offer(query: str, chosen: str) -> Chooser:
        units = [unit for unit in departments_like("") if unit.value not in taking_part]
        like = {unit.value for unit in departments_like(query)} if query else {unit.value for unit in units}
        named = [unit for unit in units if unit.value in like or unit.value == chosen]
        shown = [unit for place, unit in enumerate(named) if place < LIMIT or unit.value == chosen]
        persons = people_options(others, query=query, chosen=chosen, prefix="user:")
        return Chooser(
            "to",
            _groups(shown, persons.options),
            len(named) + persons.total,
            max(len(units), persons.of) > LIMIT,
            query=query,
            chosen=chosen,
        )

    return offer


def _groups(units: list[Option], persons: list[Option]) -> list[tuple[str, list[Option]]]:
    return [(label, found) for label, found in ((_("Departments"), units), (_("People"), persons)) if found]


def _rows(people: Iterable[Participant]) -> list[Row]:
    people = list(people)
    names = item_names(person.item for person in people)
    return [
        Row(
            person.item,
            person.title or names.get(person.item, person.item),
            not person.item.startswith("user:"),
            person.state,
            *_STATES[person.state],
        )
        for person in people
    ]
