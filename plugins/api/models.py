"""What the kernel remembers."""

from .job_models import JobRun, Pulse
from .profile_models import LoadedProfile, LoadedThing

__all__ = ["JobRun", "LoadedProfile", "LoadedThing", "Pulse"]
