"""Addresses of this room: language and theme; and `<key:…>`, which the rooms above use in theirs."""

from django.conf.urls.i18n import urlpatterns as language_urls
from django.urls import include, path, register_converter

from .converters import KeyConverter
from .preferences import set_theme

register_converter(KeyConverter, "key")

urlpatterns = [
    path("i18n/", include(language_urls)),
    path("theme/", set_theme, name="set_theme"),
]
