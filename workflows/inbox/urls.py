"""Addresses of dossiers and tasks."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from . import dossier_pages, lists, starting, tasks


class KeyConverter(IntConverter):
    """A key that a database can hold; a longer number is no address."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

urlpatterns = [
    path("inbox/", lists.inbox, name="inbox"),
    path("tasks/<key:pk>/", tasks.task, name="task"),
    path("tasks/<key:pk>/claim/", tasks.claim_task, name="task_claim"),
    path("tasks/<key:pk>/release/", tasks.release_task, name="task_release"),
    path("dossiers/", lists.dossiers, name="dossiers"),
    path("dossiers/new/", starting.dossier_start, name="dossier_start"),
    path("dossiers/new/<slug:code>/", starting.dossier_new, name="dossier_new"),
    path("dossiers/<key:pk>/", dossier_pages.dossier, name="dossier"),
    path("dossiers/<key:pk>/withdraw/", dossier_pages.withdraw_dossier, name="dossier_withdraw"),
]
