"""What the kernel remembers."""

from .job_models import JobRun, Pulse

__all__ = ["JobRun", "Pulse"]
