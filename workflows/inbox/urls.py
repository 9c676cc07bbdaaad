"""Addresses of dossiers and tasks."""

from django.urls import path

from . import dossier_pages, lists, starting, tasks

urlpatterns = [
    path("inbox/", lists.inbox, name="inbox"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/claim/", tasks.claim_task, name="task_claim"),
    path("tasks/<int:pk>/release/", tasks.release_task, name="task_release"),
    path("dossiers/", lists.dossiers, name="dossiers"),
    path("dossiers/new/", starting.dossier_start, name="dossier_start"),
    path("dossiers/new/<slug:code>/", starting.dossier_new, name="dossier_new"),
    path("dossiers/<int:pk>/", dossier_pages.dossier, name="dossier"),
    path("dossiers/<int:pk>/withdraw/", dossier_pages.withdraw_dossier, name="dossier_withdraw"),
]
