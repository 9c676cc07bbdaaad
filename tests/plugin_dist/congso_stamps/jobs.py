"""A job that counts stamps every night."""

from plugins.api.api import Job, jobs


def count_stamps() -> int:
    """Return how many there are."""
    from .models import Stamp

    return Stamp.objects.count()


jobs.register(Job("stamps.count", "10 2 * * *", count_stamps, "Count stamps"))
