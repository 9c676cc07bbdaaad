"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .errands import run_errands
from .firing import fire_timers
from .standing_in import admit_stand_ins
from .stranded import rescue_stranded_tasks
from .waking import wake_waiting

jobs.register(
    Job(
        code="engine.rescue",
        schedule="*/5 * * * *",
        run=rescue_stranded_tasks,
        label=_("Give out again tasks that nobody can act on"),
    )
)

# The worker is told after each commit; this sweep finds what a killed process left, and what is due again.
jobs.register(Job("engine.errands", "* * * * *", run_errands, _("Do the work that dossiers wait for")))
jobs.register(
    Job(
        code="engine.timers",
        schedule="* * * * *",
        run=fire_timers,
        label=_("Remind of due dates and act on those that have passed"),
    )
)
jobs.register(
    Job("engine.wake", "* * * * *", wake_waiting, _("Let dossiers go on that have waited long enough"))
)
jobs.register(
    Job("engine.stand_ins", "* * * * *", admit_stand_ins, _("Let stand-ins see what those away have to do"))
)
