"""Alive and ready, as a container engine asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from settings import health


def test_alive_answers_without_database_login_or_known_host(client, settings):
    settings.ALLOWED_HOSTS = ["office.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/-/alive", HTTP_HOST="10.0.0.7")  # no database mark: a query would fail here
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_everything_stands(client):
    answer = client.get("/-/ready", HTTP_HOST="10.0.0.7")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "storage": "ok", "worker": "ok"},
    }


@pytest.mark.django_db
def test_not_ready_while_migrations_wait(client, monkeypatch):
    monkeypatch.setattr(health._Applied, "seen", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
    answer = client.get("/-/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "failed"


@pytest.mark.django_db
def test_failure_names_the_part_but_not_the_reason(client, monkeypatch):
    def broken(name):
        raise OSError("bucket office-7 at 10.1.2.3 refuses key AKIA")

    monkeypatch.setattr(default_storage, "exists", broken)
    answer = client.get("/-/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert answer.json()["checks"]["storage"] == "failed"
    assert "office-7" not in answer.content.decode()


@pytest.mark.django_db
def test_task_that_nobody_takes_up_is_reported_but_pages_are_served(client):
    row = DBTaskResult.objects.create(
        task_path="tests.none", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", priority=0
    )
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/-/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"]["worker"] == "late"
