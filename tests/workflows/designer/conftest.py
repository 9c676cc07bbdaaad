"""An office with administrators of dossier types."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from home.people.api import ADMIN_GROUP
from tests.factories.flows import make_office, signature_flow
from workflows.definitions.api import Definition
from workflows.designer.reading import draft_from


def may_build(person):
    """Give somebody the right to build the types of their departments."""
    wanted = ["access_admin", "add_flowdraft", "change_flowdraft", "delete_flowdraft", "publish_flowdraft"]
    person.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    return type(person).objects.get(pk=person.pk)


@pytest.fixture
def office():
    """`vp1` builds the types of VP, `tc1` those of TC, `chief` is an administrator of the office."""
    office = make_office()
    for name in ("vp1", "tc1"):
        office.people[name] = may_build(office.people[name])
    group, _made = Group.objects.get_or_create(name=ADMIN_GROUP)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    office.chief.groups.add(group)
    return office


@pytest.fixture
def draft(office):
    """The signature flow of VP, not published."""
    draft = draft_from(Definition.parse(signature_flow()))
    draft.save()
    draft.save_revision(user=office.vp1)
    return draft


@pytest.fixture
def version(office):
    """The signature flow of VP, published from a file."""
    return office.publish()
