"""Two addresses for machines: is the process alive, and is it ready to serve?

As a middleware in front of all others they need no allowed host, no HTTPS and no login, so that a container
engine can ask from inside. They name what is missing, never why: reasons go to the log.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

ALIVE = "/-/alive"
READY = "/-/ready"
#: A background task that waited this long says that no worker runs.
LATE = timedelta(minutes=5)

log = logging.getLogger("congso.health")


class HealthMiddleware:
    """Answer `/-/alive` and `/-/ready`; pass on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or pass it on."""
        if request.path_info == ALIVE:
            return _answer({"status": "alive"}, 200)
        if request.path_info == READY:
            return ready()
        return self.get_response(request)


def ready() -> HttpResponse:
    """Return 200 when requests can be served, else 503; the worker is reported but decides nothing."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "migrations": _migrations,
        "storage": _storage,
    }
    found = {name: _passes(name, check) for name, check in checks.items()}
    fine = all(found.values())
    words = {name: "ok" if passed else "failed" for name, passed in found.items()}
    words["worker"] = "ok" if found["migrations"] and _passes("worker", _worker) else "late"
    return _answer({"status": "ready" if fine else "unavailable", "checks": words}, 200 if fine else 503)


def _answer(content: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        log.exception("The readiness check '%s' failed", name)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


class _Applied:
    """Remembers that every migration was found applied: that does not change while the process lives."""

    seen = False


def _migrations() -> bool:
    if not _Applied.seen:
        executor = MigrationExecutor(connection)
        _Applied.seen = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _Applied.seen


def _storage() -> bool:
    default_storage.exists("ready")
    return True


def _worker() -> bool:
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - LATE)
    return not waiting.exists()
