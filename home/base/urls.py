"""Addresses of this room: language and theme."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.urls import include, path

from .preferences import set_theme

urlpatterns = [
    path("i18n/", include(language_urls)),
    path("theme/", set_theme, name="set_theme"),
]
