"""A database that is migrated already: `make test` prepares one, and every process of the suite starts with a copy.

Without it (`pytest` alone) the tests migrate a database of their own and keep it between runs.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

#: A file of SQLite, or the name of a database of the PostgreSQL server; empty when there is none.
READY_DATABASE = os.environ.get("READY_DATABASE", "")


def lay_ready(path: Path) -> None:
    """Put a migrated SQLite database at `path` where there is one: a process that migrates it then has less to do."""
    if READY_DATABASE and Path(READY_DATABASE).is_file():
        shutil.copyfile(READY_DATABASE, path)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the database of this process begin as a copy, before pytest-django connects to it."""
    if not READY_DATABASE:
        return
    database = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        lay_ready(Path(database["TEST"]["NAME"]))
    else:
        database.setdefault("TEST", {})["TEMPLATE"] = READY_DATABASE
