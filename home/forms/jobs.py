"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .drafts import purge_form_drafts
from .letters import post_due
from .purge import purge
from .retention import retire

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
jobs.register(
    Job(
        code="forms.retire",
        schedule="10 1 * * *",
        run=retire,
        label=_("Delete answers whose time is over"),
    )
)
# The worker is told after each commit; this sweep finds what a killed process left, and what is due again.
jobs.register(
    Job(
        code="forms.letters",
        schedule="* * * * *",
        run=post_due,
        label=_("Send mail about answers"),
    )
)
