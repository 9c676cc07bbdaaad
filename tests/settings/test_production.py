"""Production refuses to start half-configured, and passes Django's own check for deployment."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from settings.secret import checked_secret_key, secret_key_of

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "office.example",
    "BASE_URL": "https://office.example",
    "DATABASE_URL": "postgres://congso:word@127.0.0.1:5432/congso",
}
LOAD = "from django.conf import settings; settings.DEBUG"


def python(tmp_path: Path, *words: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    given = {**GOOD, "DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "settings.production", **changes}
    environment = {"PATH": os.environ["PATH"], **{name: value for name, value in given.items() if value}}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def setting(tmp_path: Path, expression: str, **changes: str | None) -> str:
    code = f"from django.conf import settings; print({expression})"
    done = python(tmp_path, "-c", code, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_deployment_check_is_clean(tmp_path):
    done = python(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("name", sorted(GOOD))
def test_production_names_the_variable_that_is_missing(tmp_path, name):
    done = python(tmp_path, "-c", LOAD, **{name: None})
    assert done.returncode != 0
    assert f"Set {name}:" in done.stderr


def test_production_refuses_every_host(tmp_path):
    done = python(tmp_path, "-c", LOAD, ALLOWED_HOSTS="*")
    assert done.returncode != 0
    assert "ALLOWED_HOSTS must name the hosts" in done.stderr


def test_production_refuses_a_short_secret(tmp_path):
    done = python(tmp_path, "-c", LOAD, SECRET_KEY="x" * 20)
    assert done.returncode != 0
    assert "SECRET_KEY can be guessed" in done.stderr


@pytest.mark.parametrize("key", ["django-insecure-" + "a1b2c3d4e5" * 6, "change-me" + "0123456789abc" * 5])
def test_example_secrets_are_refused(key):
    with pytest.raises(ImproperlyConfigured, match="known to everybody"):
        checked_secret_key(key)


@pytest.mark.parametrize("key", ["", "short", "ab" * 40])
def test_secrets_that_can_be_guessed_are_refused(key):
    with pytest.raises(ImproperlyConfigured, match=r"secrets\.token_urlsafe"):
        checked_secret_key(key)


def test_good_secret_is_taken_as_it_is():
    assert checked_secret_key(GOOD["SECRET_KEY"]) == GOOD["SECRET_KEY"]


def test_postgresql_connections_are_pooled_and_checked(tmp_path):
    assert setting(tmp_path, "settings.DATABASES['default']['OPTIONS']['pool']['max_size']") == "10"
    assert setting(tmp_path, "settings.DATABASES['default']['CONN_HEALTH_CHECKS']") == "True"
    pool = "settings.DATABASES['default'].get('OPTIONS', {}).get('pool')"
    assert setting(tmp_path, pool, DATABASE_POOL_MAX="0") == "None"


def test_no_request_waits_for_the_database_without_end(tmp_path):
    options = "settings.DATABASES['default']['OPTIONS']['options']"
    plans = "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1"
    assert setting(tmp_path, options) == f"-c lock_timeout=10s -c statement_timeout=120s {plans}"
    found = setting(tmp_path, options, DATABASE_LOCK_TIMEOUT="3", DATABASE_STATEMENT_TIMEOUT="0")
    assert found == f"-c lock_timeout=3s -c statement_timeout=0s {plans}"


def test_plans_are_kept_unless_a_pooler_stands_between(tmp_path):
    assert setting(tmp_path, "settings.PREPARE_AFTER") == "5"
    assert setting(tmp_path, "settings.PREPARE_AFTER", DATABASE_PREPARE="false") == "None"


def test_the_well_known_demo_password_opens_nothing_in_production(tmp_path):
    assert setting(tmp_path, "repr(settings.DEMO_PASSWORD)") == "''"
    assert python(tmp_path, "-c", LOAD, DEMO_PASSWORD="congso").returncode != 0
    assert setting(tmp_path, "settings.DEMO_PASSWORD", DEMO_PASSWORD="chosen-with-care") == "chosen-with-care"


def test_redis_serves_cache_and_sessions(tmp_path):
    engine = "settings.SESSION_ENGINE, settings.CACHES['default']['BACKEND']"
    found = setting(tmp_path, engine, CACHE_URL="redis://127.0.0.1:6379/0")
    assert "cached_db" in found
    assert "redis" in found.lower()


def test_bucket_is_used_when_named(tmp_path):
    backend = "settings.STORAGES['private']['BACKEND'], settings.STORAGES['private']['OPTIONS']['location']"
    assert setting(tmp_path, backend, S3_BUCKET="office") == "settings.storage.BucketStorage private"
    assert "FileSystemStorage" in setting(tmp_path, backend)


def test_mail_server_comes_from_its_address(tmp_path):
    expression = "settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS"
    found = setting(tmp_path, expression, EMAIL_URL="smtp+tls://me:word@mail.example:587")
    assert found == "mail.example 587 True"


def test_secret_of_a_checkout_is_made_once_and_private(tmp_path):
    first = secret_key_of(tmp_path / "var")
    path = tmp_path / "var" / "secret_key"
    assert secret_key_of(tmp_path / "var") == first == path.read_text()
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret_key"]
