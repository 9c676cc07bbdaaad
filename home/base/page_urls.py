"""Addresses of pages, images and documents for people who are logged in; last, as pages match anything."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as document_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .files import media_prefix, serve_media

# Asked before the address is looked up: a visitor cannot tell an existing page from a missing one.
for patterns in (wagtail_urls.urlpatterns, document_urls.urlpatterns):
    decorate_urlpatterns(patterns, login_required)

urlpatterns = [
    path(f"{media_prefix()}<path:path>", login_required(serve_media), name="media"),
    path("documents/", include(document_urls)),
    path("", include(wagtail_urls)),
]
