"""The front door of the plugin kernel."""

from .jobs import Job, beat_is_alive, jobs
from .registry import Registry, UnknownCodeError

__all__ = ["Job", "Registry", "UnknownCodeError", "beat_is_alive", "jobs"]
