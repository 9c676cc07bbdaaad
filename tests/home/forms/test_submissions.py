"""Sending answers in: once, whatever happens, and only for those who may read them."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from home.forms.api import (
    AnswerSet,
    Schema,
    StoredFile,
    Submission,
    build_form,
    freeze,
    submit,
)
from plugins.api.api import UnknownCodeError
from tests.factories.forms import StoredFileFactory, SubmissionFactory, field, pdf, schema


def send(by, key, **values):
    values = {"handler": "counting", "source": "page:1", "answers": {"a": "x"}, **values}
    return submit(freeze(schema(field())), by=by, key=key, **values)


@pytest.mark.django_db
def test_the_same_key_gives_the_same_submission_and_acts_once(lan, counting):
    key = uuid.uuid4().hex
    first, second = send(lan, key), send(lan, key)
    assert first == second
    assert first.result_url == second.result_url == f"/result/{first.pk}/"
    assert counting.calls == [first.pk]


@pytest.mark.django_db
def test_keys_of_different_people_and_sources_are_apart(lan, minh, counting):
    key = uuid.uuid4().hex
    assert len({send(lan, key).pk, send(minh, key).pk, send(lan, key, source="page:2").pk}) == 3


@pytest.mark.django_db
def test_nothing_is_stored_when_the_handler_fails(lan, counting):
    stored = StoredFileFactory(uploaded_by=lan)
    questions = freeze(schema(field(kind="file")))
    answers = {"a": [{"id": str(stored.pk), "name": "x", "size": 1}]}
    with pytest.raises(RuntimeError):
        submit(
            questions,
            by=lan,
            answers=answers,
            handler="counting",
            source="s",
            key="k",
            context={"fail": True},
        )
    assert not Submission.objects.exists()
    stored.refresh_from_db()
    assert stored.is_draft


@pytest.mark.django_db
def test_an_unknown_handler_is_named(lan):
    with pytest.raises(UnknownCodeError, match="store"):
        send(lan, "k", handler="stoer")


@pytest.mark.django_db
def test_files_of_an_answer_become_files_of_the_submission(lan, minh):
    questions = schema(field(kind="file"))
    form = build_form(questions, user=lan, data={}, files={"a": pdf()})
    assert form.is_valid(), form.errors
    foreign = StoredFileFactory(uploaded_by=minh)
    answers = form.answers()
    answers["a"].append({"id": str(foreign.pk), "name": "x", "size": 1})
    submission = submit(freeze(questions), by=lan, answers=answers, handler="store", source="s", key="k")
    mine = StoredFile.objects.get(uploaded_by=lan)
    assert (mine.holder_kind, mine.holder_id) == ("submission", str(submission.pk))
    foreign.refresh_from_db()
    assert foreign.is_draft


@pytest.mark.django_db
def test_answers_are_read_by_their_giver_and_the_readers_alone(lan, minh, make_user):
    reader, member, stranger = make_user("reader"), make_user("member"), make_user("stranger")
    former = make_user("former", is_active=False)
    readers = AnswerSet.objects.create(source="page:1", title="T")
    readers.readers.add(reader, former)
    group = Group.objects.create(name="g")
    member.groups.add(group)
    readers.reader_groups.add(group)
    mine, other = SubmissionFactory(by=lan), SubmissionFactory(by=minh, source="page:2")

    def seen(user):
        return set(Submission.objects.visible_to(user))

    assert seen(lan) == {mine}
    assert seen(minh) == {other}
    assert seen(reader) == seen(member) == {mine}
    assert seen(stranger) == seen(former) == set()
    assert seen(make_user("root", is_superuser=True)) == {mine, other}


@pytest.mark.django_db
def test_a_reader_by_two_ways_sees_each_answer_once(lan, minh):
    group = Group.objects.create(name="g")
    minh.groups.add(group)
    readers = AnswerSet.objects.create(source="page:1", title="T")
    readers.readers.add(minh)
    readers.reader_groups.add(group)
    SubmissionFactory(by=lan)
    assert Submission.objects.visible_to(minh).count() == 1


@pytest.mark.django_db
def test_equal_schemas_frozen_at_once_give_one_row(lan):
    assert freeze(schema(field())).pk == freeze(schema(field())).pk
    assert Schema.objects.count() == 1
    assert connection.in_atomic_block
