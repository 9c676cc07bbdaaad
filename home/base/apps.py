"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """The page that every page is: department, audience, `visible_to`."""

    name = "home.base"
    label = "base"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Give pages our form: Wagtail's admin has set its own by now, whatever the class says."""
        from .forms import BasePageForm
        from .models import BasePage

        BasePage.base_form_class = BasePageForm
