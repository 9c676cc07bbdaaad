"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """The page that every page is: department, audience, `visible_to`."""

    name = "home.base"
    label = "base"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Give pages our form, and say on what reach, menu and kept pages of a reader depend."""
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.models import Collection, CollectionViewRestriction, GroupPagePermission, Site

        from home.office.api import Office
        from home.people.api import renew_when_changed, renew_when_related

        from . import admin_mails, finding, page_files
        from .forms import BasePageForm
        from .models import AudienceRule, BasePage, CollectionAudience

        # Wagtail's admin has set its own form by now, whatever the class says.
        BasePage.base_form_class = BasePageForm
        renew_when_changed(BasePage, AudienceRule, GroupPagePermission, Site, Office)
        renew_when_changed(
            get_image_model(), get_document_model()
        )  # their words stand on pages that are kept
        renew_when_changed(Collection, CollectionAudience, CollectionViewRestriction)  # who opens which files
        renew_when_related(CollectionAudience.departments, CollectionViewRestriction.groups)
        finding.connect()
        page_files.connect()
        admin_mails.silence()
