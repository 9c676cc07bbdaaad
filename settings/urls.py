"""Every address of the site: each room brings its own `urls.py`; pages come last."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from plugins.api.installed import plugin_urls

from .policy import ADMIN_PATH

urlpatterns = [
    path("", include("home.people.urls")),
    path(ADMIN_PATH, include(wagtailadmin_urls)),
    path("", include("home.setup.urls")),
    path("", include("home.help.urls")),
    path("", include("home.forms.urls")),
    path("", include("home.office.urls")),
    path("", include("home.base.urls")),
    *plugin_urls(),
    path("", include("home.notifications.urls")),
    path("", include("home.dashboard.urls")),
    path("", include("home.meetings.urls")),
    path("", include("home.delegation.urls")),
    path("", include("workflows.inbox.urls")),
    path("", include("home.pages.urls")),
    path("", include("home.pages.form_urls")),
    path("", include("home.base.page_urls")),
]
