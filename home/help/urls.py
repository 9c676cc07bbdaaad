"""Addresses of this room."""

from django.urls import path

from .views import chapter, index

urlpatterns = [
    path("help/", index, name="help"),
    path("help/<slug:code>/", chapter, name="help_chapter"),
]
