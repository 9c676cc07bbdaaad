"""Addresses of pages, images and documents for people who are logged in; last, as pages match anything."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as document_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .files import media_prefix, serve_media
from .moved import following_moves
from .page_links import page_by_key
from .serving import serve

# Asked before the address is looked up: a visitor cannot tell an existing page from a missing one.
for patterns in (wagtail_urls.urlpatterns, document_urls.urlpatterns):
    decorate_urlpatterns(patterns, login_required)

urlpatterns = [
    path(f"{media_prefix()}<path:path>", login_required(serve_media), name="media"),
    path("documents/", include(document_urls)),
    path("go/<key:pk>/", page_by_key, name="page_by_key"),
    *wagtail_urls.urlpatterns[:-1],  # all but its own way of serving pages
    re_path(wagtail_urls.serve_pattern, login_required(following_moves(serve)), name="wagtail_serve"),
]
