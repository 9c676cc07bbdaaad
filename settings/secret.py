"""The secret key of a copy that runs from a checkout: made once, kept in its data folder."""

import os
import secrets
from pathlib import Path


def secret_key_of(folder: Path) -> str:
    """Return the secret key kept in `folder`/secret_key; make it (readable by its owner only) when there is none."""
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
