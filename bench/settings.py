"""The site as `make run` serves it, with a trivial page to compare with and a counter of queries."""

from settings.development import *  # noqa: F403
from settings.development import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = ["bench", *INSTALLED_APPS]
ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.hello.QueryCountMiddleware", *MIDDLEWARE]
