"""Addresses of dossiers and tasks."""

from django.urls import path

from . import views

urlpatterns = [
    path("dossiers/<int:pk>/", views.dossier, name="dossier"),
    path("tasks/<int:pk>/", views.task, name="task"),
]
