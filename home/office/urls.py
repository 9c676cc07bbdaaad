"""Addresses of this room."""

from django.urls import path

from .views import logo, style

urlpatterns = [
    path("office/logo/<slug:name>.png", logo, name="office_logo"),
    path("office/style/<slug:colour>.css", style, name="office_style"),
]
