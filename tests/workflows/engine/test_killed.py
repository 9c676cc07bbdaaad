"""A process is killed (SIGKILL) at the worst moment: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.notifications.delivery import deliver_due
from home.notifications.models import Delivery
from tests.elsewhere import killed_elsewhere
from tests.factories.flows import approve, definition, make_office, open_for, task_of
from tests.workflows.engine.test_webhook import Server
from workflows.dossiers.api import Dossier, Errand
from workflows.engine import errands
from workflows.engine.api import decide, fire_timers, run_errands
from workflows.engine.models import Timer

pytestmark = pytest.mark.django_db(transaction=True)

CHAIR = {"position": "chair", "department": "LD"}
TELL = {"id": "tell", "kind": "webhook", "title": "Báo", "target": "erp"}


@pytest.fixture
def other_system(settings):
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOKS = {"erp": {"url": server.url, "secret": "x" * 32, "timeout": 10}}
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def waiting(other_system):
    """A dossier whose next decision tells a colleague and another system."""
    office = make_office()
    raw = definition(approve("sign", CHAIR), TELL, approve("last", {"user": "tc1"}))
    dossier = open_for(office, office.publish(raw))
    Notification.objects.all().delete()
    mail.outbox.clear()
    return office, dossier


#: A decision in a process of its own; `where` is the function in whose place it dies.
DECIDE = """
from unittest import mock
from home.people.models import User
from workflows.engine.api import decide
chair = User.objects.get(username="chair")
print("deciding", flush=True)
with mock.patch("{where}", die):
    decide({task}, by=chair, outcome="approve", note="Đồng ý")
"""


def decide_and_die(task: int, where: str) -> None:
    assert "deciding" in killed_elsewhere(DECIDE.format(task=task, where=where))


@pytest.mark.parametrize(
    ("where", "unsent"),
    # Messages are looked after first: in the second case the dying process has sent its own.
    [("home.notifications.sending._wake", 1), ("workflows.engine.errands._wake", 0)],
    ids=["mail", "errand"],
)
def test_killed_between_the_commit_and_what_follows(waiting, other_system, where, unsent):
    """The decision stands; whoever works next sends the message and calls the other system, once each."""
    office, dossier = waiting
    decide_and_die(task_of(dossier, "sign").pk, where)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]
    assert [entry.verb for entry in entries_for(dossier.target)] == ["dossier.opened", "task.decided"]
    assert Notification.objects.get().recipient == office.tc1
    assert (len(mail.outbox), other_system.calls) == (0, [])
    for _sweep in range(2):
        deliver_due()
        run_errands()
    assert [message.to for message in mail.outbox] == [[office.tc1.email]] * unsent
    assert Delivery.objects.get(channel="mail").state == Delivery.State.SENT
    assert len(other_system.calls) == 1
    assert Errand.objects.get().state == Errand.State.DONE
    assert verify() is None
    decide(task_of(dossier, "last").pk, by=office.tc1, outcome="approve")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.APPROVED


@pytest.mark.parametrize("where", ["workflows.engine.turns.record", "workflows.engine.turns.write_errands"])
def test_killed_before_the_commit_nothing_has_happened(waiting, other_system, where):
    """Nothing is half done, and the lock died with the process: the same decision can be made at once."""
    office, dossier = waiting
    task = task_of(dossier, "sign")
    decide_and_die(task.pk, where)
    task.refresh_from_db()
    assert task.status == "ASSIGNED"
    assert not Notification.objects.exists()
    assert not Errand.objects.exists()
    assert verify() is None
    decide(task.pk, by=office.chair, outcome="approve")
    deliver_due()
    run_errands()
    assert len(mail.outbox) == len(other_system.calls) == 1
    assert [entry.verb for entry in entries_for(dossier.target)].count("task.decided") == 1


def test_killed_while_it_has_taken_work_that_is_done_after_the_lease(waiting, other_system):
    office, dossier = waiting
    decide_and_die(task_of(dossier, "sign").pk, "workflows.engine.errands._wake")
    killed_elsewhere("""
        from unittest import mock
        from workflows.engine.api import run_errands
        with mock.patch("workflows.engine.errand_kinds.target", die):
            run_errands()
    """)
    assert run_errands() == 0, "the lease of the dead holds"
    assert other_system.calls == []
    with time_machine.travel(timezone.now() + errands.LEASE + timedelta(seconds=1), tick=True):
        assert run_errands() == 1
        assert run_errands() == 0
    assert len(other_system.calls) == 1
    assert Errand.objects.get().attempts == 2
    assert office.tc1.is_active


def test_killed_after_a_timer_has_fired_it_fires_for_nobody_else():
    office = make_office()
    raw = definition(approve("sign", {"user": "tc1"}, days=2, late=[{"days": 0, "do": "head"}]))
    dossier = open_for(office, office.publish(raw))
    Notification.objects.all().delete()
    mail.outbox.clear()
    Timer.objects.update(fire_at=timezone.now() - timedelta(minutes=1))
    killed_elsewhere("""
        from unittest import mock
        from workflows.engine.api import fire_timers
        with mock.patch("home.notifications.sending._wake", die):
            fire_timers()
    """)
    assert fire_timers() == 0
    for _sweep in range(2):
        deliver_due()
    assert Notification.objects.filter(kind="task.escalated").count() == 1
    assert [message.to for message in mail.outbox] == [[office.head_tc.email]]
    assert [entry.verb for entry in entries_for(dossier.target)] == ["dossier.opened", "task.escalated"]
    assert verify() is None
