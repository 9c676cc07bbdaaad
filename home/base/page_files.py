"""Which images and documents stand on which pages: a file is seen by whoever sees a page that shows it.

Collections say who may open their files at most. A file that stands on pages is for readers of one of these pages only:
what an editor attaches to a notice for one department is neither found nor opened by others, whatever collection it
lies in. Wagtail's own index of references is written in the background, so it cannot guard anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex
from wagtail.permissions import policy_registry

from home.people.api import key_in

from .audiences import EVERYONE, reach_of

if TYPE_CHECKING:
    from .models import BasePage

DOCUMENT, IMAGE = "document", "image"


class PageFile(models.Model):
    """One file on one page, or in a draft of it.

    Without a page: a page that was not for everybody showed the file, and shows it no longer. It stays closed until
    another page shows it.
    """

    page = models.ForeignKey("base.BasePage", models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    object_id = models.BigIntegerField()

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = "file on a page"
        verbose_name_plural = "files on pages"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "page"], name="page_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} – {self.page_id}"


def model_of(kind: str) -> Any:
    """Return the model of a kind of file."""
    return get_document_model() if kind == DOCUMENT else get_image_model()


def seen_by(user: Any, kind: str, files: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return those files that stand on no page, or on one that `user` sees or edits; and what the user uploaded.

    No query of its own beyond what the reach of the user costs. Collections are asked elsewhere (`collections.py`).
    """
    from .models import BasePage

    if reach_of(user).everything:
        return files
    rows = PageFile.objects.filter(kind=kind, object_id=OuterRef("pk"))
    pages = BasePage.objects.seen_or_edited_by(user).order_by()
    seen = rows.filter(Exists(pages.filter(pk=OuterRef("page"))))
    return files.filter(~Exists(rows) | Exists(seen) | Q(uploaded_by_user=user.pk))


def may_open_file(user: Any, kind: str, file: Any) -> bool:
    """Tell whether the pages that show a file let `user` open it. One query.

    Pictures are shown as well to editors who may choose them for a page: the admin lists them anyway.
    """
    if seen_by(user, kind, model_of(kind).objects.filter(pk=file.pk)).exists():
        return True
    if kind != IMAGE:
        return False
    policy = policy_registry.get_by_type(model_of(kind))
    return bool(policy.user_has_any_permission_for_instance(user, ["choose", "change"], file))


def note_files(page: BasePage) -> None:
    """Note the files of a page as it was stored just now. Two queries, more when they have changed."""
    _write(page, forget=True)


def note_files_of_draft(page: BasePage) -> None:
    """Note what a draft adds, besides what the published page shows."""
    _write(page, forget=False)


def _write(page: BasePage, *, forget: bool) -> None:
    rows = PageFile.objects.filter(page=page.pk)
    known = {(kind, key): pk for pk, kind, key in rows.values_list("pk", "kind", "object_id")}
    shown = set(_files_on(page))
    new = [PageFile(page_id=page.pk, kind=kind, object_id=key) for kind, key in shown - known.keys()]
    PageFile.objects.bulk_create(new, ignore_conflicts=True)
    if forget and known.keys() - shown:
        _let_go(page, rows.filter(pk__in=[pk for file, pk in known.items() if file not in shown]))


def _files_on(page: BasePage) -> Iterator[tuple[str, int]]:
    kinds = {ContentType.objects.get_for_model(model_of(kind)).pk: kind for kind in (DOCUMENT, IMAGE)}
    for content_type, key, *_path in ReferenceIndex._extract_references_from_object(page):
        found = key_in(key) if content_type in kinds else None
        if found is not None:
            yield kinds[content_type], found


def _let_go(page: BasePage, rows: models.QuerySet[PageFile]) -> None:
    """Forget that files stand on a page; they stay closed if the page is not for everybody."""
    if page.audience == EVERYONE and page.audience_rule_id is None:
        rows.delete()
    else:
        rows.update(page=None)


def _page_goes(sender: type[models.Model], instance: BasePage, **kwargs: Any) -> None:
    _let_go(instance, PageFile.objects.filter(page=instance.pk))


def _file_goes(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    for kind in (DOCUMENT, IMAGE):
        if isinstance(instance, model_of(kind)):
            PageFile.objects.filter(kind=kind, object_id=instance.pk).delete()


def connect() -> None:
    """Forget the files of pages, and files, that are deleted, from now on."""
    from .models import BasePage

    models.signals.pre_delete.connect(_page_goes, sender=BasePage, dispatch_uid="page_files_page")
    models.signals.post_delete.connect(_file_goes, dispatch_uid="page_files_file")
