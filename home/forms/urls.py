"""Addresses of this room."""

from django.urls import path, re_path

from . import archive_views, records, results, views

urlpatterns = [
    path("files/<uuid:pk>/", views.stored_file, name="stored_file"),
    path("files/<uuid:pk>/thumbnail/", views.stored_thumbnail, name="stored_thumbnail"),
    path("forms/answers/", results.answer_sets, name="answer_sets"),
    path("forms/answers/<int:pk>/", results.answer_list, name="answer_list"),
    path("forms/answers/<int:pk>/columns/", results.choose_columns, name="answer_columns"),
    path("forms/answers/<int:pk>/charts/", results.answer_charts, name="answer_charts"),
    path("forms/answers/<int:pk>/purge/", archive_views.answers_purge, name="answers_purge"),
    re_path(
        r"^forms/answers/(?P<pk>\d{1,18})/export\.(?P<kind>csv|xlsx|json|zip)$",
        results.export,
        name="answer_export",
    ),
    # Numbers of anonymous answers are below zero.
    re_path(r"^forms/submissions/(?P<pk>-?\d{1,18})/$", records.submission, name="submission"),
    re_path(
        r"^forms/submissions/(?P<pk>-?\d{1,18})/delete/$", records.submission_delete, name="submission_delete"
    ),
]
