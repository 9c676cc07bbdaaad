"""One machine, one command: SQLite and files below the data folder. What `make run` uses."""

from .base import *  # noqa: F403
from .databases import KEEP_OPEN, default
from .environment import DATA, env
from .secret import secret_key_of
from .storage import local

SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key_of(DATA)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

DATABASES = {"default": default(DATA / "db.sqlite3", keep_open=KEEP_OPEN)}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"

# Hashed names, kept for ever by browsers: `make run` collects the files when they change.
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {**local(DATA), "staticfiles": {"BACKEND": PLAIN if DEBUG else MANIFEST}}

# On a terminal only what went wrong: the worker would name every task twice and bury the address.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"trouble": {"class": "logging.StreamHandler", "level": "WARNING"}},
    "loggers": {
        name: {"handlers": ["trouble"], "propagate": False} for name in ("django_tasks", "django_tasks_db")
    },
}
