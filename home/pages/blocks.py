"""The blocks that editors build pages from."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.base.models import BasePage

from .block_readers import reader_of
from .calling_blocks import ContactCardBlock, FormCardBlock, StartBlock
from .living_blocks import DepartmentPeopleBlock, GalleryBlock, LatestNewsBlock
from .picture_block import PictureBlock

#: What editors may do inside running text; no raw HTML anywhere.
RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link", "document-link", "superscript"]
PLAIN_RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul"]


class FileBlock(blocks.StructBlock):
    """One file with the name under which readers see it."""

    document = DocumentChooserBlock(label=_("File"))
    label = blocks.CharBlock(
        label=_("Shown as"), required=False, max_length=200, help_text=_("Empty: the title of the file.")
    )


class FileListBlock(blocks.StructBlock):
    """Files to download, with their sizes."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    files = blocks.ListBlock(FileBlock(), label=_("Files"), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("File list")
        template = "pages/blocks/files.html"


class CallOutBlock(blocks.StructBlock):
    """A few sentences that must not be missed."""

    tone = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Information")), ("warning", _("Warning")), ("success", _("Good to know"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN_RICH_TEXT)

    class Meta:
        icon = "warning"
        label = _("Call-out")
        template = "pages/blocks/call_out.html"


class LinkBlock(blocks.StructBlock):
    """A link to a page or to an address."""

    label = blocks.CharBlock(label=_("Text"), max_length=80)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.CharBlock(
        label=_("Address"),
        required=False,
        max_length=500,
        help_text=_("Begins with https://, http:// or / and is used when no page is chosen."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse a link that leads nowhere, and addresses that a browser would run."""
        cleaned = super().clean(value)
        url = (cleaned.get("url") or "").strip()
        if not cleaned.get("page") and not url:
            raise blocks.StructBlockValidationError(
                block_errors={"page": ValidationError(gettext("Choose a page or enter an address."))}
            )
        if url and (not url.startswith(("https://", "http://", "/")) or url.startswith("//")):
            message = gettext("The address must begin with https://, http:// or /.")
            raise blocks.StructBlockValidationError(block_errors={"url": ValidationError(message)})
        cleaned["url"] = url
        return cleaned

    class Meta:
        icon = "link"


class QuickLinksBlock(blocks.StructBlock):
    """Links that people need every day."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the links without those to pages that the reader may not see. One query at most."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        keys = [link["page"].pk for link in value["links"] if link.get("page")]
        seen = BasePage.objects.visible_to(reader_of(parent_context)).filter(pk__in=keys) if keys else []
        pages = {page.pk for page in seen}
        context["links"] = [
            link for link in value["links"] if not link.get("page") or link["page"].pk in pages
        ]
        return context

    class Meta:
        icon = "link"
        label = _("Quick links")
        template = "pages/blocks/quick_links.html"


class BodyBlock(blocks.StreamBlock):
    """The body of news, notices and pages."""

    text = blocks.RichTextBlock(
        label=_("Text"), features=RICH_TEXT, icon="pilcrow", template="pages/blocks/text.html"
    )
    picture = PictureBlock()
    files = FileListBlock()
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Number"), required=False)),
            ("rich_text", blocks.RichTextBlock(label=_("Formatted text"), features=PLAIN_RICH_TEXT)),
        ],
        label=_("Table"),
        icon="table",
        template="pages/blocks/table.html",
    )
    call_out = CallOutBlock()
    quick_links = QuickLinksBlock()
    gallery = GalleryBlock()
    people = DepartmentPeopleBlock()
    latest_news = LatestNewsBlock()
    contact = ContactCardBlock()
    form = FormCardBlock()
    start = StartBlock()
    shared = SnippetChooserBlock(
        "pages.SharedBlock", label=_("Shared block"), icon="snippet", template="pages/blocks/shared.html"
    )
