"""Publication, migration and the turn of the year at the very moment at which people act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils.translation import gettext
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from tests.factories.flows import (
    ANSWERS,
    act,
    approve,
    definition,
    make_office,
    open_for,
    signature_flow,
    task_of,
)
from tests.threads import race
from workflows.definitions import stored
from workflows.dossiers.api import Dossier, FlowVersion, RegisterEntry
from workflows.engine import compiled
from workflows.engine.api import (
    BusyError,
    InvalidActError,
    claimable_tasks,
    decide,
    migrate,
    my_tasks,
    open_dossier,
    step_title,
)

pytestmark = pytest.mark.django_db(transaction=True)
CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def office():
    return make_office()


def test_a_version_is_published_while_people_start_dossiers(office):
    """Each dossier runs on one whole version; who had the old form in hand is asked to check it, or to try again."""
    old = office.publish(definition(approve("sign", CHAIR)))
    changed = definition(approve("check", {"head_of": "VP"}), approve("sign", CHAIR))

    def begin():
        return open_dossier(old, by=office.ann, answers=ANSWERS)

    results = race(begin, begin, lambda: office.publish(changed), begin, begin)
    started = [result for result in results if isinstance(result, Dossier)]
    refused = [result for result in results if isinstance(result, InvalidActError | BusyError)]
    assert len(started) + len(refused) == 4, results
    for dossier in started:
        dossier.refresh_from_db()
        assert (dossier.version, dossier.open_steps) == (old, ["sign"])
    assert Dossier.objects.count() == len(started)
    assert open_for(office, FlowVersion.objects.latest("pk")).open_steps == ["check"]
    assert verify() is None


def test_a_decision_meets_a_migration(office):
    """Whichever comes first, the dossier ends in the flow of one version and every act is kept."""
    office.chief.is_superuser = True
    office.chief.save()
    for _ in range(3):
        old = office.publish(signature_flow())
        dossier = open_for(office, old)
        act(dossier, "op_tc", office.tc1, "agree")
        act(dossier, "op_kt", office.kt1, "agree")
        raw = signature_flow(summary="mới")
        raw["flow"]["steps"][2]["id"] = "final"
        new = office.publish(raw)
        task = task_of(dossier, "sign")
        results = race(
            lambda pk=task.pk: decide(pk, by=office.chair, outcome="approve"),
            lambda old=old, new=new: list(migrate(old, new, {"sign": "final"}, by=office.chief)),
        )
        assert not any(isinstance(result, Exception) for result in results), results
        dossier.refresh_from_db()
        assert dossier.state == Dossier.State.APPROVED
        tasks = Task.objects.filter(process__dossierprocess__dossier=dossier)
        assert not tasks.filter(finished__isnull=True).exists()
        assert tasks.filter(flow_task_type="END").count() == 1
        assert all(task.flow_task is not None for task in tasks)
        verbs = [entry.verb for entry in entries_for(dossier.target)]
        assert verbs.count("task.decided") == 3
    assert verify() is None


def test_fifty_dossiers_over_new_years_midnight(office):
    """Numbers follow the office's year: those received before midnight count on, those after it begin at 01."""
    version = office.publish(definition(approve("sign", CHAIR)))
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)  # 2027-01-01 00:00 in Ho Chi Minh City

    def begin(index):
        moment = midnight + timedelta(seconds=index - 25)
        return open_dossier(version, by=office.ann, answers=ANSWERS, at=moment)

    results = []
    for start in range(0, 50, 10):
        results += race(*[lambda index=index: begin(index) for index in range(start, start + 10)])
    assert not any(isinstance(result, Exception) for result in results), results
    for year in (2026, 2027):
        numbers = list(
            RegisterEntry.objects.filter(year=year).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, 26))
        symbols = {f"{number:02d}/{year}-TTr" for number in numbers}
        assert symbols <= set(Dossier.objects.values_list("number", flat=True))
    entries = Dossier.objects.values_list("opened_at", "number")
    assert all((at < midnight) == ("/2026-" in number) for at, number in entries)


def test_a_damaged_version_names_its_fault_and_hides_nothing(office, client):
    """Lists still show the dossiers of a version that can no longer be read; others go on."""
    broken = open_for(office, office.publish(definition(approve("sign", CHAIR))))
    sound = open_for(office, office.publish(definition(approve("sign", CHAIR), code="khac")))
    task_of_damaged = task_of(broken, "sign").pk
    FlowVersion.objects.filter(pk=broken.version_id).update(definition={"code": "trinh-ky"})
    compiled.__dict__.pop(broken.version.class_name, None)
    stored._parsed.pop(broken.version.class_name, None)
    rows = [*my_tasks(office.chair), *claimable_tasks(office.chair)]
    assert {row.dossier.pk for row in rows} == {broken.pk, sound.pk}
    fault = step_title(FlowVersion.objects.get(pk=broken.version_id), "sign")
    assert fault == gettext("%(step)s (the definition cannot be read)") % {"step": "sign"}
    client.force_login(office.chair)
    addresses = {"/inbox/": fault, "/dossiers/?tab=all": fault, f"/dossiers/{broken.pk}/": "alert-danger"}
    for address, words in addresses.items():
        page = client.get(address)
        assert page.status_code == 200, address
        assert broken.number in page.content.decode(), address
        assert words in page.content.decode(), address
    assert client.get(f"/tasks/{task_of_damaged}/").status_code == 503
    decide(task_of(sound, "sign").pk, by=office.chair, outcome="approve")


def test_the_chain_of_a_busy_day_has_no_gap(office):
    version = office.publish(definition(approve("one", CHAIR), approve("two", CHAIR)))
    dossiers = [open_for(office, version) for _ in range(6)]
    for step in ("one", "two"):
        tasks = [task_of(dossier, step).pk for dossier in dossiers]
        race(*[lambda pk=pk: decide(pk, by=office.chair, outcome="approve") for pk in tasks])
    for dossier in dossiers:
        moments = [entry.at for entry in entries_for(dossier.target)]
        assert all(earlier <= later for earlier, later in pairwise(moments))
        assert len(moments) == 3
    assert verify() is None
