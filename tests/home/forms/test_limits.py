"""Quota, one answer a person, anonymous answers: whoever sends at the same time."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from home.forms.anonymous import forget_keys, has_answered, mark_of
from home.forms.api import AnsweredError, AnswerSet, FullError, Limits, Submission, freeze, submit
from home.forms.models import Receipts, StoredFile
from tests.factories.forms import StoredFileFactory, field, schema
from tests.threads import race

SOURCE = "page:1"


def send(by, limits, key="", **values):
    values = {"handler": "store", "source": SOURCE, "answers": {"a": "x"}, **values}
    return submit(freeze(schema(field())), by=by, key=key or uuid.uuid4().hex, limits=limits, **values)


@pytest.fixture
def answer_set(db):
    return AnswerSet.objects.create(source=SOURCE, title="T")


def people(number):
    model = get_user_model()
    return [model.objects.create_user(f"p{n}", last_name=f"P{n}") for n in range(number)]


def raced(transactional_acts):
    results = race(*transactional_acts)
    unexpected = [r for r in results if not isinstance(r, Submission | FullError | AnsweredError)]
    assert not unexpected, unexpected
    return results


@pytest.mark.django_db(transaction=True)
def test_a_quota_holds_when_everybody_sends_at_once():
    AnswerSet.objects.create(source=SOURCE, title="T")
    freeze(schema(field()))
    results = raced([lambda by=by: send(by, Limits(quota=3)) for by in people(8)])
    assert sum(isinstance(result, Submission) for result in results) == 3
    assert sum(isinstance(result, FullError) for result in results) == 5
    assert Submission.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("anonymous", [False, True])
def test_one_answer_a_person_holds_when_they_send_from_many_windows(anonymous):
    AnswerSet.objects.create(source=SOURCE, title="T")
    freeze(schema(field()))
    one, other = people(2)
    limits = Limits(once=True, anonymous=anonymous)
    results = raced([lambda by=by: send(by, limits) for by in (one, one, one, one, other)])
    assert Submission.objects.count() == 2
    assert sum(isinstance(result, AnsweredError) for result in results) == 3


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_an_anonymous_form_stores_once():
    AnswerSet.objects.create(source=SOURCE, title="T")
    freeze(schema(field()))
    [one] = people(1)
    for limits in (Limits(anonymous=True), Limits(anonymous=True, once=True)):
        key = uuid.uuid4().hex
        results = raced([lambda key=key, limits=limits: send(one, limits, key) for _ in range(4)])
        assert len({result.pk for result in results}) == 1


def test_a_double_click_with_a_full_quota_is_still_the_same_answer(answer_set, lan):
    limits, key = Limits(quota=1, once=True), uuid.uuid4().hex
    assert send(lan, limits, key) == send(lan, limits, key)


def test_nothing_joins_an_anonymous_answer_to_its_giver(answer_set, lan, minh, settings):
    limits = Limits(once=True, anonymous=True)
    before = send(lan, Limits(), source="page:3")
    stored = StoredFileFactory(uploaded_by=lan)
    questions = freeze(schema(field("f", "file")))
    answers = {"f": [{"id": str(stored.pk), "name": "x", "size": 1}]}
    first = submit(
        questions, by=lan, answers=answers, handler="store", source=SOURCE, key="k1", limits=limits
    )
    others = [send(person, limits) for person in [minh, *people(6)]]
    for answer in Submission.objects.filter(source=SOURCE):
        assert answer.by is None and timezone.localtime(answer.at).time().isoformat() == "00:00:00"
        assert answer.pk < 0 and "nguyen" not in answer.words
    numbers = [answer.pk for answer in (first, *others)]
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    assert list(Submission.objects.visible_to(lan)) == [before]
    assert send(lan, Limits(), source="page:3").pk == before.pk + 1
    file = StoredFile.objects.get(pk=stored.pk)
    assert file.uploaded_by is None and file.holder_id == str(first.pk)
    assert timezone.localtime(file.uploaded_at).time().isoformat() == "00:00:00"
    [receipts] = Receipts.objects.all()
    assert len(receipts.marks) == 8 and receipts.marks == sorted(receipts.marks)
    mine = mark_of(lan, SOURCE, key=settings.SECRET_KEY)
    assert mine in receipts.marks and mark_of(lan, "page:2", key=settings.SECRET_KEY) != mine


def test_a_new_secret_key_forgets_nobody_while_the_old_one_is_known(answer_set, lan, minh, settings):
    send(lan, Limits(once=True, anonymous=True))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one"
    assert has_answered(lan, SOURCE) and not has_answered(minh, SOURCE)
    with pytest.raises(AnsweredError):
        send(lan, Limits(once=True, anonymous=True))


def test_keys_of_anonymous_answers_are_forgotten_the_next_day(answer_set, lan):
    answer = send(lan, Limits(anonymous=True), key="k" * 32)
    named = send(lan, Limits(), key="n" * 32)
    assert forget_keys() == 0
    Submission.objects.filter(pk=answer.pk).update(at=answer.at - timedelta(days=1))
    assert forget_keys() == 1
    named.refresh_from_db()
    assert named.key
