"""Addresses of this room."""

from django.urls import path, re_path

from . import results, views

urlpatterns = [
    path("files/<uuid:pk>/", views.stored_file, name="stored_file"),
    path("files/<uuid:pk>/thumbnail/", views.stored_thumbnail, name="stored_thumbnail"),
    path("forms/answers/", results.answer_sets, name="answer_sets"),
    path("forms/answers/<int:pk>/", results.answer_list, name="answer_list"),
    re_path(
        r"^forms/answers/(?P<pk>\d{1,18})/export\.(?P<kind>csv|xlsx)$", results.export, name="answer_export"
    ),
    path("forms/submissions/<int:pk>/", results.submission, name="submission"),
]
