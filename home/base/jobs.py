"""Scheduled work of this room."""

from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .document_text import read_waiting
from .finding import catch_up

jobs.register(
    Job(
        code="base.search_catch_up",
        schedule="*/10 * * * *",
        run=catch_up,
        label=_("Take into the search what is missing there"),
    )
)
jobs.register(
    Job(
        code="base.read_documents",
        schedule="5,35 * * * *",
        run=read_waiting,
        label=_("Read the text of documents that nobody has read yet"),
    )
)
