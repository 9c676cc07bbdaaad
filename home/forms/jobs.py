"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .drafts import purge_form_drafts
from .purge import purge

jobs.register(
    Job(
        code="forms.purge",
        schedule="40 2 * * *",
        run=purge,
        label=_("Delete drafts of files that nobody sent"),
    )
)

jobs.register(
    Job(
        code="forms.drafts",
        schedule="30 2 * * *",
        run=purge_form_drafts,
        label=_("Delete drafts of forms that nobody came back to"),
    )
)
