"""What the gunicorn of `tests.workers` serves: the site on the database of the tests, as production would serve it."""

from __future__ import annotations

import os

from django.conf import settings

_FOLDER = os.environ["TESTS_FILES"]
settings.DATABASES["default"]["NAME"] = os.environ["TESTS_DATABASE"]
# Workers share files through the disk, and pages save by themselves, as in an office.
_FILES = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": _FOLDER, "base_url": "/media/"},
}
settings.STORAGES = {**settings.STORAGES, "default": _FILES, "private": _FILES}
settings.WAGTAIL_AUTOSAVE_INTERVAL = 500

from settings.wsgi import application as application  # noqa: E402 - it reads the settings
