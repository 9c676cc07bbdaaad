"""Departments publish by themselves: their sections are opened, and their people added, by one function each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from home.audit.api import Entry, record
from home.base.models import BasePage
from home.people.api import Department, Membership, Position, User, is_office_admin

from .articles import NewsIndexPage, NoticeIndexPage
from .department_sections import DepartmentSection
from .moderation import give_rights, let_into_admin
from .plain import HomePage, StandardPage

#: What somebody may be in a section.
READER, EDITOR, APPROVER = "reader", "editor", "approver"
_NAME_LENGTH = 80


class NotYoursError(PermissionError):
    """Somebody looks after the people of a department that is not the own one."""


@transaction.atomic
def open_section(department: Department, *, by: User | None) -> DepartmentSection:
    """Give a department its own part of the tree: a page with news and notices, a collection, two groups, a workflow.

    Head and deputies approve. A section that is there already is returned as it is. `by` None is the installation;
    else only administrators of the office may. Raises `NotYoursError`, and `ValidationError` without a home page.
    """
    if by is not None and not is_office_admin(by):
        raise NotYoursError("Only administrators of the office open sections.")
    locked = Department.objects.select_for_update().get(pk=department.pk)
    found = DepartmentSection.objects.filter(department=locked).first()
    if found is not None:
        return found
    page = _page_for(locked)
    name = f"{locked.name[:_NAME_LENGTH]} ({locked.code})"
    editors, _new = Group.objects.get_or_create(name=_("Editors – %(name)s") % {"name": name})
    approvers, _new = Group.objects.get_or_create(name=_("Approvers – %(name)s") % {"name": name})
    collection = Collection.get_first_root_node().add_child(name=locked.name[:_NAME_LENGTH])
    section = DepartmentSection.objects.create(
        department=locked, page_id=page.pk, collection=collection, editors=editors, approvers=approvers
    )
    give_rights(editors, approvers, [page], collection, _("Approval – %(name)s") % {"name": name})
    approvers.user_set.add(*section.heads())
    _note("section.opened", section, by)
    return section


def _page_for(department: Department) -> StandardPage:
    home = HomePage.objects.order_by("path").first()
    if home is None:
        raise ValidationError(_("There is no home page yet, below which the section could stand."))
    page: StandardPage = home.add_child(instance=StandardPage(title=department.name, department=department))
    for model, title in ((NewsIndexPage, _("News")), (NoticeIndexPage, _("Notices"))):
        page.add_child(instance=model(title=title, department=department))
    return page


@transaction.atomic
def set_part(section: DepartmentSection, person: User, part: str, *, by: User) -> None:
    """Make somebody of the department an editor, an approver, or neither (`reader`).

    Raises `NotYoursError` for a section that `by` does not administer, and `ValidationError` for somebody who does
    not belong to the department.
    """
    _check_administrator(section, by)
    if part not in (READER, EDITOR, APPROVER):
        raise ValueError(f"{part!r} is no part. Known: {READER}, {EDITOR}, {APPROVER}.")
    if part != READER:
        _check_belongs(section, person)
    for group, wanted in ((section.editors, EDITOR), (section.approvers, APPROVER)):
        (group.user_set.add if part == wanted else group.user_set.remove)(person)
    _note("section.part", section, by, person=person.username, part=part)


@transaction.atomic
def name_administrator(section: DepartmentSection, person: User, *, named: bool, by: User) -> None:
    """Let somebody of the department look after its people, besides head and deputies, or no longer.

    Raises `NotYoursError` for whoever does not administer the office, and `ValidationError` for somebody who does not
    belong to the department. What is so already changes nothing.
    """
    if not is_office_admin(by):
        raise NotYoursError("Only administrators of the office name those of sections.")
    if section.administrators.filter(pk=person.pk).exists() == named:
        return
    if named:
        _check_belongs(section, person)
    (section.administrators.add if named else section.administrators.remove)(person)
    _note("section.administrator", section, by, person=person.username, named=named)


def positions_given_by(by: User) -> QuerySet[Position]:
    """Return the positions that `by` may give: none that stands higher than the highest one that `by` holds.

    Audiences name positions of the whole office: nobody gives, or takes, more than the own reach. Administrators of the
    office give all.
    """
    positions: QuerySet[Position] = Position.objects.all()
    if is_office_admin(by):
        return positions
    own = Membership.objects.current().filter(user=by).aggregate(rank=Min("position__rank"))["rank"]
    return positions.filter(rank__gte=own) if own is not None else positions.none()


@transaction.atomic
def add_member(section: DepartmentSection, person: User, position: Position, *, by: User) -> Membership:
    """Give somebody a place in the department from today on: as a member, never as its head.

    Raises `NotYoursError` for a section that `by` does not administer, `ValidationError` when the place is taken and
    for a position that `by` may not give.
    """
    _check_administrator(section, by)
    if not positions_given_by(by).filter(pk=position.pk).exists():
        raise ValidationError({"position": _("You cannot give a position that stands higher than your own.")})
    place = Membership(
        user=person,
        department=section.department,
        position=position,
        role=Membership.Role.MEMBER,
        since=timezone.localdate(),
    )
    place.save()
    _note("section.member", section, by, person=person.username, position=position.code)
    return place


def tidy_sections() -> int:
    """Take the rights of those who have left their departments, and give heads theirs. Return how many lost some.

    Sections of departments that went into another one go with them. Run by the clock every night.
    """
    _follow_departments()
    lost = 0
    for section in DepartmentSection.objects.select_related("editors", "approvers", "collection"):
        members = section.people().values("pk")
        for group in (section.editors, section.approvers):
            if section.collection is not None:  # sections that are older than a kind of file get it this way
                let_into_admin(group, section.collection)
            gone = group.user_set.exclude(pk__in=members)
            lost += _take_from(section, group.user_set, gone)
        lost += _take_from(section, section.administrators, section.administrators.exclude(pk__in=members))
        section.approvers.user_set.add(*section.heads())
    return lost


@transaction.atomic
def _follow_departments() -> None:
    """Hand the section of a closed department to the one that it went into, unless that one has a section itself.

    What was published stays with the former department; what comes from now on belongs to the joint one.
    """
    closed = DepartmentSection.objects.filter(
        department__is_active=False, department__successor__is_active=True
    )
    for section in closed.select_related("department__successor", "page").order_by("pk"):
        joint = section.department.successor
        if joint is None or DepartmentSection.objects.filter(department=joint).exists():
            continue
        former, section.department = section.department, joint
        section.save(update_fields=["department"])
        frame = BasePage.objects.descendant_of(section.page, inclusive=True).filter(
            depth__lte=section.page.depth + 1, department=former
        )
        frame.update(department=joint)
        _note("section.moved", section, None, former=former.code)


@transaction.atomic
def _take_from(section: DepartmentSection, rights: Any, people: Iterable[User]) -> int:
    """Take a right from those who have left; return how many they are."""
    gone = list(people)
    if gone:
        rights.remove(*gone)
        _note("section.tidied", section, None, people=[person.username for person in gone])
    return len(gone)


def _check_belongs(section: DepartmentSection, person: User) -> None:
    if not section.people().filter(pk=person.pk).exists():
        message = _("%(person)s does not belong to %(department)s.")
        raise ValidationError(message, params={"person": person, "department": section.department})


def _check_administrator(section: DepartmentSection, by: User) -> None:
    if not DepartmentSection.objects.administered_by(by).filter(pk=section.pk).exists():
        raise NotYoursError(f"{by.username} does not look after the people of {section}.")


def _note(verb: str, section: DepartmentSection, by: User | None, **data: object) -> None:
    record(Entry(verb=verb, by=by, target=f"section:{section.pk}", label=str(section.department), data=data))
