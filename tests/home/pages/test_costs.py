"""What pages cost in queries, frame and all: session, reader, menu, bell and badges included."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture
from wagtail.images import get_image_model

from tests.counting import cost_of, listed, writes
from tests.factories.pages import make_home, make_news, make_news_index, make_notice
from tests.factories.people import DepartmentFactory, make_member


@pytest.fixture
def department(db):
    return DepartmentFactory()


@pytest.fixture
def reader(department):
    client = Client()
    client.force_login(make_member(department))
    return client


def picture(number: int):
    content = BytesIO()
    Picture.new("RGB", (640, 400), (number, 40, 90)).save(content, "PNG")
    file = ImageFile(content, f"anh-{number}.png")
    return get_image_model().objects.create(title=f"Ảnh {number}", file=file)


def publish_news(number: int, department) -> list:
    """Publish so much news, every other with a picture, every third restricted."""
    make_home()
    section = make_news_index()
    found = []
    for n in range(number):
        audience = {"audience_departments": [department]} if n % 3 == 0 else {}
        image = picture(n) if n % 2 == 0 else None
        found.append(make_news(section, title=f"Tin {n}", image=image, department=department, **audience))
        make_notice(title=f"Thông báo {n}", department=department)
    return found


@pytest.mark.parametrize(("number", "address", "limit"), [
    (2, "/", 15),
    (30, "/", 15),
    (2, "/tin-tuc/", 12),
    (30, "/tin-tuc/", 12),
    (30, "/tin-tuc/?page=2", 12),
    (2, "/tin-tuc/tin-0/", 12),
    (30, "/tin-tuc/tin-6/", 12),
])  # fmt: skip
def test_pages_stay_below_their_limit_whatever_the_number_of_articles(
    department, reader, number, address, limit
):
    publish_news(number, department)
    response, queries = cost_of(reader, address)
    assert "Tin " in response.content.decode()
    assert len(queries) <= limit, listed(queries)
    assert not writes(queries)


def test_the_first_request_of_a_process_stays_near_the_limit(department, reader):
    """Nothing remembered, no thumbnail made yet: the frame is read once."""
    from home.people.remembering import memory

    publish_news(10, department)
    cost_of(reader, "/tin-tuc/")
    memory.clear()
    _response, queries = cost_of(reader, "/tin-tuc/")
    assert len(queries) <= 12, listed(queries)
