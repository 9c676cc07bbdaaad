"""Two workers with the same errand: one paper, one file."""

from __future__ import annotations

import pytest

from home.audit.api import entries_for, verify
from home.forms.api import StoredFile
from tests.factories.flows import make_office, open_for
from tests.factories.papers import letter_flow, make_template
from tests.threads import race
from workflows.dossiers.api import Errand, Paper
from workflows.engine.errors import BusyError
from workflows.engine.papers import make_paper

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_make_one_paper():
    office = make_office()
    make_template()
    dossier = open_for(office, office.publish(letter_flow(wait=True)))
    rows = [Errand.objects.select_related("dossier").get() for _worker in range(2)]
    results = race(*(lambda row=row: make_paper(row) for row in rows))
    made = [result for result in results if not isinstance(result, BusyError)]
    assert made
    assert all(result == made[0] for result in made), results
    assert Paper.objects.count() == StoredFile.objects.count() == 1
    assert entries_for(dossier.target).filter(verb="paper.made").count() == 1
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]
    assert verify() is None
