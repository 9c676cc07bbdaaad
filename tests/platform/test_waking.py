"""The worker is asked once, however many commits have work for it."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from home.notifications.tasks import deliver
from plugins.api.api import wake
from workflows.engine.tasks import do_errands

pytestmark = pytest.mark.django_db
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@override_settings(TASKS=DATABASE)
def test_a_task_that_waits_is_not_asked_for_twice():
    for _ in range(3):
        wake(deliver)
    assert DBTaskResult.objects.get().task_path == deliver.module_path


@override_settings(TASKS=DATABASE)
def test_one_that_runs_already_may_have_looked_too_early_so_another_is_asked_for():
    wake(deliver)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    wake(deliver)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING"]


@override_settings(TASKS=DATABASE)
def test_what_is_asked_for_is_what_the_library_itself_would_ask_for(django_assert_num_queries):
    deliver.enqueue()
    theirs = DBTaskResult.objects.get()
    DBTaskResult.objects.all().delete()
    with django_assert_num_queries(1):
        wake(deliver)
    mine = DBTaskResult.objects.get()
    own = {"id", "enqueued_at"}
    columns = [field.attname for field in DBTaskResult._meta.concrete_fields if field.attname not in own]
    assert [getattr(mine, name) for name in columns] == [getattr(theirs, name) for name in columns]
    assert DBTaskResult.objects.ready().get() == mine


@override_settings(TASKS=DATABASE)
def test_each_kind_of_work_is_asked_for():
    wake(deliver)
    wake(do_errands)
    assert DBTaskResult.objects.count() == 2
