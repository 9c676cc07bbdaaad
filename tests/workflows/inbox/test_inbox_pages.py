"""Pages of the inbox: every task exactly once, the most urgent first, forwards and backwards."""

from __future__ import annotations

import itertools
import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from viewflow.workflow.models import Task

from home.people.api import Delegation
from tests.factories.flows import approve, definition, open_for, review
from workflows.dossiers.api import DISPATCH
from workflows.engine.api import LINE, claimable_parts, own_parts
from workflows.inbox.filters import URGENT
from workflows.inbox.keyset import slice_of


def _tasks(office, version, number: int) -> list[Task]:
    for _ in range(number):
        open_for(office, version)
    return list(Task.objects.filter(flow_task_type="HUMAN", finished=None).order_by("pk"))


def _spread(tasks: list[Task]) -> None:
    """Give the tasks few different due dates, and some none."""
    drawn, start = random.Random(7), timezone.now()
    for task in tasks:
        days = drawn.choice([None, 1, 2, 3])
        task.scheduled = None if days is None else start + timedelta(days=days)
        task.save(update_fields=["scheduled"])


def _keys(parts, size: int = 4) -> list[int]:
    pages = [slice_of(parts, URGENT, size=size, columns=LINE)]
    while pages[-1].next:
        pages.append(slice_of(parts, URGENT, size=size, columns=LINE, after=pages[-1].next))
    for page, following in itertools.pairwise(pages):
        back = slice_of(parts, URGENT, size=size, columns=LINE, before=following.previous)
        assert back.keys == page.keys
    return [key for page in pages for key in page.keys]


def _urgency(task: Task) -> tuple:
    return task.scheduled is None, task.scheduled or timezone.now(), task.pk


def test_all_pools_together_hold_every_task_once_in_order_of_urgency(office, version):
    tasks = _tasks(office, version, 9)
    _spread(tasks)
    reader = office.head_tc
    roles = [
        f"dept:{office.departments['TC'].pk}",
        f"head:{office.departments['TC'].pk}",
        f"user:{reader.pk}",
    ]
    mine = [task for task in tasks if task.owner_permission == roles[0]]
    for number, task in enumerate(mine):
        task.owner_permission = roles[number % 3]
        task.save(update_fields=["owner_permission"])
    assert _keys(claimable_parts(reader)) == [task.pk for task in sorted(mine, key=_urgency)]


def test_own_tasks_and_those_of_the_absent_are_one_list(office, version):
    tasks = _tasks(office, version, 8)
    _spread(tasks)
    people = [office.tc1, office.tc2, office.kt1]
    for number, task in enumerate(tasks):
        task.owner, task.status = people[number % 3], "ASSIGNED"
        task.save(update_fields=["owner", "status"])
    today = timezone.localdate()
    Delegation.objects.create(principal=office.tc2, delegate=office.tc1, since=today, until=today)
    wanted = [task for task in tasks if task.owner in people[:2]]
    assert _keys(own_parts(office.tc1)) == [task.pk for task in sorted(wanted, key=_urgency)]


@pytest.mark.parametrize("tab", ["mine", "claim"])
def test_links_lead_through_all_pages(office, as_user, tab):
    version = office.publish(
        definition(review("op", "TC") if tab == "claim" else approve("op", {"user": "tc1"}), code="mot")
    )
    tasks = _tasks(office, version, 60)
    client, found, url = as_user(office.tc1), [], f"/inbox/?tab={tab}"
    for _page in range(3):
        text = client.get(url).content.decode()
        found += re.findall(r'class="flow-title"\s+href="/tasks/(\d+)/"', text)
        links = re.findall(r'rel="next"\s+href="([^"]+)"', text)
        url = "/inbox/" + links[0].replace("&amp;", "&") if links else ""
    assert (sorted(map(int, found)), url) == ([task.pk for task in tasks], "")


def test_an_empty_page_leads_to_the_first_one(office, as_user):
    version = office.publish(definition(review("op", "TC"), code="mot"))
    _tasks(office, version, 26)
    client = as_user(office.tc1)
    last = client.get("/inbox/?tab=claim").context["page"].next
    Task.objects.filter(flow_task_type="HUMAN").order_by("-pk")[0].delete()
    answer = client.get("/inbox/", {"tab": "claim", "after": last})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/?tab=claim")


def test_the_queue_of_the_dispatchers_is_paged_as_well(office, version, as_user):
    tasks = _tasks(office, version, 20)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(owner_permission=DISPATCH)
    office.chair.is_superuser = True
    office.chair.save()
    client, seen, url = as_user(office.chair), [], "/dispatch/"
    for _page in range(2):
        text = client.get(url).content.decode()
        seen += re.findall(r'class="flow-title"\s+href="/tasks/(\d+)/"', text)
        links = re.findall(r'rel="next"\s+href="([^"]+)"', text)
        url = "/dispatch/" + links[0].replace("&amp;", "&") if links else ""
    assert (sorted(map(int, seen)), url) == ([task.pk for task in tasks], "")
