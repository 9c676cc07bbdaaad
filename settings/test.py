"""The settings of the test suite."""

from .base import *  # noqa: F403
from .databases import default
from .environment import DATA

SECRET_KEY = "for-tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
ICONS_STRICT = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False  # `client.login()` has no request; the tests of logging in switch it on
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": default(DATA / "test.sqlite3", synchronous="OFF")}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: the live server and the tests of races use several connections.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}

# Browser tests ask for style sheets and scripts that nobody has collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# A browser that works through a page in a second would race with the first automatic draft, which makes the page too.
WAGTAIL_AUTOSAVE_INTERVAL = 0
