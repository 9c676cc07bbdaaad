"""The organisation chart: units in their tree, with who heads them and how many belong to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .models import Department, Membership, User
from .stand_ins import absences_of


@dataclass
class Node:
    """One unit of the chart."""

    department: Department
    heads: list[Membership] = field(default_factory=list)
    deputies: list[Membership] = field(default_factory=list)
    people: int = 0
    all_people: int = 0
    below: list[Node] = field(default_factory=list)


def chart() -> list[Node]:
    """Return the roots of the tree of active units. Three queries, however many units and people there are."""
    nodes = {unit.pk: Node(unit) for unit in Department.objects.filter(is_active=True)}
    members: dict[int, set[int]] = defaultdict(set)
    for department, user in Membership.objects.current().order_by().values_list("department_id", "user_id"):
        members[department].add(user)
    leading = Membership.objects.current().exclude(role=Membership.Role.MEMBER)
    leaders = list(
        leading.select_related("user", "position").order_by("position__rank", "user__sort_name", "pk")
    )
    note_absences(row.user for row in leaders)
    for row in leaders:
        node = nodes[row.department_id]
        (node.heads if row.role == Membership.Role.HEAD else node.deputies).append(row)
    roots = _hang(nodes)
    for root in roots:
        _count(root, members)
    return roots


def note_absences(people: Iterable[User]) -> None:
    """Put today's delegation of all matters, or None, on each person as `absence`. One query."""
    shown = list(people)
    absences = absences_of(shown)
    for person in shown:
        person.absence = absences.get(person.pk)  # type: ignore[attr-defined]


def _hang(nodes: dict[int, Node]) -> list[Node]:
    """Hang each unit below its parent; the parts of a closed unit stand at the top."""
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.department.parent_id or 0)
        (above.below if above is not None else roots).append(node)
    return roots


def _count(node: Node, members: dict[int, set[int]]) -> set[int]:
    """Count the people of a unit and of all below it; who belongs to several counts once."""
    own = members.get(node.department.pk, set())
    everybody = set(own)
    for part in node.below:
        everybody |= _count(part, members)
    node.people, node.all_people = len(own), len(everybody)
    return everybody
