"""The base page: every page has a department and an audience."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import AbstractPage, PageManager, PageViewRestriction
from wagtail.models.pages import AbstractPageMeta
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.signals import post_page_move
from wagtail.url_routing import RouteResult

from home.people.api import fold

from .audiences import Clauses, addressed_to, reach_of, refresh_audience
from .findable import DocumentText as DocumentText
from .findable import Findable as Findable
from .page_files import PageFile as PageFile
from .page_files import note_files, note_files_of_draft
from .panels import address_panels, audience_panels
from .readers import reader
from .routing import route
from .searching import search_words


class BasePageQuerySet(PageQuerySet):
    """Look-ups of pages. Everything that shows pages to people starts with `visible_to`."""

    def visible_to(self, user: Any) -> BasePageQuerySet:
        """Return the published pages that `user` may see: in the audience, or an editor of that part of the
        tree.

        A page below a restricted page is restricted as well. At most three small queries on top of the list
        itself; works in Wagtail's search, too (`BasePage.objects.visible_to(user).search(…)`).
        """
        return self.live().filter(reach_of(user).condition())

    def readable_by(self, user: Any) -> BasePageQuerySet:
        """Return what is published, and what has expired and is kept; for page types that keep an archive."""
        return self.filter(Q(live=True) | Q(expired=True)).filter(reach_of(user).condition())

    def archived_for(self, user: Any) -> BasePageQuerySet:
        """Return the expired pages that `user` could see before; for page types that keep an archive."""
        return self.filter(live=False, expired=True).filter(reach_of(user).condition())

    def addressed_to(self, user: Any) -> BasePageQuerySet:
        """Return the published pages in whose audience `user` is, without those that the person only edits."""
        return self.live().filter(addressed_to(user))

    def seen_or_edited_by(self, user: Any) -> BasePageQuerySet:
        """Return what is published or in the archive and `user` may see, and drafts that `user` may edit."""
        reach = reach_of(user)
        published = Q(live=True) | Q(expired=True)
        return self.filter((published & reach.condition()) | reach.edits())

    def within_reach_of(self, user: Any) -> BasePageQuerySet:
        """Return the same, drafts included: what an editor may pick in a chooser."""
        return self.filter(reach_of(user).condition())

    def visible_to_everyone(self) -> BasePageQuerySet:
        """Return the published pages without any restriction."""
        return self.live().filter(audience_rule__isnull=True, audience=BasePage.Audience.EVERYONE)


BasePageManager = PageManager.from_queryset(BasePageQuerySet)


class AudienceRule(models.Model):
    """One distinct outcome of audiences along the tree: `clauses` is a list of conditions that must all be
    met.

    Each condition is a list of readers (`department:3`, `person:12`), of whom the person must be one. Rows are found
    by their content (`digest`) and never change.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    clauses: models.JSONField[Clauses, Clauses] = models.JSONField(editable=False)

    class Meta:
        verbose_name = _("audience rule")
        verbose_name_plural = _("audience rules")

    def __str__(self) -> str:
        return str(self.clauses)


class BasePage(AbstractPage):
    """What every page of the intranet is (`WAGTAIL_PAGE_MODEL`).

    `audience`, `audience_departments` and `audience_readers` (positions, groups, people …: `readers.py`) are what the
    editor chose on this page; `audience_rule` is what follows from them and from all pages above (None: everyone). It
    is derived, and kept right by `refresh_audience`.
    """

    class Audience(models.TextChoices):
        """Who may see a page."""

        EVERYONE = "everyone", _("Everyone who is logged in")
        #: The value is older than the other kinds of readers; drafts hold it.
        LIMITED = "departments", _("Only these readers")

    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pages",
        verbose_name=_("department"),
        help_text=_("The department that answers for this page."),
    )
    audience = models.CharField(
        _("audience"), max_length=20, choices=Audience.choices, default=Audience.EVERYONE
    )
    audience_departments = ParentalManyToManyField(
        "people.Department",
        blank=True,
        related_name="+",
        verbose_name=_("departments of the audience"),
        help_text=_("Departments below these are included."),
    )
    audience_readers: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other readers"),
        default=list,
        blank=True,
        help_text=_("Positions, groups and people who see the page besides these departments."),
    )
    # No index of its own: most pages are for everyone or for the reader, and SQLite would collect and sort them all
    # instead of reading the newest until a list is full.
    audience_rule = models.ForeignKey(
        AudienceRule,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="pages",
        db_index=False,
    )
    show_in_menus = models.BooleanField(
        _("show in the main menu"), default=False, help_text=_("Only for pages right below the home page.")
    )

    objects: ClassVar = BasePageManager()

    search_fields = [
        *AbstractPage.search_fields,
        index.SearchField("folded_title", boost=4),
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_title"),
        index.FilterField("audience"),
        index.FilterField("audience_rule"),
        index.FilterField("department"),
    ]
    promote_panels = address_panels()
    settings_panels = [*audience_panels(), *AbstractPage.settings_panels]
    private_page_options: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["audience_rule"]

    class Meta(AbstractPageMeta):
        indexes = [models.Index(fields=["url_path"], name="base_page_address")]

    #: Name of the Tabler icon beside the page in lists and search results.
    front_icon = "file-text"

    #: Whether everybody of one audience sees the same text here, save menu and header: such pages are kept
    #: (`serving.py`).
    is_same_for_audience: ClassVar[bool] = False

    #: Whether the page stays readable at its address, and in an archive, once its expiry date is over.
    keeps_archive: ClassVar[bool] = False

    #: The pages between the home page and this one, where the address has already named them (`routing.py`).
    way: list[BasePage] | None = None

    @staticmethod
    def route_for_request(request: HttpRequest, path: str) -> RouteResult | None:
        """Return the page at an address (Wagtail asks here for every page that it serves)."""
        found: RouteResult | None = getattr(request, "_wagtail_route_for_request", None)
        if found is None:
            found = route(request, path)
            if found is None:
                return AbstractPage.route_for_request(request, path)
            request._wagtail_route_for_request = found  # type: ignore[attr-defined]
        return found

    @property
    def folded_title(self) -> str:
        """Return the title as searches see it."""
        return search_words(self.title)

    @property
    def folded_text(self) -> str:
        """Return the text of the page as searches see it (page types give it in `search_text`)."""
        return search_words(self.search_text())

    def search_text(self) -> str:
        """Return what of this page can be found besides its title, as plain text."""
        return ""

    def summary(self) -> str:
        """Return one or two sentences for lists and search results, as plain text."""
        return ""

    def may_be_kept(self) -> bool:
        """Tell whether this very page may be kept for its audience."""
        return self.is_same_for_audience

    @property
    def is_archived(self) -> bool:
        """Tell whether the page has expired and is kept for those who could see it before."""
        return self.keeps_archive and self.expired and not self.live

    def is_visible_to(self, user: Any) -> bool:
        """Tell whether `user` may see this page now, in the archive perhaps."""
        return (self.live or self.is_archived) and reach_of(user).holds(self)

    def get_view_restrictions(self) -> Any:
        """Return none: audiences stand in the place of Wagtail's privacy settings, which are switched off."""
        return PageViewRestriction.objects.none()

    def _set_core_field_defaults(self) -> None:
        if not self.slug and self.title:  # type: ignore[has-type]
            # Django's slugify drops đ.
            base = slugify(fold(self.title))
            if base and (self.path or getattr(self, "_cached_parent_obj", None)):
                self.slug = self._get_autogenerated_slug(base[:240])
        super()._set_core_field_defaults()

    def with_content_json(self, content: dict[str, Any]) -> BasePage:
        """Return the page as a revision holds it; what follows from the tree stays as it is now."""
        page: BasePage = super().with_content_json(content)
        page.audience_rule_id = self.audience_rule_id
        return page

    @transaction.atomic
    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> Any:
        """Store the page (a new one with its parent's department) and keep the branch's audience right."""
        is_new = self._state.adding
        placed_below = bool(self.depth and self.depth > 1)
        if is_new and placed_below and self.department_id is None:  # type: ignore[has-type]
            parent = self.get_parent()
            self.department_id = parent.department_id if parent else None
        result = super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or {"audience", "audience_readers"} & set(update_fields):
            refresh_audience(self)
        if update_fields is None and type(self) is self.specific_class:
            note_files(self)
        return result

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Keep a draft; what it attaches is for readers of this page from now on."""
        revision = super().save_revision(*args, **kwargs)
        note_files_of_draft(self)
        return revision


def _departments_changed(sender: type, instance: BasePage, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, BasePage):
        refresh_audience(instance)


def _page_moved(sender: type, instance: BasePage, **kwargs: Any) -> None:
    refresh_audience(BasePage.objects.get(pk=instance.pk), whole=True)


m2m_changed.connect(
    _departments_changed, sender=BasePage.audience_departments.through, dispatch_uid="audience_departments"
)
post_page_move.connect(_page_moved, dispatch_uid="audience_moved")


class CollectionAudience(models.Model):
    """Who may open the images and documents of a collection, and of the collections below it."""

    collection = models.OneToOneField(
        "wagtailcore.Collection", models.CASCADE, related_name="audience", verbose_name=_("collection")
    )
    departments = models.ManyToManyField(
        "people.Department",
        related_name="+",
        verbose_name=_("departments"),
        blank=True,
        help_text=_("Departments below these are included."),
    )
    readers: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other readers"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("collection with an audience")
        verbose_name_plural = _("collections with an audience")

    def __str__(self) -> str:
        return str(self.collection)

    def admits(self, names: frozenset[str]) -> bool:
        """Tell whether somebody who reads under these names may open the files; departments must be loaded."""
        departments = {reader("department", department.pk) for department in self.departments.all()}
        return bool(names & {*departments, *self.readers})
