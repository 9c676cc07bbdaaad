"""Photos, the page of a person, the chart: what colleagues see of each other."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from home.people.models import User
from tests.counting import cost_of, listed
from tests.factories.people import DelegationFactory, DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def picture(size=(900, 600), kind="JPEG", **options):
    content = BytesIO()
    Image.new("RGB", size, "red").save(content, kind, **options)
    return SimpleUploadedFile("ảnh của tôi.jpg", content.getvalue())


@pytest.fixture
def lan(client):
    person = make_member(DepartmentFactory(code="VP"), last_name="Lê", first_name="Lan")
    client.force_login(person)
    return person


def test_a_photo_is_drawn_anew_and_shown_to_colleagues_only(client, lan, django_capture_on_commit_callbacks):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    assert client.post("/me/photo/", {"photo": picture(exif=exif)}).url == "/me/"
    lan.refresh_from_db()
    first = lan.photo.name
    url = f"/people/{lan.pk}/photo/{lan.photo_name}.jpg"
    answer = client.get(url)
    sent = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/jpeg" and b"secret" not in sent
    assert Image.open(BytesIO(sent)).size == (320, 320)
    assert url in client.get("/people/").content.decode()
    assert client.get(f"/people/{lan.pk}/photo/other.jpg").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/me/photo/", {"photo": picture(kind="PNG")})
    assert not lan.photo.storage.exists(first)
    assert client.get(url).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/me/photo/", {"remove": "1"})
    assert User.objects.get(pk=lan.pk).photo_name == ""
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"photo": "text"},
        {"photo": SimpleUploadedFile("a.jpg", b"<svg onload='alert(1)'>")},
        {"photo": SimpleUploadedFile("a.jpg", b"")},
        {"photo": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 broken")},
        {"photo": SimpleUploadedFile("a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")},
    ],
)
def test_what_is_no_picture_is_refused_with_words(client, lan, sent):
    answer = client.post("/me/photo/", sent, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    lan.refresh_from_db()
    assert not lan.photo


def test_what_people_say_of_themselves_is_theirs_and_stands_on_their_page(client, lan):
    sent = {
        "phone": "1",
        "mobile": "0901 234 567",
        "room": "P. 305",
        "about": "Lo <b>đất đai</b>",
        "language": "vi",
    }
    assert client.post("/me/", sent).url == "/me/"
    html = client.get(f"/people/{lan.pk}/").content.decode()
    assert 'href="tel:0901234567"' in html and "P. 305" in html and "Lo &lt;b&gt;đất đai" in html
    assert client.post("/me/", sent | {"about": "x" * 1001}).context["form"].errors
    assert client.post("/me/", sent | {"mobile": "0" * 41}).context["form"].errors


def test_the_page_of_a_person_says_who_stands_in_and_who_is_above(client, lan):
    head = make_member(lan.memberships.get().department, "head", last_name="Bùi", first_name="Trưởng")
    DelegationFactory(principal=lan, delegate=head)
    html = client.get(f"/people/{lan.pk}/").content.decode()
    assert html.count("Bùi Trưởng") == 2
    head.is_active = False
    head.save()
    assert client.get(f"/people/{head.pk}/").status_code == 404
    assert "Bùi Trưởng" not in client.get(f"/people/{lan.pk}/").content.decode()


def test_the_chart_draws_the_tree_with_heads_and_counts(client, lan):
    root = DepartmentFactory(code="LD", name="Lãnh đạo")
    part = DepartmentFactory(name="Phòng con", parent=root)
    DepartmentFactory(name="Đã đóng", parent=root, is_active=False)
    make_member(root, "head", last_name="Trịnh", first_name="Vinh")
    make_member(part, "deputy", last_name="Hoàng", first_name="Phó")
    make_member(part)
    page = client.get("/people/chart/")
    html = page.content.decode()
    for text in ("Trịnh Vinh", "Hoàng Phó", "Phòng con", "<details"):
        assert text in html
    assert "Đã đóng" not in html
    node = next(node for node in page.context["roots"] if node.department == root)
    assert (node.people, node.all_people, [below.people for below in node.below]) == (1, 3, [2])


def test_pages_of_people_cost_the_same_however_many_there_are(client, lan):
    make_member(lan.memberships.get().department, "head")
    urls = ("/people/", f"/people/{lan.pk}/", "/people/chart/", "/departments/VP/")
    before = {url: len(cost_of(client, url)[1]) for url in urls}
    for number in range(8):
        unit = DepartmentFactory(parent=lan.memberships.get().department)
        DelegationFactory(principal=make_member(unit, "head"), delegate=UserFactory())
        make_member(lan.memberships.get().department, "deputy" if number % 2 else "member", room="1")
    for url, count in before.items():
        _page, queries = cost_of(client, url)
        assert len(queries) <= count, listed(queries)
        assert count <= 18, listed(queries)
