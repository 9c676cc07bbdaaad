"""Departments publish by themselves: their sections are opened, and their people added, by one function each."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from home.audit.api import Entry, record
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
    if part != READER and not section.people().filter(pk=person.pk).exists():
        message = _("%(person)s does not belong to %(department)s.")
        raise ValidationError(message, params={"person": person, "department": section.department})
    for group, wanted in ((section.editors, EDITOR), (section.approvers, APPROVER)):
        (group.user_set.add if part == wanted else group.user_set.remove)(person)
    _note("section.part", section, by, person=person.username, part=part)


@transaction.atomic
def add_member(section: DepartmentSection, person: User, position: Position, *, by: User) -> Membership:
    """Give somebody a place in the department from today on: as a member, never as its head.

    Raises `NotYoursError` for a section that `by` does not administer, `ValidationError` when the place is taken.
    """
    _check_administrator(section, by)
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

    Run by the clock every night.
    """
    lost = 0
    for section in DepartmentSection.objects.select_related("editors", "approvers", "collection"):
        members = section.people().values("pk")
        for group in (section.editors, section.approvers):
            if section.collection is not None:  # sections that are older than a kind of file get it this way
                let_into_admin(group, section.collection)
            gone = list(group.user_set.exclude(pk__in=members))
            if gone:
                with transaction.atomic():
                    group.user_set.remove(*gone)
                    _note("section.tidied", section, None, people=[person.username for person in gone])
                lost += len(gone)
        section.approvers.user_set.add(*section.heads())
    return lost


def _check_administrator(section: DepartmentSection, by: User) -> None:
    if not DepartmentSection.objects.administered_by(by).filter(pk=section.pk).exists():
        raise NotYoursError(f"{by.username} does not look after the people of {section}.")


def _note(verb: str, section: DepartmentSection, by: User | None, **data: object) -> None:
    record(Entry(verb=verb, by=by, target=f"section:{section.pk}", label=str(section.department), data=data))
