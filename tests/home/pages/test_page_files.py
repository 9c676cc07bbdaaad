"""A file is seen by whoever sees a page that shows it: attachments and pictures follow the audience of their pages."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home.base.api import documents_for
from home.base.models import PageFile
from home.pages.models import NoticePage, StandardPage
from tests.factories.pages import make_home, make_news, make_notice, make_page
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(files_on_disk):
    cache.clear()  # it remembers renditions of other tests
    make_home()


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


def document(title="Danh sách kỷ luật"):
    return Document.objects.create(title=title, file=ContentFile(b"%PDF-", name="danh-sach.pdf"))


def with_file(row):
    return [("files", {"title": "", "files": [{"document": row, "label": ""}]})]


def linked(row):
    return [("text", f'<p><a linktype="document" id="{row.pk}">tệp</a></p>')]


def sees(person, row):
    """Tell whether somebody finds a document, and opens it: both say the same."""
    client = Client()
    client.force_login(person)
    found = documents_for(person).filter(pk=row.pk).exists()
    assert (client.get(row.url).status_code == 200) == found
    return found


@pytest.mark.parametrize("body", [with_file, linked])
def test_an_attachment_is_for_those_who_see_its_page(finance, body):
    mine, other = make_member(finance), UserFactory()
    row = document()
    assert sees(other, row)
    notice = make_notice(body=body(row), audience_departments=[finance])
    assert (sees(mine, row), sees(other, row)) == (True, False)
    assert sees(UserFactory(is_superuser=True), row)
    client = Client()
    client.force_login(other)
    answer = client.get("/search/?q=danh+sach").content.decode()
    assert "kỷ luật" not in answer
    notice.audience = NoticePage.Audience.EVERYONE
    notice.save_revision().publish()
    assert sees(other, row)


def test_one_page_that_everybody_sees_is_enough(finance):
    row, other = document(), UserFactory()
    make_notice(body=with_file(row), audience_departments=[finance])
    shown = make_page(body=with_file(row))
    assert sees(other, row)
    StandardPage.objects.get(pk=shown.pk).unpublish()
    assert not sees(other, row)


def test_a_draft_keeps_its_attachment_to_its_writer_until_it_is_published(finance):
    writer, other = UserFactory(), UserFactory()
    row = document()
    row.uploaded_by_user = writer
    row.save()
    page = make_page(body=with_file(row), live=False)
    assert (sees(writer, row), sees(other, row)) == (True, False)
    page.save_revision().publish()
    assert sees(other, row)


def test_what_an_edit_adds_waits_for_its_publication(finance):
    row, other, mine = document(), UserFactory(), make_member(finance)
    notice = make_notice(audience_departments=[finance])
    notice.body = with_file(row)
    notice.save_revision()
    assert not sees(other, row)
    notice.save_revision().publish()
    assert (sees(mine, row), sees(other, row)) == (True, False)


def test_nothing_comes_to_light_when_a_restricted_page_goes_or_drops_the_file(finance):
    dropped, deleted, open_one = document(), document(), document()
    other = UserFactory()
    notice = make_notice(body=with_file(dropped), audience_departments=[finance])
    notice.body = []
    notice.save_revision().publish()
    make_notice(body=with_file(deleted), audience_departments=[finance]).delete()
    make_notice(body=with_file(open_one)).delete()
    assert [sees(other, row) for row in (dropped, deleted, open_one)] == [False, False, True]
    make_page(body=with_file(dropped))
    assert sees(other, dropped)


def test_pictures_follow_their_pages_too(finance):
    picture = Image.objects.create(title="Ảnh", file=get_test_image_file())
    addresses = [picture.file.url, picture.get_rendition("width-10").url]
    make_news(image=picture, audience_departments=[finance])
    for person, status in ((make_member(finance), 200), (UserFactory(), 404)):
        client = Client()
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses] == [status] * 2


def test_files_of_older_pages_are_taken_over(finance):
    """The migration reads Wagtail's own index of references."""
    row = document()
    make_notice(body=with_file(row), audience_departments=[finance])
    PageFile.objects.all().delete()
    assert sees(UserFactory(), row)
    import_module("home.base.migrations.0008_page_files").note_files(apps, None)
    assert not sees(UserFactory(), row)
