"""The one place that reads the environment. Every variable is described in docs/reference/environment.md."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()

#: Folder of the database, media and secrets of this copy.
DATA = Path(env.str("DATA", default=str(ROOT / "var"))).resolve()
