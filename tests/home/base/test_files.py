"""Images and documents follow their collection: who may not open it gets 404."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from home.base.models import CollectionAudience
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(files_on_disk):
    cache.clear()  # it remembers renditions of other tests


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def vault(finance):
    collection = Collection.get_first_root_node().add_child(name="Tài chính")
    CollectionAudience.objects.create(collection=collection).departments.add(finance)
    return collection


def get(client, user, address):
    client.force_login(user)
    return client.get(address)


def files(collection):
    document = Document.objects.create(
        title="Dự toán", file=ContentFile(b"%PDF-", name="du-toan.pdf"), collection=collection
    )
    image = Image.objects.create(title="Ảnh", file=get_test_image_file(), collection=collection)
    return [document.url, image.file.url, image.get_rendition("width-10").url]


def test_files_without_restriction_are_for_everybody_who_is_logged_in(client):
    for address in files(Collection.get_first_root_node()):
        assert client.get(address).status_code == 302
        assert get(client, UserFactory(), address).status_code == 200, address
        client.logout()


def test_files_of_a_department_do_not_exist_for_others(client, vault, finance):
    below = vault.add_child(name="Bảng lương")
    for address in [*files(vault), *files(below)]:
        assert get(client, make_member(finance), address).status_code == 200, address
        assert get(client, make_member(DepartmentFactory(parent=finance)), address).status_code == 200
        assert get(client, UserFactory(), address).status_code == 404, address
        assert get(client, UserFactory(is_superuser=True), address).status_code == 200


def test_wagtails_own_restrictions_count_as_well(client):
    collection = Collection.get_first_root_node().add_child(name="Nhóm")
    group = Group.objects.create(name="Kế toán")
    rule = CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")
    rule.groups.add(group)
    member = UserFactory()
    member.groups.add(group)
    for address in files(collection):
        assert get(client, member, address).status_code == 200
        assert get(client, UserFactory(), address).status_code == 404


def test_documents_are_not_reachable_through_the_media_folder(client):
    document = Document.objects.create(title="Tệp", file=ContentFile(b"x", name="tep.txt"))
    assert get(client, UserFactory(is_superuser=True), document.file.url).status_code == 404


@pytest.mark.parametrize("path", ["../settings/base.py", "%2e%2e/x", "images/khong-co.jpg", "", "\x00"])
def test_other_paths_do_not_exist(client, path):
    from urllib.parse import quote

    response = get(client, UserFactory(is_superuser=True), "/media/" + quote(path))
    assert response.status_code == 404


def test_a_lost_image_file_gives_404(client):
    image = Image.objects.create(title="Ảnh", file=get_test_image_file())
    image.file.storage.delete(image.file.name)
    assert get(client, UserFactory(), image.file.url).status_code == 404


def test_drawings_cannot_run_script(client):
    from io import BytesIO

    from django.core.files.images import ImageFile

    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>'
    image = Image(title="Vẽ", width=1, height=1)
    image.file.save("ve.svg", ImageFile(BytesIO(svg), name="ve.svg"), save=False)
    Image.objects.bulk_create([image])
    response = get(client, UserFactory(), image.file.url)
    assert response.status_code == 200
    assert "sandbox" in response.headers["Content-Security-Policy"]
