"""The secret key: made once and kept in the data folder of a checkout, given and checked in production."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

#: What stands in examples: as a key it would be known to everybody.
EXAMPLES = (
    "django-insecure",
    "change-me",
    "changeme",
    "secret",
    "development",
    "for-tests-only",
    "insecure",
    "your-",
)
SHORTEST = 50
FEWEST_DIFFERENT = 10
HOW = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


def checked_secret_key(key: str) -> str:
    """Return the key, or raise ImproperlyConfigured when others could know or guess it."""
    if key.lower().startswith(EXAMPLES):
        raise ImproperlyConfigured(f"SECRET_KEY is an example, known to everybody. Make one with: {HOW}")
    if len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT:
        raise ImproperlyConfigured(
            f"SECRET_KEY can be guessed: it needs {SHORTEST} characters or more, {FEWEST_DIFFERENT} of them "
            f"different; this one has {len(key)}. Make one with: {HOW}"
        )
    return key


def secret_key_of(folder: Path) -> str:
    """Return the key kept in `folder`/secret_key; make it, readable by its owner only, when there is none."""
    path = folder / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".secret_key.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)  # refuses to replace the key that another process made a moment ago
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
