"""The one place that reads the environment. Every variable is described in docs/reference/environment.md."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()

#: Folder of the database, media and secrets of this copy.
DATA = Path(env.str("DATA", default=str(ROOT / "var"))).resolve()


def required(name: str, what: str) -> str:
    """Return a variable that has no sensible default; when absent, raise with what to set."""
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {what}. See docs/reference/environment.md.")
    return value
