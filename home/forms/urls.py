"""Addresses of this room."""

from django.urls import path

from . import views

urlpatterns = [
    path("files/<uuid:pk>/", views.stored_file, name="stored_file"),
]
