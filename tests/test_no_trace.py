"""What somebody may not see leaves no trace, at any address: every kind of secret, looked for everywhere."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from home.base.models import CollectionAudience
from home.forms.api import AnswerSet, StoredFile
from home.notifications.models import Notification
from home.pages.models import Comment, FeedKey, NewsReaders, SharedBlock, StandardPage
from home.people.api import WorkingGroup
from tests.factories.flows import make_office, open_for, task_of
from tests.factories.forms import StoredFileFactory, SubmissionFactory, make_form_page
from tests.factories.meetings import MeetingFactory
from tests.factories.pages import make_home, make_news, make_notice, make_page
from tests.factories.papers import make_template
from tests.factories.people import DelegationFactory
from tests.test_every_address import Address, admin, is_way_to_login, public

pytestmark = pytest.mark.django_db

SECRET = "Sáp nhập tuyệt mật"
WORDS = "sap nhap tuyet mat"
#: Addresses that change something for whoever calls them.
ACTS = {"logout", "set_language", "set_theme", "renew", "revoke", "wagtailadmin_logout"}


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def secrets(office, files_on_disk) -> dict[str, Any]:
    """Return one hidden thing of each kind; all belong to the department TC or to `tc1`."""
    make_home()
    finance = office.departments["TC"]
    vault = Collection.get_first_root_node().add_child(name=f"{SECRET} TC")
    CollectionAudience.objects.create(collection=vault).departments.add(finance)
    dossier = open_for(office, office.publish(), by=office.tc1, subject=SECRET)
    submission = SubmissionFactory(by=office.tc1, answers={"a": SECRET}, source="page:77")
    form_page = make_form_page(title=SECRET, departments=[finance])
    file = StoredFileFactory(
        name=f"{SECRET}.pdf", uploaded_by=office.tc1, holder_kind="dossier", holder_id=str(dossier.pk)
    )
    return {
        "dossier": dossier,
        "task": task_of(dossier, "op_tc"),
        "submission": submission,
        "answer_list": AnswerSet.objects.create(source="page:77", title=SECRET),
        "form_page": form_page,
        "stored_file": file,
        "draft": StoredFileFactory(name=f"{SECRET}.pdf", uploaded_by=office.tc1),
        "picture": StoredFileFactory(name=f"{SECRET}.png", content_type="image/png", uploaded_by=office.tc1),
        "meetings:meeting": MeetingFactory(title=SECRET, chair=office.tc1),
        "delegation:away_revoke": DelegationFactory(
            principal=office.tc1, delegate=office.tc2, matters=["kín"], reason=SECRET
        ),
        "working_group": _closed_group(office.tc1),
        "notifications:open": Notification.objects.filter(recipient=office.tc2).latest("pk"),
        "news": make_news(title=SECRET, audience_departments=[finance], show_in_menus=True),
        "reading_confirm": make_notice(title=SECRET, must_read=True, audience_departments=[finance]),
        "document": Document.objects.create(
            title=SECRET, file=ContentFile(b"%PDF-", name="tuyet-mat.pdf"), collection=vault
        ),
        "paper_template": make_template(title=SECRET, department=finance, content=b"= x", kind="typst"),
        **_talk(office.tc1, finance),
        "shared_block": SharedBlock.objects.create(name=SECRET, collection=vault, body=[]),
        "image": Image.objects.create(title=SECRET, file=get_test_image_file(), collection=vault),
    }


def _talk(author: Any, department: Any) -> dict[str, Any]:
    """Return hidden news that says nothing itself, with a comment that does, and what is read most."""
    page = make_news(title=f"{SECRET} – bàn luận", audience_departments=[department], is_lead=True)
    NewsReaders.objects.create(page=page, day=timezone.localdate() - timedelta(days=1), readers=99)
    said = Comment.objects.create(page=page, author=author, text=SECRET, state="shown", key=uuid4())
    FeedKey.objects.create(user=author)
    return {"news_talk": page, "comment": said}


def _closed_group(member: Any) -> WorkingGroup:
    group = WorkingGroup.objects.create(code="kin", name=SECRET, is_open=False)
    group.members.create(user=member)
    return group


def log_in(person: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    text: str = answer.content.decode(errors="replace")
    return (
        text.encode().decode("unicode_escape", errors="ignore") if "json" in answer["Content-Type"] else text
    )


def without_tokens(answer: Any) -> str:
    """Return the text of an answer without what differs between any two requests."""
    text = re.sub(r"[A-Za-z0-9]{64}", "", text_of(answer))
    return text.replace(answer.request["PATH_INFO"], "")


def own_addresses(secrets: dict[str, Any], missing: bool = False) -> dict[str, str]:
    """Return the address of each thing, or of one of its kind that does not exist."""
    found = {}
    for name in ("dossier", "task", "submission", "answer_list", "form_page", "stored_file"):
        key = secrets[name].pk
        found[name] = reverse(name, args=[key if not missing else _other(key)])
    for name in (
        "meetings:meeting",
        "delegation:away_revoke",
        "notifications:open",
        "reading_confirm",
        "news_talk",
    ):
        found[name] = reverse(name, args=[secrets[name].pk + (10_000 if missing else 0)])
    found["working_group"] = reverse("working_group", args=["khac" if missing else "kin"])
    key = secrets["draft"].pk
    found["draft"] = reverse("stored_file", args=[_other(key) if missing else key])
    key = secrets["picture"].pk
    found["thumbnail"] = reverse("stored_thumbnail", args=[_other(key) if missing else key])
    document = secrets["document"]
    other = document.pk + 10_000 if missing else document.pk
    found["document"] = document.url.replace(f"/{document.pk}/", f"/{other}/")
    found["news"] = secrets["news"].url if not missing else secrets["news"].url.replace("mat", "khac")
    found["image"] = secrets["image"].file.url if not missing else "/media/original_images/khong-co.png"
    return found


def _other(key: Any) -> Any:
    return key + 10_000 if isinstance(key, int) else StoredFile(name="x").pk


def test_who_is_let_in_sees_each_thing(office, secrets):
    """The mirror of what follows: the secrets do exist at these addresses."""
    secrets["answer_list"].readers.add(office.tc1)
    owner, told = log_in(office.tc1), log_in(office.tc2)
    for name, address in own_addresses(secrets).items():
        client = told if name == "notifications:open" else owner
        assert client.get(address).status_code in (200, 302), name


def test_what_is_hidden_and_what_does_not_exist_look_the_same(office, secrets):
    stranger = log_in(office.people["outsider"])
    missing = own_addresses(secrets, missing=True)
    for name, address in own_addresses(secrets).items():
        hidden, absent = stranger.get(address), stranger.get(missing[name])
        assert (hidden.status_code, absent.status_code) == (404, 404), name
        assert without_tokens(hidden) == without_tokens(absent), name
        assert set(hidden.headers) == set(absent.headers), name
        posted = [stranger.post(url, {"outcome": "agree", "reason": "x"}) for url in (address, missing[name])]
        assert posted[0].status_code == posted[1].status_code, name
        assert without_tokens(posted[0]) == without_tokens(posted[1]), name


def keys_of(secrets: dict[str, Any]) -> list[str]:
    return sorted({str(thing.pk) for thing in secrets.values()})


def paths_with(address: Address, keys: list[str]) -> list[str]:
    """Return the addresses of one view for all keys of hidden things."""
    return address.paths(tuple(keys))


def is_refused(answer: Any) -> bool:
    """Say whether nothing was shown at all: then what is looked for makes no difference."""
    if answer.status_code == 302:
        return is_way_to_login(answer) or answer.url in ("/", "/admin/")
    return answer.status_code in (403, 404, 405)


@pytest.mark.parametrize("who", ["stranger", "visitor"])
def test_no_address_shows_a_secret_to_a_stranger(office, secrets, who):
    client = log_in(office.people["outsider"]) if who == "stranger" else Client()
    for address in public():
        if address.name in ACTS:
            continue
        for path in paths_with(address, keys_of(secrets)):
            for query in ("", f"?q={WORDS}", f"?tab=all&q={WORDS}"):
                answer = client.get(path + query)
                assert SECRET not in text_of(answer), path
                if is_refused(answer):
                    break


@pytest.fixture
def editor(office) -> Client:
    """Return the browser of an editor who answers for another section, its pictures and its documents."""
    own = make_page(title="Mục của tôi")
    group = Group.objects.create(name="Biên tập khác")
    office.outsider.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permissions = Permission.objects.filter(content_type__app_label="base")
    for codename in ("add_basepage", "change_basepage", "publish_basepage"):
        GroupPagePermission.objects.create(
            group=group, page_id=own.pk, permission=permissions.get(codename=codename)
        )
    collection = Collection.get_first_root_node().add_child(name="Của tôi")
    kinds = Permission.objects.filter(content_type__app_label__in=["wagtailimages", "wagtaildocs", "pages"])
    for permission in kinds.filter(codename__regex="^(add|change|choose)_(image|document|sharedblock)$"):
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
    return log_in(office.outsider)


@pytest.mark.screen
def test_no_address_of_the_admin_shows_a_secret_to_another_editor(secrets, editor):
    shown = []
    for address, ajax in itertools.product(admin(), (False, True)):
        if address.name in ACTS:
            continue
        headers = {"x-requested-with": "XMLHttpRequest"} if ajax else {}
        for path in paths_with(address, keys_of(secrets)):
            for query in ("", f"?q={SECRET.split()[0]}"):
                answer = editor.get(path + query, headers=headers)
                if SECRET in text_of(answer):
                    shown.append((address.name, path + query))
                if is_refused(answer):
                    break
    assert shown == []


def test_acts_on_several_things_at_once_name_no_secret(secrets, editor):
    """Wagtail lists what an editor may not touch by its title."""
    of_pages = ("base", "basepage", ("delete", "move", "publish", "unpublish"))
    of_files = [
        ("wagtailimages", "image", ("delete", "add_tags", "add_to_collection")),
        ("wagtaildocs", "document", ("delete", "add_tags", "add_to_collection")),
        ("pages", "sharedblock", ("delete",)),
    ]
    own = StandardPage.objects.get(title="Mục của tôi")
    # A secret of another kind may have the key of the editor's own page, which would be deleted.
    keys = [key for key in keys_of(secrets) if key != str(own.pk)]
    for app, model, acts in (of_pages, *of_files):
        for act, key in itertools.product(acts, keys):
            address = reverse("wagtail_bulk_action", args=[app, model, act]) + f"?id={key}"
            for answer in (editor.get(address), editor.post(address)):
                assert SECRET not in text_of(answer), address
        address = reverse("wagtail_bulk_action", args=[app, model, acts[0]]) + "?id=all"
        assert SECRET not in text_of(editor.get(address)), address
        assert editor.get(address.replace("all", "abc")).status_code == 404
    address = reverse("wagtail_bulk_action", args=[*of_pages[:2], "unpublish"]) + f"?id={own.pk}"
    assert own.title in text_of(editor.get(address))
