"""Every address of the site: each room brings its own `urls.py`; pages come last."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from plugins.api.installed import plugin_urls

from .policy import ADMIN_PATH
from .rooms import room

urlpatterns = [
    room("home.people.urls"),
    path(ADMIN_PATH, include(wagtailadmin_urls)),
    room("home.setup.urls"),
    room("home.help.urls"),
    room("home.forms.urls"),
    room("home.office.urls"),
    room("home.base.urls"),
    *plugin_urls(),
    room("home.notifications.urls"),
    room("home.dashboard.urls"),
    room("home.meetings.urls"),
    room("home.delegation.urls"),
    room("workflows.inbox.urls"),
    room("home.pages.urls"),
    room("home.pages.form_urls"),
    path("", include("home.base.page_urls")),
]
