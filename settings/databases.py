"""The database of every environment: SQLite below the data folder, or PostgreSQL named by DATABASE_URL."""

from pathlib import Path
from typing import Any

from .environment import env

#: Seconds that a thread of a server keeps its connection. To open one costs more than many a page: SQLite reads the
#: schema again, and writes its log back whenever the last connection closes; PostgreSQL starts a process.
KEEP_OPEN = 60
#: Bytes of an SQLite file that each process maps.
MAPPED = 256 * 2**20


def sqlite(path: Path, *, synchronous: str = "NORMAL") -> dict[str, Any]:
    """Return the settings of an SQLite file that several processes write to."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Whatever one thread writes, all others read again: from mapped memory that copies nothing.
            "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={synchronous};"
            f"PRAGMA mmap_size={MAPPED};PRAGMA cache_size=-8000;",
        },
    }


def from_url(*, pooled: bool = False) -> dict[str, Any]:
    """Return the settings of DATABASE_URL; `pooled` keeps open connections in psycopg's own pool."""
    database: dict[str, Any] = env.db("DATABASE_URL")
    if "postgresql" in database["ENGINE"]:
        database["CONN_HEALTH_CHECKS"] = True
        options = database.setdefault("OPTIONS", {})
        options.setdefault("options", _timeouts())
        if pooled and env.int("DATABASE_POOL_MAX", default=10):
            pool = {
                "min_size": env.int("DATABASE_POOL_MIN", default=1),
                "max_size": env.int("DATABASE_POOL_MAX", default=10),
                "timeout": env.int("DATABASE_POOL_TIMEOUT", default=10),
            }
            options["pool"] = pool
    return database


def _timeouts() -> str:
    """Return the start options of a connection.

    No request waits without end for a lock or for one statement. A page reads a few lines: helpers of the server and
    compiled plans cost more than they save. Reading one line here and one there costs hardly more than reading on:
    databases live in memory and on disks without moving parts.
    """
    lock = env.int("DATABASE_LOCK_TIMEOUT", default=10)
    statement = env.int("DATABASE_STATEMENT_TIMEOUT", default=120)
    return (
        f"-c lock_timeout={lock}s -c statement_timeout={statement}s "
        "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1"
    )


def default(path: Path, *, keep_open: int = 0, **options: Any) -> dict[str, Any]:
    """Return DATABASE_URL's settings when it is given, else those of the SQLite file at `path`.

    `keep_open` says for how many seconds connections outlive a request.
    """
    database = from_url() if env.str("DATABASE_URL", default="") else sqlite(path, **options)
    return database | {"CONN_MAX_AGE": keep_open}
