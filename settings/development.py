"""One machine, one command: SQLite and files below the data folder. What `make run` uses."""

from .base import *  # noqa: F403
from .base import DATA
from .databases import default
from .environment import env
from .secret import secret_key_of

SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key_of(DATA)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

DATABASES = {"default": default(DATA / "db.sqlite3")}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"

if not DEBUG:
    # Hashed names, kept for ever by browsers: `make run` collects the files when they change.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
