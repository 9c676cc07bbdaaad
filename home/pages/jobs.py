"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .promoted import forget_missed
from .readership import forget_visits
from .reading import ask_newcomers, remind_before_deadlines
from .search_places import renew_places
from .sections import tidy_sections

jobs.register(
    Job(
        code="pages.remind_before_deadlines",
        schedule="30 7 * * *",
        run=remind_before_deadlines,
        label=_("Remind of notices that must be read by tomorrow"),
    )
)
jobs.register(
    Job(
        code="pages.ask_newcomers",
        schedule="20 7 * * *",
        run=ask_newcomers,
        label=_("Tell newcomers of notices that must be read"),
    )
)
jobs.register(
    Job(
        code="pages.tidy_sections",
        schedule="15 1 * * *",
        run=tidy_sections,
        label=_("Take the rights of editors who have left their departments"),
    )
)
jobs.register(
    Job(
        code="pages.forget_visits",
        schedule="40 0 * * *",
        run=forget_visits,
        label=_("Forget who read which news; the numbers stay"),
    )
)
jobs.register(
    Job(
        code="pages.forget_missed",
        schedule="25 1 * * *",
        run=forget_missed,
        label=_("Forget old searches that found nothing"),
    )
)
jobs.register(
    Job(
        code="pages.renew_places",
        schedule="10 0 * * *",
        run=renew_places,
        label=_("Find people under the places that began or ended today"),
    )
)
