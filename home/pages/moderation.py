"""Who writes and who approves: the groups and the Wagtail workflow of news and notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.base.models import BasePage

from .articles import NewsIndexPage, NoticeIndexPage
from .department_sections import DepartmentSection

EDITORS = "Biên tập"
MODERATORS = "Duyệt tin"
WORKFLOW = "Duyệt trước khi đăng"

#: Editors change what they wrote themselves; moderators change everything in their sections and publish.
_PAGE_RIGHTS = {EDITORS: ["add"], MODERATORS: ["add", "change", "publish", "lock", "unlock"]}
_FILE_RIGHTS = {
    "wagtailimages": ["add_image", "choose_image"],
    "wagtaildocs": ["add_document", "choose_document"],
    "pages": ["add_sharedblock", "change_sharedblock", "delete_sharedblock"],
}
#: The editors of the office keep the categories of news.
_CATEGORY_RIGHTS = {
    EDITORS: ["add_newscategory", "change_newscategory"],
    MODERATORS: ["add_newscategory", "change_newscategory", "delete_newscategory"],
}


@transaction.atomic
def ensure_moderation(sections: Iterable[BasePage] | None = None) -> Workflow:
    """Make groups, rights and the workflow "submit, then a head approves" exist; idempotent.

    Editors (group "Biên tập") write in the sections and submit; somebody of the group "Duyệt tin" approves
    or sends back with a comment, and approval publishes. Without `sections`: all sections of news and
    notices. Groups and workflow that Wagtail ships for the whole tree are taken out of use when nobody is
    in them.
    """
    chosen = list(sections) if sections is not None else _all_sections()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in (EDITORS, MODERATORS)}
    workflow = give_rights(
        groups[EDITORS], groups[MODERATORS], chosen, Collection.get_first_root_node(), WORKFLOW
    )
    for name, codenames in _CATEGORY_RIGHTS.items():
        rights = Permission.objects.filter(content_type__app_label="pages", codename__in=codenames)
        groups[name].permissions.add(*rights)
    _retire_shipped()
    return workflow


def give_rights(
    editors: Group, approvers: Group, pages: Iterable[BasePage], collection: Collection, name: str
) -> Workflow:
    """Let one group write below some pages and the other approve, both with files of the collection; idempotent.

    What is submitted there goes through the workflow `name`, whose one task is the approvers'.
    """
    chosen = list(pages)
    for group, kind in ((editors, EDITORS), (approvers, MODERATORS)):
        let_into_admin(group, collection)
        _give_page_rights(group, _PAGE_RIGHTS[kind], chosen)
    workflow = _workflow(approvers, name)
    for page in chosen:
        WorkflowPage.objects.update_or_create(page_id=page.pk, defaults={"workflow": workflow})
    return workflow


def _all_sections() -> list[BasePage]:
    """Return the sections of news and notices that do not belong to one department."""
    own = DepartmentSection.objects.values_list("page__path", flat=True)
    pages = [*NewsIndexPage.objects.all(), *NoticeIndexPage.objects.all()]
    return [page for page in pages if not page.path.startswith(tuple(own))]


def let_into_admin(group: Group, collection: Collection) -> None:
    """Let a group into the admin, with the images, documents and shared blocks of a collection; idempotent."""
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    group.permissions.add(access)
    for app_label, codenames in _FILE_RIGHTS.items():
        for right in Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=collection, permission=right
            )


def _give_page_rights(group: Group, actions: list[str], sections: list[BasePage]) -> None:
    codenames = [f"{action}_{BasePage._meta.model_name}" for action in actions]
    rights = Permission.objects.filter(content_type__app_label="base", codename__in=codenames)
    for section in sections:
        for right in rights:
            GroupPagePermission.objects.get_or_create(group=group, page_id=section.pk, permission=right)


def _workflow(approvers: Group, name: str) -> Workflow:
    task = GroupApprovalTask.objects.filter(name=name).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=name)
    task.groups.add(approvers)
    workflow, _created = Workflow.objects.get_or_create(name=name)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    return workflow


def _retire_shipped() -> None:
    """Remove Wagtail's own groups that nobody is in, and its workflow for the whole tree."""
    WorkflowPage.objects.filter(page__depth=1).exclude(workflow__name=WORKFLOW).delete()
    Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True).delete()
