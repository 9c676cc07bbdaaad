"""Every address of the site: each room brings its own `urls.py`; pages come last."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from plugins.api.installed import plugin_urls

urlpatterns = [
    path("", include("home.people.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("home.forms.urls")),
    path("", include("home.base.urls")),
    *plugin_urls(),
    path("", include("home.notifications.urls")),
    path("", include(wagtail_urls)),
]
