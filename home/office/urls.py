"""Addresses of this room."""

from django.urls import path, re_path

from .views import logo, style

urlpatterns = [
    path("office/logo/<slug:name>.png", logo, name="office_logo"),
    re_path(r"^office/style/(?P<colour>[0-9a-f]{6})\.css$", style, name="office_style"),
]
