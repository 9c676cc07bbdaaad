"""Blocks that show what is so today: the people of a department, the latest news; and pictures side by side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.snippets.blocks import SnippetChooserBlock

from home.people.api import Department, Membership

from .block_readers import reader_of
from .picture_block import PictureBlock

#: The size of pictures in a gallery, and of those that lists of news show.
GALLERY = "fill-480x320"
MOST_PEOPLE = 60


class GalleryBlock(blocks.StructBlock):
    """Pictures side by side; two queries, whatever their number."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    pictures = blocks.ListBlock(PictureBlock(), label=_("Images"), min_num=2, max_num=40)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the pictures with the renditions that exist."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        chosen = [picture for picture in value["pictures"] if picture.get("image")]
        keys = [picture["image"].pk for picture in chosen]
        images = get_image_model().objects.filter(pk__in=keys).prefetch_renditions(GALLERY).in_bulk()
        context["pictures"] = [
            {
                "image": images[picture["image"].pk],
                "alt": picture["image"].contextual_alt_text or picture["image"].description or "",
                "caption": picture["caption"],
            }
            for picture in chosen
            if picture["image"].pk in images
        ]
        return context

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "pages/blocks/gallery.html"


class DepartmentPeopleBlock(blocks.StructBlock):
    """Whom to ask in a department: its leaders, or everybody, with what the directory knows."""

    title = blocks.CharBlock(
        label=_("Heading"), required=False, max_length=120, help_text=_("Empty: the department's name.")
    )
    department = SnippetChooserBlock(Department, label=_("Department"))
    who = blocks.ChoiceBlock(
        label=_("Who"),
        choices=[("leaders", _("Head and deputies")), ("everybody", _("Everybody"))],
        default="leaders",
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the places held today, the highest position first. One query."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        places = Membership.objects.current().filter(department=value["department"])
        if value["who"] == "leaders":
            places = places.exclude(role=Membership.Role.MEMBER)
        ordered = places.select_related("user", "position").order_by(
            "position__rank", "user__sort_name", "pk"
        )
        context["places"] = list(ordered[:MOST_PEOPLE])
        return context

    class Meta:
        icon = "group"
        label = _("People of a department")
        template = "pages/blocks/people.html"


class LatestNewsBlock(blocks.StructBlock):
    """The latest news that the reader may see, of one department or of all. Three queries at most."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    department = SnippetChooserBlock(Department, label=_("Department"), required=False)
    number = blocks.IntegerBlock(label=_("How many"), default=5, min_value=1, max_value=12)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the news."""
        from .articles import NewsPage

        context: dict[str, Any] = super().get_context(value, parent_context)
        news = NewsPage.listed(reader_of(parent_context))
        if value["department"]:
            news = news.filter(department=value["department"])
        context["articles"] = list(news[: value["number"]])
        return context

    class Meta:
        icon = "list-ul"
        label = _("Latest news")
        template = "pages/blocks/latest_news.html"
