"""A server that others depend on. Everything that differs between offices comes from the environment.

Refuses to start when something that must be secret or known is missing, and says what to set.
docs/how-to/production.md shows the whole way, docs/reference/environment.md every variable.
"""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .databases import from_url
from .environment import DATA, env, required
from .secret import checked_secret_key
from .storage import from_environment

SHORTEST_DEMO_PASSWORD = 12
DEBUG = False
SECRET_KEY = checked_secret_key(required("SECRET_KEY", "a long random text"))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = required("BASE_URL", "the address of the office, such as https://office.example")
ALLOWED_HOSTS = [name for name in required("ALLOWED_HOSTS", "host names, comma-separated").split(",") if name]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this office, not *.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

# Everybody in a demo office has this password: empty, so that nobody can log in with one, or chosen with care.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
if 0 < len(DEMO_PASSWORD) < SHORTEST_DEMO_PASSWORD:
    raise ImproperlyConfigured(f"DEMO_PASSWORD needs {SHORTEST_DEMO_PASSWORD} characters or more, or none.")

required("DATABASE_URL", "such as postgres://user:password@host:5432/congso")
DATABASES = {"default": from_url(pooled=True)}
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if "redis" in CACHES["default"]["BACKEND"].lower():
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

STORAGES = {
    **from_environment(DATA),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = env.path("STATIC_ROOT", default=str(DATA / "static"))()

vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="congso@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- only through HTTPS ---
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.bool("BEHIND_PROXY", default=False):
    # Only where a proxy of our own always sets or removes this header: otherwise anybody can write it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
