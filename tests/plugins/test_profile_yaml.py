"""YAML is read as plain data, within bounds, and what is wrong is said with its line."""

import unicodedata

import pytest

from plugins.api.api import ProfileError, Shape, parse_shape, parse_yaml, read_yaml


def refused(text):
    with pytest.raises(ProfileError) as raised:
        parse_yaml(text, "a.yaml")
    (problem,) = raised.value.problems
    return problem


def test_only_plain_data_comes_out():
    file = parse_yaml("a: [1, -2, 3.5, true, ~, no, 07:30, 2026-11-23, 010, '5']", "a.yaml")
    assert file.data == {"a": [1, -2, 3.5, True, None, "no", "07:30", "2026-11-23", "010", "5"]}


def test_text_and_keys_are_stored_in_composed_form():
    decomposed = unicodedata.normalize("NFD", "tệp: Hồ sơ")
    assert parse_yaml(decomposed, "a.yaml").data == {"tệp": "Hồ sơ"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "“a”"),
        ("a: &x [1]\nb: *x", 1, "&"),
        ("a: !!python/object/apply:os.system [ls]", 1, "python/object"),
        ("a: !mine x", 1, "!mine"),
        ("a: 1\n? [b]\n: 2", 2, ""),
        ("a: [1", 1, "YAML"),
        ("a: 1\nb: x: y", 2, "YAML"),
        ("[" * 500, 1, "30"),
        ("<<: {a: 1}", None, ""),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_line(text, line, words):
    if text.startswith("<<"):
        assert parse_yaml(text, "a.yaml").data == {"<<": {"a": 1}}
        return
    problem = refused(text)
    assert problem.line == line
    assert words in problem.message
    assert problem.file == "a.yaml"


def test_an_alias_bomb_is_refused_before_it_grows():
    levels = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    assert refused("\n".join(levels)).line == 1


def test_many_values_and_big_files_are_refused_with_the_limit():
    assert "50000" in refused("[" + "1," * 60_000 + "]").message
    assert "1000000" in refused("a: " + "x" * 1_000_001).message


def test_bytes_that_are_no_text_are_refused():
    assert refused(b"a: \xff\xfe\x00").file == "a.yaml"
    assert refused("a: \x00").file == "a.yaml"


def test_a_missing_file_is_a_problem_not_a_crash(tmp_path):
    with pytest.raises(ProfileError, match=r"none\.yaml"):
        read_yaml(tmp_path / "none.yaml")


class Person(Shape):
    name: str
    department: str = ""


class People(Shape):
    people: list[Person] = []
    leader: Person | None = None
    words: dict[str, Person] = {}


def problems_of(text):
    data, problems = parse_shape(People, parse_yaml(text, "people.yaml"))
    assert data is None
    return problems


def test_an_unknown_key_names_file_place_line_and_the_known_keys():
    text = "people:\n  - {name: A}\n  - name: B\n    departmnet: TH\n"
    (problem,) = problems_of(text)
    assert (problem.file, problem.place, problem.line) == ("people.yaml", "people[1].departmnet", 4)
    assert "departmnet" in problem.message
    assert "name, department" in problem.message


@pytest.mark.parametrize("text", ["leader: {name: A, x: 1}", "words: {a: {name: A, x: 1}}"])
def test_known_keys_are_found_below_options_and_mappings(text):
    (problem,) = problems_of(text)
    assert "name, department" in problem.message


def test_all_problems_are_reported_at_once_with_their_lines():
    problems = problems_of("people:\n  - name: 5\n  - {}\nleader: x\n")
    assert [(p.place, p.line) for p in problems] == [
        ("people[0].name", 2),
        ("people[1].name", 3),
        ("leader", 4),
    ]


def test_an_empty_file_is_an_empty_mapping():
    data, problems = parse_shape(People, parse_yaml("# nothing\n", "people.yaml"))
    assert problems == [] and data.people == []
