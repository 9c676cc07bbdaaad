"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .reading import remind_before_deadlines

jobs.register(
    Job(
        code="pages.remind_before_deadlines",
        schedule="30 7 * * *",
        run=remind_before_deadlines,
        label=_("Remind of notices that must be read by tomorrow"),
    )
)
