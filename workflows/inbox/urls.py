"""Addresses of dossiers and tasks."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from . import (
    acts,
    bulk,
    dispatch,
    dossier_pages,
    drafts,
    export_pages,
    files,
    inbox_page,
    lists,
    remarks,
    report_pages,
    saved_views,
    starting,
    tasks,
)


class KeyConverter(IntConverter):
    """A key that a database can hold; a longer number is no address."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

urlpatterns = [
    path("inbox/", inbox_page.inbox, name="inbox"),
    path("inbox/several/", bulk.several, name="inbox_several"),
    path("inbox/views/", saved_views.save, name="saved_view_save"),
    path("inbox/views/<key:pk>/delete/", saved_views.delete, name="saved_view_delete"),
    path("dispatch/", dispatch.dispatch, name="dispatch"),
    path("tasks/<key:pk>/", tasks.task, name="task"),
    path("tasks/<key:pk>/claim/", tasks.claim_task, name="task_claim"),
    path("tasks/<key:pk>/release/", tasks.release_task, name="task_release"),
    path("tasks/<key:pk>/draft/", drafts.keep_draft, name="task_draft"),
    path("tasks/<key:pk>/supplement/", acts.supplement_task, name="task_supplement"),
    path("tasks/<key:pk>/forward/", acts.forward_task, name="task_forward"),
    path("tasks/<key:pk>/recall/", acts.recall_task, name="task_recall"),
    path("tasks/<key:pk>/reassign/", acts.reassign_task, name="task_reassign"),
    path("reports/", report_pages.report, name="reports"),
    path("reports/list/", report_pages.report_list, name="report_list"),
    path("reports/workbook/", report_pages.report_sheet, name="report_sheet"),
    path("reports/list/workbook/", report_pages.report_list_sheet, name="report_list_sheet"),
    path("dossiers/", lists.dossiers, name="dossiers"),
    path("dossiers/new/", starting.dossier_start, name="dossier_start"),
    path("dossiers/new/<slug:code>/", starting.dossier_new, name="dossier_new"),
    path("dossiers/<key:pk>/", dossier_pages.dossier, name="dossier"),
    path("dossiers/<key:pk>/follow/", dossier_pages.follow_dossier, name="dossier_follow"),
    path("dossiers/<key:pk>/look/", dossier_pages.look_at_dossier, name="dossier_look"),
    path("dossiers/<key:pk>/remarks/", remarks.remark_add, name="remark_add"),
    path("dossiers/<key:pk>/print/", export_pages.print_dossier, name="dossier_print"),
    path("dossiers/<key:pk>/export/", export_pages.export_dossier, name="dossier_export"),
    path("dossiers/<key:pk>/files/<uuid:file>/", files.file_shown, name="dossier_file"),
    path("dossiers/<key:pk>/people/", remarks.remark_people, name="remark_people"),
    path("remarks/<key:pk>/edit/", remarks.remark_edit, name="remark_edit"),
    path("remarks/<key:pk>/withdraw/", remarks.remark_withdraw, name="remark_withdraw"),
    path("dossiers/<key:pk>/withdraw/", dossier_pages.withdraw_dossier, name="dossier_withdraw"),
    path("dossiers/<key:pk>/hold/", acts.hold_dossier, name="dossier_hold"),
    path("dossiers/<key:pk>/resume/", acts.resume_dossier, name="dossier_resume"),
    path("dossiers/<key:pk>/retry/", acts.retry_work, name="dossier_retry"),
    path(
        "dossiers/<key:pk>/participants/<slug:block>/add/",
        acts.participant_add,
        name="participant_add",
    ),
    path(
        "dossiers/<key:pk>/participants/<slug:block>/remove/",
        acts.participant_remove,
        name="participant_remove",
    ),
]
