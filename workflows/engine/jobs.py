"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .stranded import rescue_stranded_tasks

jobs.register(
    Job(
        code="engine.rescue",
        schedule="*/5 * * * *",
        run=rescue_stranded_tasks,
        label=_("Give out again tasks that nobody can act on"),
    )
)
