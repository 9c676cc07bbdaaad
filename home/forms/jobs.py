"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .purge import purge

jobs.register(
    Job(
        code="forms.purge",
        schedule="40 2 * * *",
        run=purge,
        label=_("Delete drafts of files that nobody sent"),
    )
)
